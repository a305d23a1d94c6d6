// A draft as a scenario: the same steps in the words of the language, each with what happened in it.
//
// The file replays with `scenario run`, on other versions too: its steps name messages by link and kind. It expects
// the promise to be broken, so that it is a regression test once the bug is there, and fails once it is gone.

import { assert } from '../base/errors.ts';
import { nodeName } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import { entriesIn, fieldsOf, namesOf, rowOf, valueOf } from '../protocol/messages/text.ts';
import { timerTable } from '../protocol/timers.ts';
import type { Plan } from '../run/plan.ts';
import { propertyNames, propertyTable, type PropertyName } from '../run/properties.ts';
import { durationText } from '../run/quantity.ts';
import { commandText } from '../scenario/syntax/grammar.ts';
import { choose, messageTestOf, type PatternValue } from '../scenario/conditions/pattern.ts';
import { tell } from '../scenario/record.ts';
import type { RawScenario, RawStep } from '../scenario/schema/schema.ts';
import { scenarioText, type ScenarioStepText } from '../scenario/syntax/write.ts';
import type { OnItsWay } from '../sim/schedule/scripted.ts';
import { parameterTable } from '../sim/parameters.ts';
import { variantTable } from '../zoo/variant.ts';
import type { Candidate } from './candidate.ts';
import { plainStep, processOf, type Move } from './moves.ts';
import { Trial } from './trial.ts';
import { USUAL_SEED, timingNames, unusualOptions } from './environment.ts';
import { snapshotOf } from './transition.ts';
import { recoverySentence, sentenceOf } from './explain.ts';

/** Where a draft comes from, in words: `seed 42`, a file. */
export interface Source {
  readonly name: string;
  readonly steps: number;
}

