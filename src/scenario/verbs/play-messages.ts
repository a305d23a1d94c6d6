// Messages and timers by hand: deliver, drop, duplicate, hold, release, exchange; timeouts and disk writes.
//
// A step names messages by a pattern; which ones are meant is found when it is played, oldest first.

import type { TimerName } from '../../protocol/timers.ts';
import { nodeName, type NodeId } from '../../base/ids.ts';
import type { OnItsWay } from '../../sim/schedule/scripted.ts';
import type { Step } from '../../sim/step.ts';
import { choose, patternOf, patternText } from '../conditions/pattern.ts';
import type { VerbContext, Spot, Verbs } from '../interpreter/context.ts';
import type { RawPatterns, Interpreter } from '../interpreter/interpreter.ts';

/** More messages than any exchange has: a node that answers every answer would never stop. */
const EXCHANGE_MAX = 1_000_000;

type MessageStep = 'deliver' | 'drop' | 'duplicate';

const LETTERS_MAX = 5;

/** What a step could have meant, in words that it understands. */
function onTheirWayText(letters: readonly OnItsWay[]): string {
  const told = letters
    .slice(0, LETTERS_MAX)
    .map(({ message: { from, to, kind } }) => `${nodeName(from)} -> ${nodeName(to)} ${kind}`);
  const more = letters.length - told.length;
  if (told.length === 0) return 'nothing is';
  return `on their way: ${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The messages that a step means; a pattern that fits none is reported. */
function meant(stage: Interpreter, patterns: RawPatterns, fits: (found: OnItsWay) => boolean = () => true): OnItsWay[] {
  return [patterns].flat().flatMap((raw) => {
    const value = patternOf(raw);
    const letters = stage.director.onTheirWay().filter(fits);
    const found = choose(letters, stage.testOf(value), value);
    if (found.length === 0 && value.all !== true) {
      stage.skip(`${patternText(value)} is not on its way; ${onTheirWayText(letters)}`);
    }
    return found;
  });
}

function move(kind: MessageStep) {
  return ({ stage }: VerbContext, patterns: RawPatterns, { step }: Spot): void => {
    // One pattern after the other: what a message sets off may be what the next one means.
    for (const pattern of [patterns].flat()) {
      for (const found of meant(stage, pattern)) stage.take(stepOf(stage, kind, found, step.effects));
    }
  };
}

function stepOf(
  stage: Interpreter,
  kind: MessageStep,
  { message, number }: OnItsWay,
  effects: number | undefined,
): Step {
  const { from, to } = message;
  const at = stage.world.now;
  if (kind === 'drop') return { kind, at, from, to, number, reason: 'lost' };
  return effects === undefined || kind === 'duplicate'
    ? { kind, at, from, to, number }
    : { kind, at, from, to, number, effects };
}

/** Delivers what can be delivered among some nodes until nothing is left; what cannot arrive any more is lost. */
function exchange(stage: Interpreter, among: readonly NodeId[]): void {
  const { world, director } = stage;
  const mayMove = (found: OnItsWay): boolean => {
    const { from, to } = found.message;
    if (director.isHeld(found) || !among.includes(from) || !among.includes(to)) return false;
    return world.host(to).status !== 'paused';
  };
  stage.followUp();
  for (let i = 0; i < EXCHANGE_MAX; i++) {
    const next = director.onTheirWay().find(mayMove);
    if (next === undefined) return;
    const { from, to } = next.message;
    const base = { at: world.now, from, to, number: next.number };
    if (world.network.isCut(world.linkOf(from, to))) stage.take({ kind: 'drop', ...base, reason: 'cut' });
    else if (world.host(to).status === 'down') stage.take({ kind: 'drop', ...base, reason: 'down' });
    else stage.take({ kind: 'deliver', ...base });
  }
  stage.mistake('the messages to come to an end', `there are more than ${EXCHANGE_MAX}`);
}

function fire(timer: TimerName) {
  return ({ stage }: VerbContext, value: string | readonly string[], { step }: Spot): void => {
    const nodes = stage.someNodes(value);
    stage.give(step.as, { nodes });
    for (const node of nodes) {
      const fired = { kind: 'timer', at: stage.world.now, node, timer } as const;
      stage.take(step.effects === undefined ? fired : { ...fired, effects: step.effects });
    }
  };
}

export const messageVerbs: Verbs<
  | 'deliver'
  | 'drop'
  | 'duplicate'
  | 'hold'
  | 'release'
  | 'exchange'
  | 'timeout'
  | 'heartbeat'
  | 'persist'
  | 'fail write'
> = {
  deliver: move('deliver'),
  drop: move('drop'),
  duplicate: move('duplicate'),
  hold({ stage }, patterns) {
    const { director } = stage;
    for (const found of meant(stage, patterns, (one) => !director.isHeld(one))) director.holdBack(found);
  },
  release({ stage }, patterns) {
    const { director } = stage;
    for (const found of meant(stage, patterns, (one) => director.isHeld(one))) director.letGo(found);
  },
  exchange({ stage }, value) {
    exchange(stage, stage.someNodes(value));
  },
  timeout: fire('election'),
  heartbeat: fire('heartbeat'),
  persist({ stage }, value, { step }) {
    const { node, writes = 1 } = typeof value === 'string' || Array.isArray(value) ? { node: value } : value;
    for (const id of stage.someNodes(node)) {
      const { disk } = stage.world.host(id);
      const count = writes === 'all' ? disk.cachedWrites : writes;
      if (count === 0) stage.skip(`${nodeName(id)} has no write on its way`);
      for (let i = 0; i < count; i++) {
        const written = { kind: 'durable', at: stage.world.now, node: id } as const;
        stage.take(step.effects === undefined ? written : { ...written, effects: step.effects });
      }
    }
  },
  'fail write'({ stage }, value) {
    const { node, error, kept } = typeof value === 'string' || Array.isArray(value) ? { node: value } : value;
    for (const id of stage.someNodes(node)) {
      stage.take({ kind: 'write-failed', at: stage.world.now, node: id, error: error ?? 'write', kept: kept ?? 0 });
    }
  },
};
