// Plays a scenario: step by step on the stage, then what must come true, then what must be so.
//
// Each verb is a small function in the table of its group; all of them together play every verb of the language, which
// the compiler checks.

import { micros, nodeId, type NodeId } from '../../base/ids.ts';
import type { Plan } from '../../run/plan.ts';
import type { Run } from '../../run/simulate.ts';
import { parseDuration } from '../../run/quantity.ts';
import type { Host } from '../../sim/host.ts';
import type { Recorder } from '../../sim/observer.ts';
import { fullStep, type Scenario } from '../load.ts';
import { clientVerbs } from '../verbs/play-clients.ts';
import { linkVerbs } from '../verbs/play-links.ts';
import { messageVerbs } from '../verbs/play-messages.ts';
import { processVerbs } from '../verbs/play-processes.ts';
import { storyVerbs } from '../verbs/play-story.ts';
import { timeVerbs } from '../verbs/play-time.ts';
import type { VerbContext, Verbs } from './context.ts';
import { verbsOf, type RawStep } from '../schema/schema.ts';
import { placed, type Path } from '../syntax/source.ts';
import { StoryEnded, Interpreter, type SkippedStep } from './interpreter.ts';
import type { VerbName } from '../verbs/verbs.ts';

const verbs: Verbs<VerbName> = {
  ...timeVerbs,
  ...messageVerbs,
  ...processVerbs,
  ...linkVerbs,
  ...clientVerbs,
  ...storyVerbs,
};

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

/** Who watches a scenario while it is played. */
export interface Playing {
  /** Writes the run down. */
  readonly recorder?: Recorder | undefined;
  /** Called where the story says `show`. */
  readonly show?: ((stage: Interpreter, nodes: readonly NodeId[]) => void) | undefined;
}

/** More steps of a story than anybody writes: a loop in a loop in a loop would never end. */
const STORY_STEPS_MAX = 2_000_000;

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
  const stage = new Interpreter(raw, plan, playing.recorder);
  const early = endingOf(() => new Story(stage, playing).tell(raw));
  const told = early ?? endingOf(() => stage.close());
  if (early !== undefined && early.kind !== 'violated') stage.director.crashDoomed();
  const { now } = stage.world;
  const run = stage.simulation.finish();
  const failure = judged(told, run, stage, raw.expect?.violated) ?? endingOf(() => expectAtEnd(stage, raw));
  return {
    run,
    hosts: stage.world.hosts,
    failure,
    skipped: stage.skipped,
    figures: {
      micros: now,
      peers: plan.nodes,
      messages: stage.witness.sentSoFar.length,
      bytes: stage.witness.bytes,
      entriesCommitted: run.summary.entriesCommitted,
    },
  };
}

/** How something ended early; undefined if it did not. */
function endingOf(tell: () => void): StoryEnded | undefined {
  try {
    tell();
    return undefined;
  } catch (error) {
    if (error instanceof StoryEnded) return error;
    throw error;
  }
}

/** What must be so at the end, whether the story came to its last step or to the broken promise that it is about. */
function expectAtEnd(stage: Interpreter, raw: Scenario['raw']): void {
  const { violated: _judged, ...expected } = raw.expect ?? {};
  stage.expect(expected, ['expect']);
}

/** A promise that is broken where the scenario wants it broken is no failure; any other is one. */
function judged(
  failure: Failure | undefined,
  run: Run,
  stage: Interpreter,
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
  const path = failure?.path ?? stage.path;
  return { kind: 'violated', path, expected: 'every promise to be kept', found: `${broken} is broken` };
}

class Story implements VerbContext {
  readonly stage: Interpreter;
  private readonly playing: Playing;
  private _steps = 0;

  constructor(stage: Interpreter, playing: Playing) {
    this.stage = stage;
    this.playing = playing;
  }

  tell(raw: Scenario['raw']): void {
    const { stage } = this;
    if (raw.cluster?.byHand?.includes('boot') !== true) this.boot();
    this.steps(raw.steps ?? [], ['steps']);
    for (const { item, path } of raw.eventually === undefined ? [] : placed(raw.eventually, ['eventually'])) {
      stage.goTo(path);
      timeVerbs.until(this, item, { path, step: {} });
    }
  }

  /** Plays a list of steps, one after the other. */
  steps(list: readonly (RawStep | VerbName)[], path: Path): void {
    for (let i = 0; i < list.length; i++) this.step(fullStep(list[i] as RawStep | VerbName), [...path, i]);
  }

  show(nodes: readonly NodeId[]): void {
    this.playing.show?.(this.stage, nodes);
  }

  private boot(): void {
    for (let i = 0; i < this.stage.plan.nodes; i++) {
      this.stage.take({ kind: 'restart', at: micros(0), node: nodeId(i) });
    }
  }

  private step(step: RawStep, path: Path): void {
    const [verb] = verbsOf(step);
    if (verb === undefined) return;
    this.stage.goTo(path, step.optional);
    if (++this._steps > STORY_STEPS_MAX) this.stage.mistake(`at most ${STORY_STEPS_MAX} steps`, 'there are more');
    if (step.at !== undefined) this.stage.waitUntil(parseDuration('at', String(step.at)));
    try {
      verbs[verb](this, step[verb] as never, { path, step });
    } catch (error) {
      if (!(step.optional === true && error instanceof StoryEnded && error.kind === 'mistake')) throw error;
    }
  }
}
