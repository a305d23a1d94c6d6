// How likely a failure is from each step on: continuations of a run with other dice, counted.
//
// From a step, time runs on with faults as in the run and with clients that call now and then; that is done several
// times, each with a seed of its own. The share that breaks a promise is drawn over the steps: where it rises to the
// top, the failure had become inevitable. It is an estimate, and says from how many continuations it comes.

import { nodeId } from '../base/ids.ts';
import type { Step } from '../sim/step.ts';
import { Branch } from './branch.ts';
import type { Film } from './film.ts';
import { interestsIn } from './interest.ts';
import { newClient } from './moves-now.ts';

export interface LikelihoodPoint {
  readonly step: number;
  readonly runs: number;
  /** Continuations that broke the promise which the run broke. */
  readonly same: number;
  /** Continuations that broke another one. */
  readonly other: number;
}

export interface LikelihoodInput {
  readonly points: number;
  readonly runs: number;
  /** Virtual microseconds that each continuation lasts. */
  readonly micros: number;
}

/** Time between two calls of clients in a continuation. */
const CALL_EVERY = 50_000;

/** The steps from which to continue: the last one, those of interest before it, and some at equal distances. */
export function pointsOf(film: Film, points: number): number[] {
  const last = film.run.violation?.step ?? film.history.last;
  const steps = new Set<number>([0, last]);
  const telling = interestsIn(film).filter(({ step, kind }) => step < last && kind !== 'goal');
  for (const { step } of telling.slice(-Math.floor(points / 2))) steps.add(step).add(step - 1);
  for (let i = 1; steps.size < points && i < points; i++) steps.add(Math.round((last * i) / points));
  return Array.from(steps)
    .filter((step) => step >= 0)
    .toSorted((a, b) => a - b);
}

/** One point after the other; between two continuations the caller has its turn. */
export function* likelihoodOf(film: Film, input: LikelihoodInput): Generator<LikelihoodPoint | undefined, void> {
  const wanted = film.run.violation?.property;
  for (const step of pointsOf(film, input.points)) {
    let [same, other] = [0, 0];
    for (let run = 1; run <= input.runs; run++) {
      const broken = continued(film, step, `${film.plan.seed}/${step}/${run}`, input.micros);
      if (broken !== undefined && (wanted === undefined || broken === wanted)) same++;
      else if (broken !== undefined) other++;
      yield undefined;
    }
    yield { step, runs: input.runs, same, other };
  }
}

/** The promise that a continuation broke; undefined if it broke none. */
function continued(film: Film, at: number, seed: string, micros: number): string | undefined {
  const branch = new Branch(film, { at, variant: undefined, seed, actions: [] });
  const { world } = branch.simulation;
  let client = newClient(branch.history.steps);
  for (let left = micros; left > 0 && !branch.isOver; left -= CALL_EVERY) {
    const leader = world.hosts.find((host) => host.status === 'up' && host.process.probe.role === 'leader');
    const node = leader?.id ?? nodeId(client % world.hosts.length);
    const operation = { kind: 'put', key: 'x', value: `c${client + 1}` } as const;
    const call = { kind: 'call', at: world.now, client, sequence: 1, node, operation };
    branch.take(call as unknown as Step);
    client++;
    branch.run(Math.min(left, CALL_EVERY), true);
  }
  return world.violation?.property;
}
