// Plays a scenario: step by step, then what must come true, then what must be so.
//
// A story that ends early is judged like one that came to its last step: it may have been about the property that
// broke.

import type { Plan } from '../../run/plan.ts';
import type { Run } from '../../run/simulate.ts';
import type { Host } from '../../sim/host.ts';
import type { Scenario } from '../load.ts';
import { placed, type Path } from '../syntax/source.ts';
import { runUntil } from '../verbs/until.ts';
import { Interpreter, StoryEnded, type Playing, type SkippedStep } from './interpreter.ts';

/** The figures that the labs print at the end of a test. */
export interface PlayStatistics {
  /** Virtual microseconds. */
  readonly micros: number;
  /** Servers. */
  readonly peers: number;
  /** Messages that servers sent each other. */
  readonly messages: number;
  /** Bytes of these messages. */
  readonly bytes: number;
  /** Entries that were committed anywhere. */
  readonly entriesCommitted: number;
}

/** Something that is not as the scenario wants it. */
export interface Failure {
  /** What went wrong: an expectation, a promise, or the story itself. */
  readonly kind: StoryEnded['kind'];
  /** Where in the file: keys and indexes from the top. */
  readonly path: Path;
  /** What the scenario wants. */
  readonly expected: string;
  /** What was so instead. */
  readonly found: string;
}

/** How a scenario went. */
export interface Played {
  /** The run, as if a plan had drawn it. */
  readonly run: Run;
  /** The servers as the story left them. */
  readonly hosts: readonly Host[];
  /** What is not as the scenario wants it; undefined if it passed. */
  readonly failure: Failure | undefined;
  /** Steps that could not be taken and may be missed. */
  readonly skipped: readonly SkippedStep[];
  /** The figures of the labs. */
  readonly figures: PlayStatistics;
}

/**
 * Plays a scenario under a plan that `planOfScenario` made of it.
 *
 * @example
 * ```js
 * const text = '{ name: a leader, why: it is first, steps: [{ timeout: n1 }, exchange, { expect: { leader: n1 } }] }';
 * const scenario = readScenario(text, { file: 'story.yaml', nearest: () => undefined });
 * const { failure } = playScenario(scenario, planOfScenario(scenario, {}));
 * console.log(failure ?? 'passed');
 * ```
 */
export function playScenario({ raw }: Scenario, plan: Plan, playing: Playing = {}): Played {
  const interpreter = new Interpreter(raw, plan, playing);
  const early = endingOf(() => playAll(interpreter, raw));
  const ending = early ?? endingOf(() => interpreter.close());
  if (early !== undefined && early.kind !== 'violated') interpreter.director.takePendingCrash();
  const { now } = interpreter.world;
  const run = interpreter.simulation.finish();
  const failure =
    judged(ending, run, interpreter, raw.expect?.violated) ?? endingOf(() => expectAtEnd(interpreter, raw));
  const sent = interpreter.countsSince(undefined);
  return {
    run,
    hosts: interpreter.world.hosts,
    failure,
    skipped: interpreter.skipped,
    figures: {
      micros: now,
      peers: plan.nodes,
      messages: sent.all,
      bytes: sent.bytes,
      entriesCommitted: run.summary.entriesCommitted,
    },
  };
}

function playAll(interpreter: Interpreter, raw: Scenario['raw']): void {
  if (raw.cluster?.byHand?.includes('boot') !== true) interpreter.boot();
  interpreter.steps(raw.steps ?? [], ['steps']);
  for (const { item, path } of raw.eventually === undefined ? [] : placed(raw.eventually, ['eventually'])) {
    interpreter.goTo(path);
    runUntil(interpreter, item, path);
  }
}

/** How something ended early; undefined if it did not. */
function endingOf(play: () => void): StoryEnded | undefined {
  try {
    play();
    return undefined;
  } catch (error) {
    if (error instanceof StoryEnded) return error;
    throw error;
  }
}

/** What must be so at the end, whether the story came to its last step or to the broken property that it is about. */
function expectAtEnd(interpreter: Interpreter, raw: Scenario['raw']): void {
  const { violated: _judged, ...expected } = raw.expect ?? {};
  interpreter.expect(expected, ['expect']);
}

/** A property that is broken where the scenario wants it broken is no failure; any other is one. */
function judged(
  failure: Failure | undefined,
  run: Run,
  interpreter: Interpreter,
  wanted: string | undefined,
): Failure | undefined {
  if (failure !== undefined && failure.kind !== 'violated') return failure;
  const broken = run.violation?.property;
  if (broken === undefined) {
    if (wanted === undefined || wanted === 'none') return undefined;
    const { outcome, why } = run.verdicts.find(({ property }) => property === wanted) ?? { outcome: 'pass', why: '' };
    const found = outcome === 'not applicable' ? `it is not applicable: ${why}` : 'every promise is kept';
    return { kind: 'failed', path: ['expect', 'violated'], expected: `${wanted} to be broken`, found };
  }
  if (wanted === 'any' || wanted === broken) return undefined;
  const path = failure?.path ?? interpreter.path;
  return { kind: 'violated', path, expected: 'every promise to be kept', found: `${broken} is broken` };
}
