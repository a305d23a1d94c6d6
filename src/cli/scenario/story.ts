// Plays a story for a reader who wants to see it: its steps in the one-line notation, its nodes where it says `show`,
// its trace as a file.
//
// What is printed goes out piece by piece, so that a long story needs no memory.

import { micros, type NodeId } from '../../base/ids.ts';
import { UsageError } from '../../base/errors.ts';
import type { Plan } from '../../run/plan.ts';
import type { Scenario } from '../../scenario/load.ts';
import { playScenario, type Played } from '../../scenario/interpreter/play.ts';
import type { Interpreter } from '../../scenario/interpreter/interpreter.ts';
import type { Host } from '../../sim/host.ts';
import { TraceWriter } from '../../trace/format.ts';
import { nodeSnapshots, type NodeSnapshot } from '../../trace/node-snapshot.ts';
import { LanedRecorder, type LanedStep } from '../../view/laned-recorder.ts';
import { troubleText, WholeFile } from '../ui/files.ts';
import { hasRoomForLanes, lanedHead, lanedLines } from '../ui/laned.ts';
import { traceEnd } from '../../run/re-record.ts';
import { version } from '../version.ts';

/** A piece of a story. */
export type StoryOutput =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | {
      readonly kind: 'nodes';
      readonly where: string;
      readonly step: number;
      readonly at: number;
      readonly nodes: readonly NodeSnapshot[];
    };

export interface StoryOptions {
  /** How many of the last lines are returned. */
  readonly keep: number;
  readonly print: ((output: StoryOutput) => void) | undefined;
  /** Tell every step, not only what the story shows. */
  readonly isLong: boolean;
  /** Of the terminal: where they fit, lanes stand beside the steps; 0 without one. */
  readonly columns: number;
  /** Where the trace is written. */
  readonly trace: string | undefined;
  readonly isStopped: () => boolean;
}

/** So many steps are printed at once. */
const PIECE = 1000;

/** Hands on what it recorded, a piece at a time. */
class StoryRecorder extends LanedRecorder {
  private readonly take: (steps: readonly LanedStep[]) => void;
  private waiting = 0;

  constructor(servers: number, take: (steps: readonly LanedStep[]) => void) {
    super(servers);
    this.take = take;
  }

  override end(host: Host | undefined, fingerprint: string): void {
    super.end(host, fingerprint);
    if (++this.waiting >= PIECE) this.flush();
  }

  flush(): void {
    this.waiting = 0;
    const steps = this.drainLaned();
    if (steps.length > 0) this.take(steps);
  }
}

export function renderStory(
  scenario: Scenario,
  plan: Plan,
  { keep, print: printed, isLong, columns, trace, isStopped }: StoryOptions,
): Pick<Played, 'run' | 'failure'> & { readonly lastLines: readonly string[] } {
  let lastLines: readonly string[] = [];
  const file = trace === undefined ? undefined : openTrace(trace);
  const writer = new TraceWriter({ kind: 'steps', version, plan });
  let isBegun = false;
  const print = (steps: readonly LanedStep[]): void => {
    const hasLanes = hasRoomForLanes(plan.nodes, columns);
    const head = !hasLanes || isBegun ? [] : [lanedHead(plan.nodes)];
    const lines = steps.flatMap((step) => (hasLanes ? lanedLines(step, columns) : [step.line]));
    isBegun = true;
    printed?.({ kind: 'lines', lines: [...head, ...lines] });
  };
  const recorder = new StoryRecorder(plan.nodes, (steps) => {
    const lines = steps.map(({ line }) => line);
    lastLines = [...lastLines, ...lines.slice(-keep)].slice(-keep);
    if (isLong) print(steps);
    file?.write(steps.map((step) => writer.step(step)).join(''));
  });
  const show = (interpreter: Interpreter, nodes: readonly NodeId[]): void => {
    recorder.flush();
    printed?.(shown(scenario, interpreter, nodes));
  };
  try {
    file?.write(writer.header());
    const { run, failure } = playScenario(scenario, plan, { recorder, show, isStopped });
    recorder.flush();
    if (failure?.kind === 'stopped') file?.abandon();
    else {
      file?.write(writer.end(traceEnd(run)));
      file?.finish();
    }
    return { run, failure, lastLines };
  } catch (error) {
    file?.abandon();
    if (trace === undefined || !isTroubleOfSystem(error)) throw error;
    throw new UsageError(`cannot write ${trace}: ${troubleText(error)}`);
  }
}

const isTroubleOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

function openTrace(path: string): WholeFile {
  try {
    return WholeFile.open(path);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${troubleText(error)}`);
  }
}

function shown({ source }: Scenario, { world, path }: Interpreter, nodes: readonly NodeId[]): StoryOutput {
  const hosts = nodes.map((node) => world.host(node));
  return {
    kind: 'nodes',
    where: source.where(path),
    step: world.steps,
    at: micros(world.now),
    nodes: nodeSnapshots(hosts),
  };
}
