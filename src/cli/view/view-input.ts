// What `view` is given: a trace of either kind, a scenario, or the flags of `run`; all of them become the text of a
// trace.
//
// A run that is drawn needs no steps in its trace: the page draws it anew.

import { basename } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { kebab } from '../../base/text.ts';
import { nearest } from '../../run/nearest.ts';
import type { Plan } from '../../run/plan.ts';
import { seedTrace, traceEnd } from '../../run/re-record.ts';
import { Simulation, type Run } from '../../run/simulate.ts';
import { playScenario } from '../../scenario/interpreter/play.ts';
import { planOfScenario, readScenario, type ScenarioInput } from '../../scenario/load.ts';
import { planOfTrace } from '../../run/traced-plan.ts';
import { decodeTrace, TraceWriter } from '../../trace/format.ts';
import { TraceRecorder } from '../../trace/recorder.ts';
import { filmOfTrace, type Film } from '../../view/film.ts';
import { filmOfRecord } from '../../view/recorded-film.ts';
import { traceOfFilm } from '../../view/written.ts';
import { drive, judge, type Drive } from '../ui/drive.ts';
import { readText } from '../ui/files.ts';
import type { RunFlags } from '../run/flags.ts';
import { argumentsOf, planOf, shellText } from '../run/input.ts';
import { version } from '../version.ts';

export interface ViewFlags extends RunFlags {
  readonly out?: string;
  readonly open: boolean;
  readonly terminal?: boolean;
  readonly export?: string;
  readonly from?: number;
  readonly to?: number;
}

/** A run with what a page says of it. */
export interface ViewedRun {
  readonly title: string;
  readonly why: string;
  /** Brings the same run back on the command line. */
  readonly command: string;
  /** The text of a trace of either kind. */
  readonly trace: string;
}

const OWN_FLAGS: ReadonlySet<string> = new Set([
  'out',
  'open',
  'terminal',
  'export',
  'from',
  'to',
  'json',
  'quiet',
  'color',
  'reports',
]);
/** What may be said besides a scenario. */
const SCENARIO_FLAGS: ReadonlySet<string> = new Set(['seed', 'nodes', 'variant']);

type Means = Pick<Drive, 'interruption' | 'progress' | 'clock'>;

/** The run that is to be seen; undefined if it was stopped. */
export async function viewedRun(
  file: string | undefined,
  flags: ViewFlags,
  means: Means,
): Promise<ViewedRun | undefined> {
  if (file === undefined) return drawnRun(planOf(flags), means);
  const text = await readText(file);
  const name = file === '-' ? 'standard input' : file;
  const isTrace = text.trimStart().startsWith('{');
  const given = Object.entries(flags)
    .filter(([flag, value]) => value !== undefined && !OWN_FLAGS.has(flag))
    .map(([flag]) => flag);
  const unfit = given.filter((flag) => isTrace || !SCENARIO_FLAGS.has(flag));
  if (unfit.length > 0) {
    throw new UsageError(`${file} says what is run: leave out ${unfit.map((flag) => `--${kebab(flag)}`).join(', ')}`);
  }
  if (isTrace) return tracedRun(text, name);
  const { seed, nodes, variant } = flags;
  return playedRun(text, name, { seed, nodes, variant: variant === 'none' ? null : variant });
}

export const tracedRun = (text: string, name: string): ViewedRun => ({
  title: basename(name),
  why: '',
  command: shellText(['raft-sim', 'replay', name]),
  trace: text,
});

/**
 * The film of a trace: of another Raft as it was written down, of our own node taken again. Throws a UsageError if it
 * does not repeat.
 */
export function filmOfText(text: string, name: string): Film {
  const trace = decodeTrace(text, name, { nearest });
  const isForeign = planOfTrace(trace).system !== undefined;
  return whole(isForeign ? filmOfRecord(trace) : filmOfTrace(trace));
}

/** Takes the steps of a trace again and writes down what became of the servers: starts the Raft that it is about. */
export const withStates = (text: string, name: string): string =>
  traceOfFilm(whole(filmOfTrace(decodeTrace(text, name, { nearest }))), version, true);

/** A run that was just taken, of another Raft with its states: a page cannot take it again. */
function complete(seen: ViewedRun, { system }: Plan): ViewedRun {
  if (system === undefined) return seen;
  try {
    return { ...seen, trace: withStates(seen.trace, seen.title) };
  } catch (error) {
    // Without them the page says what it does not know.
    if (error instanceof UsageError) return seen;
    throw error;
  }
}

function whole(work: Generator<number, Film>): Film {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

async function drawnRun(plan: Plan, means: Means): Promise<ViewedRun | undefined> {
  const simulation = new Simulation(plan);
  if ((await drive({ ...means, simulation })) === 'stopped') return undefined;
  return seenRun(await judge(simulation, means.clock));
}

/** A run that its plan draws again. */
export function seenRun(run: Run): ViewedRun {
  const { plan, violation } = run;
  const broken = violation === undefined ? 'every promise kept' : `${violation.property} is broken`;
  const seen = {
    title: `${broken}: seed ${plan.seed}${plan.variant === null ? '' : `, ${plan.variant}`}`,
    why: '',
    command: shellText(['raft-sim', ...argumentsOf(plan)]),
    trace: seedTrace(run, [], version).join(''),
  };
  return complete(seen, plan);
}

/** A scenario, played; what it expects is not judged here. */
export function playedRun(text: string, name: string, input: ScenarioInput): ViewedRun {
  const scenario = readScenario(text, { file: name, nearest });
  const plan = planOfScenario(scenario, input);
  const recorder = new TraceRecorder({ lines: false });
  const { run } = playScenario(scenario, plan, { recorder });
  const writer = new TraceWriter({ kind: 'steps', version, plan });
  const pieces = [writer.header(), ...recorder.drain().map((step) => writer.step(step)), writer.end(traceEnd(run))];
  const seen = {
    title: scenario.raw.name,
    why: scenario.raw.why,
    command: shellText(['raft-sim', 'scenario', 'run', name]),
    trace: pieces.join(''),
  };
  return complete(seen, plan);
}