/** The scenario of a draft, as YAML. */
export function renderCandidate(draft: Candidate, target: PropertyName, source: Source): string {
  const { plan, byHand, recovery } = draft.setting;
  const { steps, why } = toldSteps(draft, target);
  const { promise, section } = propertyTable[target];
  const variant = plan.variant === null ? undefined : variantTable[plan.variant];
  const bug = variant === undefined ? '' : ` The bug: ${variant.fault}`;
  const hands = (['writes', 'answers', 'crashes'] as const).filter((hand) => byHand[hand]);
  const unusual = unusualOptions(plan);
  return scenarioText({
    name: `${target} is broken${plan.variant === null ? '' : ` by ${plan.variant}`}`.slice(0, 100),
    why: `${promise} (Section ${section}.) Shrunk from ${source.steps} steps of ${source.name}: ${why}.${bug}`,
    cluster: {
      nodes: plan.nodes,
      ...(unusual.length === 0 ? {} : { node: Object.fromEntries(unusual.map((name) => [name, plan.node[name]])) }),
      ...timingOf(plan),
      ...(hands.length === 0 ? {} : { byHand: hands }),
      ...(plan.disks === undefined ? {} : { start: startOf(plan.disks) }),
    },
    ...(plan.variant === null ? {} : { variant: plan.variant }),
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

function startOf(disks: NonNullable<Plan['disks']>): NonNullable<NonNullable<RawScenario['cluster']>['start']> {
  const rows = disks.map(({ term, votedFor, log }, i) => {
    const contents = { term, vote: votedFor === 0 ? 'nobody' : `n${votedFor}`, log: log.join(' ') || 'empty' };
    return [`n${i + 1}`, contents] as const;
  });
  return Object.fromEntries(rows);
}

/** Takes the moves once more, and tells each. */
function toldSteps(
  { setting, moves }: Candidate,
  target: PropertyName,
): { readonly steps: ScenarioStepText[]; readonly why: string } {
  const heard: Message[] = [];
  const rehearsal = new Trial(setting, (message) => void heard.push(message));
  rehearsal.boot();
  const { world } = rehearsal;
  const calls = new Set<string>();
  const delivered = new Set<Message>();
  const isInFull = hasRepeatedCalls(moves);
  const { recovery, plan } = setting;
  const steps: ScenarioStepText[] = moves.map((rehearsed) => {
    const letters = 'message' in rehearsed ? rehearsal.lettersTo(rehearsed.message) : [];
    const node = processOf(rehearsed);
    const host = node === undefined ? undefined : world.host(node);
    const before = host === undefined ? undefined : snapshotOf(host);
    const sentBefore = heard.length;
    const move = rehearsal.take(rehearsed) ?? rehearsed;
    const step = stepOf(move, rehearsal, letters, { isInFull, clients: plan.parameters.clients });
    const name = move.act === 'call' ? `${move.client}.${move.sequence}` : '';
    const isAgain = move.act === 'deliver' ? delivered.has(move.message) : calls.has(name);
    calls.add(name);
    if (move.act === 'deliver') delivered.add(move.message);
    const seen =
      host === undefined || before === undefined
        ? undefined
        : { before, after: snapshotOf(host), sent: heard.slice(sentBefore), isAgain };
    return { step, comments: [`${sentenceOf(move, seen)}.`] };
  });
  const [sent, elected] = [heard.length, rehearsal.leaders.length];
  const { why } = rehearsal.judged(moves, target);
  if (recovery !== undefined) {
    if (recovery.isEmptied) steps.push({ step: { drop: { all: true } }, comments: ['What is on its way is lost.'] });
    const time = durationText(plan.parameters.settle);
    const recovered = recoverySentence(time, heard.slice(sent), rehearsal.leaders.slice(elected));
    steps.push({ step: { settle: time }, comments: [`${recovered}.`] });
  }
  const broken = `Broken: ${why}.`.split('\n').map((line) => line.trim());
  return { steps: steps.map((told, i) => (i === steps.length - 1 ? withComments(told, broken) : told)), why };
}

const withComments = ({ step, comments = [] }: ScenarioStepText, more: readonly string[]): ScenarioStepText => ({
  step,
  comments: [...comments, ...more],
});

/** How calls are told: with client and number, if a client calls more than once. */
interface Calls {
  readonly isInFull: boolean;
  /** Those of the workload come first. */
  readonly clients: number;
}

/** Whether a client calls more than once: then all calls are told in full. */
function hasRepeatedCalls(moves: readonly Move[]): boolean {
  const clients = moves.filter((move) => move.act === 'call').map(({ client }) => client);
  return new Set(clients).size < clients.length;
}

function stepOf(move: Move, { taken, simulation }: Trial, letters: readonly OnItsWay[], calls: Calls): RawStep {
  const effects = 'effects' in move && move.effects !== undefined ? { effects: move.effects } : {};
  switch (move.act) {
    case 'deliver':
    case 'duplicate': {
      const meant = letters.find(({ message }) => message === move.message);
      assert(meant !== undefined, 'a message is told while it is on its way');
      return { [move.act]: patternFor(meant, letters), ...effects };
    }
    case 'timer':
      return { [timerTable[move.timer].verb]: nodeName(move.node), ...effects };
    case 'durable':
      return { persist: nodeName(move.node), ...effects };
    case 'write-failed':
      return { 'fail write': { node: nodeName(move.node), error: move.error, kept: move.kept } };
    case 'crash': {
      const node = nodeName(move.node);
      if (move.kept === Infinity) return { crash: node };
      return { crash: { node, keep: move.kept === 0 ? 'none' : move.kept, ...(move.torn ? { torn: true } : {}) } };
    }
    case 'call': {
      const command = commandText(move.operation) ?? move.operation;
      const to = nodeName(move.node);
      if (!calls.isInFull) return { propose: { command, to }, ...effects };
      return { call: { client: calls.clients + move.client + 1, sequence: move.sequence, to, command }, ...effects };
    }
    case 'answer':
      return {
        answer: { client: calls.clients + move.client + 1, number: taken?.kind === 'answer' ? taken.number : 1 },
      };
    default:
      return tell(plainStep(move, simulation.world.now), simulation);
  }
}

/** The plainest pattern whose oldest match is this message. */
function patternFor(meant: OnItsWay, letters: readonly OnItsWay[]): string | PatternValue {
  const { message } = meant;
  const link = { from: nodeName(message.from), to: nodeName(message.to) };
  const isMeant = (value: PatternValue): boolean => {
    const { from: _from, to: _to, ...fields } = value;
    return choose(letters, messageTestOf(fields, [message.from], [message.to]), {})[0] === meant;
  };
  const { kind, term } = message;
  for (const name of namesOf(message)) {
    if (isMeant({ ...link, kind: name })) return `${link.from} -> ${link.to} ${name}`;
  }
  const [mostTelling] = rowOf(message).likeness;
  const place = mostTelling === undefined ? {} : { [mostTelling]: valueOf(message, mostTelling) };
  const carried = fieldsOf(kind).find(([, { type }]) => type === 'entries');
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
  const alike = choose(letters, messageTestOf({ kind, term }, [message.from], [message.to]), { all: true });
  return { ...link, kind, term, nth: alike.indexOf(meant) + 1 };
}
