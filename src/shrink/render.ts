// A candidate as a scenario: the same steps in the words of the language, each with what happened in it.
//
// The file replays with `scenario run`, on other versions too: its steps name messages by link and kind. It expects
// the property to be violated, so that it is a regression test once the bug is there, and fails once it is gone.

import { assert } from '../base/errors.ts';
import { nodeName, type NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import { entriesIn, messageFields, namesOf, rowOf, valueOf } from '../protocol/messages/text.ts';
import type { Plan } from '../run/plan.ts';
import { propertyNames, propertyTable, type PropertyName } from '../run/properties.ts';
import { durationText } from '../run/quantity.ts';
import { choose, messageTestOf, type PatternValue } from '../scenario/conditions/pattern.ts';
import { renderDisks, renderStep } from '../scenario/render.ts';
import { scenarioText, type ScenarioStepText } from '../scenario/syntax/write.ts';
import type { Rendering } from '../scenario/verbs/verb.ts';
import type { OnItsWay } from '../sim/schedule/scripted.ts';
import { processOf, type Move } from './moves.ts';
import { parameterTable } from '../sim/parameters.ts';
import { variantTable } from '../zoo/variant.ts';
import type { Candidate } from './candidate.ts';
import { Trial } from './trial.ts';
import { USUAL_SEED, timingNames, unusualOptions } from './environment.ts';
import { snapshotOf } from './transition.ts';
import { recoverySentence, sentenceOf } from './explain.ts';

/** Where a candidate comes from, in words: `seed 42`, a file. */
export interface Source {
  readonly name: string;
  readonly steps: number;
}

/** The scenario of a candidate, as YAML. */
export function renderCandidate(candidate: Candidate, target: PropertyName, source: Source): string {
  const { plan, byHand, recovery } = candidate.environment;
  const { steps, why } = renderSteps(candidate, target);
  const { promise, section } = propertyTable[target];
  const variant = plan.variant === null ? undefined : variantTable[plan.variant];
  const bug = variant === undefined ? '' : ` The bug: ${variant.fault}`;
  const takenByHand = (['writes', 'answers', 'crashes'] as const).filter((kind) => byHand[kind]);
  const unusual = unusualOptions(plan);
  return scenarioText({
    name: `${target} is broken${plan.variant === null ? '' : ` by ${plan.variant}`}`.slice(0, 100),
    why: `${promise} (Section ${section}.) Shrunk from ${source.steps} steps of ${source.name}: ${why}.${bug}`,
    strict: false,
    cluster: {
      nodes: plan.nodes,
      ...(plan.spares === undefined ? {} : { spares: plan.spares }),
      ...(unusual.length === 0 ? {} : { node: Object.fromEntries(unusual.map((name) => [name, plan.node[name]])) }),
      ...timingOf(plan),
      ...(takenByHand.length === 0 ? {} : { byHand: takenByHand }),
      ...(plan.disks === undefined ? {} : { start: renderDisks(plan.disks) }),
    },
    ...(plan.variant === null ? {} : { variant: plan.variant }),
    ...(plan.system === undefined ? {} : { system: plan.system }),
    ...(recovery === undefined || plan.seed === USUAL_SEED ? {} : { seed: plan.seed }),
    ...(plan.parameters.clients === 0 ? {} : { workload: { clients: plan.parameters.clients } }),
    ...(plan.properties.length === propertyNames.length ? {} : { promises: plan.properties.slice() }),
    steps,
    expect: { violated: target },
  });
}

/** Where time runs, it may have to run as it did. */
function timingOf({ parameters }: Plan): { readonly timing?: Record<string, string> } {
  const unusual = timingNames.filter((name) => parameters[name] !== parameterTable[name].calm);
  if (unusual.length === 0) return {};
  return { timing: Object.fromEntries(unusual.map((name) => [name, durationText(parameters[name])])) };
}

/** Takes the moves once more, and writes each. */
function renderSteps(
  { environment, moves }: Candidate,
  target: PropertyName,
): { readonly steps: ScenarioStepText[]; readonly why: string } {
  const sent: Message[] = [];
  const trial = new Trial(environment, (message) => void sent.push(message));
  trial.boot();
  const calls = new Set<string>();
  const delivered = new Set<Message>();
  const before = new WorldBefore(hasRepeatedCalls(moves));
  const { recovery, plan } = environment;
  const steps: ScenarioStepText[] = moves.map((proposed) => {
    before.look(trial, proposed);
    const node = processOf(proposed);
    const host = node === undefined ? undefined : trial.world.host(node);
    const snapshot = host === undefined ? undefined : snapshotOf(host);
    const sentBefore = sent.length;
    const move = trial.take(proposed) ?? proposed;
    assert(trial.taken !== undefined, 'every move of a shrunk schedule is taken');
    const step = renderStep(trial.taken, before);
    const name = move.act === 'call' ? `${move.client}.${move.sequence}` : '';
    const isAgain = move.act === 'deliver' ? delivered.has(move.message) : calls.has(name);
    calls.add(name);
    if (move.act === 'deliver') delivered.add(move.message);
    const seen =
      host === undefined || snapshot === undefined
        ? undefined
        : { before: snapshot, after: snapshotOf(host), sent: sent.slice(sentBefore), isAgain };
    return { step, comments: [`${sentenceOf(move, seen)}.`] };
  });
  const [sentCount, elected] = [sent.length, trial.leaders.length];
  const { why } = trial.judged(moves, target);
  if (recovery !== undefined) {
    if (recovery.isEmptied) steps.push({ step: { drop: { all: true } }, comments: ['What is on its way is lost.'] });
    const time = durationText(plan.parameters.settle);
    const recovered = recoverySentence(time, sent.slice(sentCount), trial.leaders.slice(elected));
    steps.push({ step: { settle: time }, comments: [`${recovered}.`] });
  }
  const broken = `Broken: ${why}.`.split('\n').map((line) => line.trim());
  return { steps: steps.map((one, i) => (i === steps.length - 1 ? withComments(one, broken) : one)), why };
}

const withComments = ({ step, comments = [] }: ScenarioStepText, more: readonly string[]): ScenarioStepText => ({
  step,
  comments: [...comments, ...more],
});

/** Whether a client calls more than once: then all calls are written in full. */
function hasRepeatedCalls(moves: readonly Move[]): boolean {
  const clients = moves.filter((move) => move.act === 'call').map(({ client }) => client);
  return new Set(clients).size < clients.length;
}

/** The world just before a move, which is over once the move is taken. */
class WorldBefore implements Rendering {
  readonly areCallsInFull: boolean;
  private waiting: readonly OnItsWay[] = [];
  private cached: readonly number[] = [];

  constructor(areCallsInFull: boolean) {
    this.areCallsInFull = areCallsInFull;
  }

  look(trial: Trial, move: Move): void {
    this.waiting = 'message' in move ? trial.inFlightTo(move.message) : [];
    this.cached = trial.world.hosts.map((host) => host.disk.cachedWrites);
  }

  cachedWrites(node: NodeId): number {
    return this.cached[node] ?? 0;
  }

  pattern(step: Parameters<Rendering['pattern']>[0]): string | PatternValue {
    const meant = this.waiting.find(({ number }) => number === step.number);
    assert(meant !== undefined, 'a message is written while it is on its way');
    return patternFor(meant, this.waiting);
  }
}

/** The plainest pattern whose oldest match is this message. */
function patternFor(meant: OnItsWay, waiting: readonly OnItsWay[]): string | PatternValue {
  const { message } = meant;
  const link = { from: nodeName(message.from), to: nodeName(message.to) };
  const isMeant = (value: PatternValue): boolean => {
    const { from: _from, to: _to, ...fields } = value;
    return choose(waiting, messageTestOf(fields, [message.from], [message.to]), {})[0] === meant;
  };
  const { kind, term } = message;
  for (const name of namesOf(message)) {
    if (isMeant({ ...link, kind: name })) return `${link.from} -> ${link.to} ${name}`;
  }
  const [mostTelling] = rowOf(message).likeness;
  const place = mostTelling === undefined ? {} : { [mostTelling]: valueOf(message, mostTelling) };
  const carried = messageFields(kind).find(([, { type }]) => type === 'entries');
  const entries = carried === undefined ? {} : { [carried[0]]: entriesIn(message).entries.length };
  const wordings: readonly PatternValue[] = [
    { ...link, kind, term },
    { ...link, kind, ...entries },
    { ...link, kind, ...place },
    { ...link, kind, term, ...entries },
    { ...link, kind, term, ...place },
    { ...link, kind, term, ...place, ...entries },
  ];
  const plainest = wordings.find(isMeant);
  if (plainest !== undefined) return plainest;
  const alike = choose(waiting, messageTestOf({ kind, term }, [message.from], [message.to]), { all: true });
  return { ...link, kind, term, nth: alike.indexOf(meant) + 1 };
}
