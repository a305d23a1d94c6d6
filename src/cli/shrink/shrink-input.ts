// What `shrink` is given: a trace of either kind, a scenario that breaks a promise, or the flags of `run`.
//
// All of them become the same thing, a plan with every step that was taken under it. A run that is drawn is taken
// twice: once to see whether anything breaks, and once more to write it down.

import { UsageError } from '../../base/errors.ts';
import { kebab } from '../../base/text.ts';
import { playOf } from '../../shrink/proof.ts';
import type { Plan } from '../../run/plan.ts';
import { planOfTrace } from '../../run/traced-plan.ts';
import { isPropertyName, type PropertyName } from '../../run/properties.ts';
import { Simulation } from '../../run/simulate.ts';
import { planOfScenario, readScenario } from '../../scenario/load.ts';
import type { Step } from '../../sim/step.ts';
import { decodeTrace } from '../../trace/format.ts';
import { TraceRecorder } from '../../trace/recorder.ts';
import { drive, judge, type Drive } from '../ui/drive.ts';
import { readText } from '../ui/files.ts';
import type { RunFlags } from '../run/flags.ts';
import { nearest } from '../../run/nearest.ts';
import { planOf } from '../run/input.ts';

export interface ShrinkFlags extends RunFlags {
  readonly output?: string;
  /** Real microseconds. */
  readonly shrinkTime: number;
}

export interface FailingRun {
  readonly plan: Plan;
  readonly steps: readonly Step[];
  readonly target: PropertyName;
  /** Where it comes from, in words. */
  readonly from: string;
  /** What the file of the result is named by. */
  readonly slug: string;
}

type Means = Pick<Drive, 'interruption' | 'progress' | 'clock'>;

/** The run that is to be shrunk; undefined if it broke nothing, or was stopped. */
export async function failingRun(
  file: string | undefined,
  flags: ShrinkFlags,
  means: Means,
): Promise<FailingRun | undefined> {
  if (flags.trace !== undefined) throw new UsageError('--trace is for run: shrink writes a scenario (-o FILE)');
  const given = Object.entries(flags).filter(([name, value]) => value !== undefined && !OWN_FLAGS.has(name));
  if (file === undefined) {
    if (given.length === 0) {
      throw new UsageError(
        'nothing to shrink: name a trace or a scenario, or give the flags of run, such as --seed 42',
      );
    }
    return drawnRun(planOf(flags), means);
  }
  if (given.length > 0) {
    throw new UsageError(`${file} says what is run: leave out ${given.map(([name]) => flagText(name)).join(', ')}`);
  }
  const text = await readText(file);
  const name = file === '-' ? 'standard input' : file;
  const isTrace = text.trimStart().startsWith('{');
  return isTrace ? tracedRun(text, name, means) : means.interruption.atOnce(() => playedRun(text, name));
}

/** Flags that do not decide the run. */
const OWN_FLAGS: ReadonlySet<string> = new Set(['output', 'html', 'shrinkTime', 'json', 'quiet', 'color', 'reports']);

const flagText = (name: string): string => `--${kebab(name)}`;

async function drawnRun(plan: Plan, means: Means): Promise<FailingRun | undefined> {
  const simulation = new Simulation(plan);
  if ((await drive({ ...means, simulation })) === 'stopped') return undefined;
  const { violation, steps } = await judge(simulation, means.clock);
  if (violation === undefined || !isPropertyName(violation.property)) return undefined;
  const slug = plan.seed.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return recorded(plan, { steps, target: violation.property, from: `seed ${plan.seed}`, slug }, means);
}

interface Known {
  readonly steps: number;
  readonly target: PropertyName;
  readonly from: string;
  readonly slug: string;
}

async function recorded(plan: Plan, { steps, ...known }: Known, means: Means): Promise<FailingRun | undefined> {
  const recorder = new TraceRecorder({ lines: false });
  const simulation = new Simulation(plan, { recorder });
  const taken: Step[] = [];
  const look = (): void => {
    for (const { data } of recorder.drain()) taken.push(data);
  };
  await drive({ ...means, simulation, until: steps, look });
  if (means.interruption.signal !== undefined) return undefined;
  return { plan, steps: taken, ...known };
}

async function tracedRun(text: string, name: string, means: Means): Promise<FailingRun | undefined> {
  const trace = means.interruption.atOnce(() => decodeTrace(text, name, { nearest }));
  const plan = planOfTrace(trace);
  const { violation, steps } = trace.end;
  const last = trace.lineOf(Infinity);
  if (violation === null) {
    throw new UsageError(`${trace.placeOf(last, ['violation'])}: the run broke no promise: there is nothing to shrink`);
  }
  const target = violation.property;
  if (!isPropertyName(target)) {
    const place = trace.placeOf(last, ['violation', 'property']);
    throw new UsageError(`${place}: the run broke ${target}, which this version does not know`);
  }
  const known = { target, from: name, slug: 'trace' };
  if (trace.header.kind === 'seed') return recorded(plan, { steps, ...known }, means);
  return { plan, steps: trace.steps, ...known };
}

function playedRun(text: string, name: string): FailingRun {
  const scenario = readScenario(text, { file: name, nearest });
  const { run, steps } = playOf(scenario);
  const target = run.violation?.property;
  if (target === undefined || !isPropertyName(target)) {
    throw new UsageError(`${name} breaks no promise: there is nothing to shrink`);
  }
  return { plan: planOfScenario(scenario, {}), steps, target, from: name, slug: 'scenario' };
}
