// A film: a run that was taken once more and written down whole, with what came of it.
//
// The trace decides: its steps as a script, or its plan drawn anew. The run is advanced in slices, so that a page can
// show how far it is. Its fingerprint and its verdicts are those of the command line, since it is the same simulation.

import { UsageError } from '../base/errors.ts';
import { goalNames, type GoalName } from '../check/goals.ts';
import type { Plan } from '../run/plan.ts';
import { Simulation, type Run } from '../run/simulate.ts';
import { planOfTrace } from '../run/traced-plan.ts';
import type { Step } from '../sim/step.ts';
import type { Trace } from '../trace/format.ts';
import { History } from './history.ts';

/** So many steps are taken between two looks at the clock. */
const SLICE = 400;

/** What a view asks of a run. */
export type FilmRun = Omit<Run, 'counters' | 'summary' | 'skipped'> & Partial<Pick<Run, 'summary'>>;

export interface Film {
  readonly plan: Plan;
  readonly history: History;
  readonly run: FilmRun;
  /** The goals that were reached, each with the steps at which it was. */
  readonly goals: ReadonlyMap<GoalName, readonly number[]>;
  /** Of a run that was read and not taken again; undefined for one that was. */
  readonly recorded: RecordedFrom | undefined;
}

export interface RecordedFrom {
  /** How its plan names the Raft. */
  readonly system: string;
  /** False: of the servers nothing is known but whether they were up. */
  readonly hasStates: boolean;
}

/** Takes the steps of a trace again, a slice at each turn: tells how many steps were taken. */
export function* filmOfTrace(trace: Trace): Generator<number, Film> {
  const plan = planOfTrace(trace);
  const script = trace.header.kind === 'steps' ? trace.steps : undefined;
  const film = yield* filmOf(plan, script, trace.end.steps);
  if (film.run.fingerprint === trace.end.fingerprint) return film;
  throw new UsageError(
    `the run does not repeat: after ${film.run.steps} steps its fingerprint is ${film.run.fingerprint}, ` +
      `in the trace it is ${trace.end.fingerprint}`,
  );
}

/** Takes a plan, drawn from its seed or by a script, up to so many steps. */
export function* filmOf(plan: Plan, script: readonly Step[] | undefined, until: number): Generator<number, Film> {
  const history = new History(plan.nodes);
  const simulation = new Simulation(plan, { recorder: history, script });
  const { world } = simulation;
  history.watch(world.hosts);
  const goals = new GoalWatch();
  for (let goesOn = true; goesOn && world.steps < until;) {
    const end = Math.min(until, world.steps + SLICE);
    while (goesOn && world.steps < end) {
      goesOn = simulation.advance(1);
      goals.look(simulation, world.steps);
    }
    yield world.steps;
  }
  const run = yield* judged(simulation);
  return { plan, history, run, goals: goals.reached, recorded: undefined };
}

function* judged(simulation: Simulation): Generator<number, Run> {
  const judging = simulation.judging();
  for (;;) {
    const turn = judging.next();
    if (turn.done === true) return turn.value;
    yield simulation.world.steps;
  }
}

/** Notes at which steps goals are reached. */
export class GoalWatch {
  readonly reached = new Map<GoalName, number[]>();
  private counts: Partial<Record<GoalName, number>> = {};

  look(simulation: Pick<Simulation, 'goals'>, step: number): void {
    const { goals } = simulation;
    for (const name of goalNames) {
      if (goals[name] === (this.counts[name] ?? 0)) continue;
      const steps = this.reached.get(name);
      if (steps === undefined) this.reached.set(name, [step]);
      else steps.push(step);
    }
    this.counts = goals;
  }
}
