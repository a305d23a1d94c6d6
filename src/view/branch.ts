// A branch: the run up to a step, taken again, and then what its reader wants instead.
//
// Every promise is checked at once, as in any run, and the branch is written down like one. It is the library's
// directed scheduler: steps by hand, and time that runs as its seed decides.

import type { Plan } from '../run/plan.ts';
import { windowParameters } from '../run/plan.ts';
import { Simulation, type Run } from '../run/simulate.ts';
import { LOOK_EVERY } from '../sim/bounds.ts';
import type { DirectedScheduler } from '../sim/schedule/directed.ts';
import type { Step } from '../sim/step.ts';
import { variantTable } from '../zoo/variant.ts';
import type { Variant } from '../zoo/row.ts';
import type { BranchPlan } from './branch-plan.ts';
import { GoalWatch, type Film } from './film.ts';
import { History } from './history.ts';

const BY_HAND = { writes: true, answers: true, drops: true, crashes: true } as const;

export class Branch {
  readonly history: History;
  readonly simulation: Simulation;
  readonly director: DirectedScheduler;
  /** Steps of the run that the changed node could not take. */
  readonly skipped: number;
  private readonly goals = new GoalWatch();

  /** Takes the steps of a run up to where the branch leaves it, and then those of the branch. */
  constructor({ plan, history }: Pick<Film, 'plan' | 'history'>, branch: BranchPlan) {
    const ownPlan = planOfBranch(plan, branch);
    this.history = new History(plan.nodes);
    this.simulation = new Simulation(ownPlan, { direct: BY_HAND, recorder: this.history });
    this.director = this.simulation.director;
    this.history.watch(this.simulation.world.hosts);
    let skipped = 0;
    for (let number = 1; number <= branch.at && !this.isOver; number++) {
      if (this.take(history.step(number)) !== undefined) skipped++;
    }
    this.skipped = skipped;
    for (const action of branch.actions) {
      if ('take' in action) this.take({ ...action.take, at: this.simulation.world.now });
      else this.run(action.run, action.isFaulty);
    }
  }

  /** A promise is broken: nothing more can be done. */
  get isOver(): boolean {
    return this.simulation.world.violation !== undefined;
  }

  /** Takes a step, or says why it cannot be taken. */
  take(step: Step): string | undefined {
    if (this.isOver) return 'a promise is broken, and the branch ends here';
    const { world } = this.simulation;
    if (step.at > world.now) world.now = step.at;
    const why = this.director.take(step);
    this.goals.look(this.simulation, world.steps);
    return why;
  }

  /** Lets time run for so many virtual microseconds, or until a promise breaks. */
  run(micros: number, isFaulty: boolean): void {
    const { simulation, director } = this;
    const { world, plan } = simulation;
    const faults = isFaulty ? faultsOf(plan) : undefined;
    // New faults of links are numbered behind those that were taken by hand.
    const used = faultsUsed(this.history);
    let number = 0;
    while (number < used) number = world.network.nextFault();
    director.beginWindow(world.now + micros, faults, undefined);
    while (!this.isOver && director.next()) {
      this.goals.look(simulation, world.steps);
      if (world.steps % LOOK_EVERY === 0 && simulation.flood() !== undefined) break;
    }
    director.endWindow(faults);
    while (!this.isOver && director.mend());
  }

  /** The branch as a film, judged as if it ended here. */
  film(): Film {
    const run: Run = this.simulation.finish();
    return { plan: this.simulation.plan, history: this.history, run, goals: this.goals.reached, recorded: undefined };
  }
}

/** The highest number of a fault of links so far. */
export function faultsUsed({ steps }: History): number {
  let most = 0;
  for (const step of steps) if (step !== undefined && 'fault' in step) most = Math.max(most, step.fault);
  return most;
}

/** The faults of the run, or those of chaos where the run had none. */
function faultsOf(plan: Plan): Plan['parameters'] {
  return plan.profile === 'calm' ? windowParameters(plan.parameters, 'chaos', {}) : plan.parameters;
}

/**
 * The clients of the run are not the branch's: what they called is taken again by hand, and who calls in the branch is
 * a new client each time.
 */
function planOfBranch(plan: Plan, { variant, seed }: BranchPlan): Plan {
  const row: Variant | undefined = typeof variant === 'string' ? variantTable[variant] : undefined;
  return {
    ...plan,
    seed: seed ?? plan.seed,
    parameters: { ...plan.parameters, clients: 0 },
    variant: variant === undefined ? plan.variant : variant,
    node: { ...plan.node, ...row?.options },
  };
}
