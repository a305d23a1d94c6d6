// A draft as a scenario: the same steps in the words of the language, each with what happened in it.
//
// The file replays with `scenario run`, on other versions too: its steps name messages by link and kind. It expects
// the promise to be broken, so that it is a regression test once the bug is there, and fails once it is gone.

import { assert } from '../base/assert.ts';
import { nodeName } from '../base/ids.ts';
import type { Message } from '../base/message.ts';
import { makePlan, type Plan } from '../run/plan.ts';
import { propertyNames, propertyTable, type PropertyName } from '../run/properties.ts';
import { commandText } from '../scenario/grammar.ts';
import { choose, messageTestOf, type PatternValue } from '../scenario/pattern.ts';
import type { RawScenario, RawStep } from '../scenario/schema.ts';
import { scenarioText, type ToldStep } from '../scenario/write.ts';
import type { OnItsWay } from '../sim/scripted.ts';
import { variantTable } from '../zoo/variant.ts';
import type { Draft } from './draft.ts';
import { processOf, type Move } from './moves.ts';
import { Rehearsal } from './rehearsal.ts';
import { sightOf } from './sight.ts';
import { sentenceOf } from './words.ts';

/** Where a draft comes from, in words: `seed 42`, a file. */
export interface Source {
  readonly name: string;
  readonly steps: number;
}

/** The scenario of a draft, as YAML. */
export function toldDraft(draft: Draft, target: PropertyName, source: Source): string {
  const { plan, byHand } = draft.setting;
  const { steps, why } = toldSteps(draft);
  const { promise, section } = propertyTable[target];
  const variant = plan.variant === null ? undefined : variantTable[plan.variant];
  const bug = variant === undefined ? '' : ` The bug: ${variant.fault}`;
  const hands = (['writes', 'answers', 'crashes'] as const).filter((hand) => byHand[hand]);
  const node = unusualOptions(plan);
  return scenarioText({
    name: `${target} is broken${plan.variant === null ? '' : ` by ${plan.variant}`}`.slice(0, 100),
    why: `${promise} (Section ${section}.) Shrunk from ${source.steps} steps of ${source.name}: ${why}.${bug}`,
    cluster: {
      nodes: plan.nodes,
      ...(node === undefined ? {} : { node }),
      ...(hands.length === 0 ? {} : { byHand: hands }),
      ...(plan.disks === undefined ? {} : { start: startOf(plan.disks) }),
    },
    ...(plan.variant === null ? {} : { variant: plan.variant }),
    ...(plan.properties.length === propertyNames.length ? {} : { promises: plan.properties.slice() }),
    steps,
    expect: { violated: target },
  });
}

function unusualOptions(plan: Plan): NonNullable<RawScenario['cluster']>['node'] {
  const usual = makePlan({ variant: plan.variant }).node;
  const unusual = Object.entries(plan.node).filter(([name, value]) => value !== usual[name as keyof typeof usual]);
  return unusual.length === 0 ? undefined : Object.fromEntries(unusual);
}

function startOf(disks: NonNullable<Plan['disks']>): NonNullable<NonNullable<RawScenario['cluster']>['start']> {
  const rows = disks.map(({ term, votedFor, log }, i) => {
    const contents = { term, vote: votedFor === 0 ? 'nobody' : `n${votedFor}`, log: log.join(' ') || 'empty' };
    return [`n${i + 1}`, contents] as const;
  });
  return Object.fromEntries(rows);
}

/** Takes the moves once more, and tells each. */
function toldSteps({ setting, moves }: Draft): { readonly steps: ToldStep[]; readonly why: string } {
  const rehearsal = new Rehearsal(setting);
  rehearsal.boot();
  const { world } = rehearsal;
  const calls = new Set<string>();
  const delivered = new Set<Message>();
  const isInFull = hasRepeatedCalls(moves);
  const steps = moves.map((rehearsed) => {
    const letters = rehearsal.letters().map(({ found }) => found);
    const node = processOf(rehearsed);
    const host = node === undefined ? undefined : world.host(node);
    const before = host === undefined ? undefined : sightOf(host);
    const newest = Math.max(0, ...letters.map(({ sequence }) => sequence));
    const move = rehearsal.take(rehearsed) ?? rehearsed;
    const step = stepOf(move, rehearsal, letters, isInFull);
    const sent = rehearsal.letters().filter(({ found }) => found.sequence > newest);
    const name = move.act === 'call' ? `${move.client}.${move.sequence}` : '';
    const isAgain = move.act === 'deliver' ? delivered.has(move.message) : calls.has(name);
    calls.add(name);
    if (move.act === 'deliver') delivered.add(move.message);
    const seen =
      host === undefined || before === undefined
        ? undefined
        : { before, after: sightOf(host), sent: sent.map(({ found }) => found.message), isAgain };
    return { step, comments: [`${sentenceOf(move, seen)}.`] };
  });
  const { why } = rehearsal.judged(moves, 'linearizability');
  const last = steps.at(-1);
  if (last !== undefined) last.comments.push(...`Broken: ${why}.`.split('\n').map((line) => line.trim()));
  return { steps, why };
}

/** Whether a client calls more than once: then all calls are told in full. */
function hasRepeatedCalls(moves: readonly Move[]): boolean {
  const clients = moves.filter((move) => move.act === 'call').map(({ client }) => client);
  return new Set(clients).size < clients.length;
}

function stepOf(move: Move, { taken }: Rehearsal, letters: readonly OnItsWay[], isInFull: boolean): RawStep {
  const effects = 'effects' in move && move.effects !== undefined ? { effects: move.effects } : {};
  switch (move.act) {
    case 'deliver':
    case 'duplicate': {
      const meant = letters.find(({ message }) => message === move.message);
      assert(meant !== undefined, 'a message is told while it is on its way');
      return { [move.act]: patternFor(meant, letters), ...effects };
    }
    case 'timer':
      return { [move.timer === 'election' ? 'timeout' : 'heartbeat']: nodeName(move.node), ...effects };
    case 'durable':
      return { persist: nodeName(move.node), ...effects };
    case 'write-failed':
      return { 'fail write': { node: nodeName(move.node), error: move.error, kept: move.kept } };
    case 'crash': {
      const node = nodeName(move.node);
      if (move.kept === Infinity) return { crash: node };
      return { crash: { node, keep: move.kept === 0 ? 'none' : move.kept, ...(move.torn ? { torn: true } : {}) } };
    }
    case 'wipe':
    case 'restart':
      return { [move.act]: nodeName(move.node) };
    case 'call': {
      const command = commandText(move.operation) ?? move.operation;
      const to = nodeName(move.node);
      if (!isInFull) return { propose: { command, to }, ...effects };
      return { call: { client: move.client + 1, sequence: move.sequence, to, command }, ...effects };
    }
    case 'answer':
      return { answer: { client: move.client + 1, number: taken?.kind === 'answer' ? taken.number : 1 } };
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
  const isHeartbeat = kind === 'AppendEntries' && message.entries.length === 0;
  for (const word of isHeartbeat ? (['Heartbeat', kind] as const) : ([kind] as const)) {
    if (isMeant({ ...link, kind: word })) return `${link.from} -> ${link.to} ${word}`;
  }
  const place = 'prevLogIndex' in message ? { prevLogIndex: message.prevLogIndex } : {};
  const entries = message.kind === 'AppendEntries' ? { entries: message.entries.length } : {};
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
