// Breadth first from an empty schedule, in the plainest environments: is there a shorter way than the best one?
//
// What failing runs are shrunk to depends on where they began; this search does not. Where it comes as far as the best
// schedule is long, there is no shorter one of its kinds of moves, and all failures of a kind end in the same one.

import { compare, candidateOf, stepsIn, type Candidate } from './candidate.ts';
import { movesFor } from './substitution.ts';
import { optionsOf } from './options.ts';
import { positionOf } from './position.ts';
import { trialOf } from './trial.ts';
import { unusualOptions, usualOptions, type Environment } from './environment.ts';
import type { Move } from './moves.ts';
import type { Pass, Search } from './search.ts';

/** Longer schedules are out of reach. */
const STEPS_MAX = 16;
const SERVERS_MAX = 3;
/** How many schedules are looked at in each environment. */
const REPLAYS = 30_000;

/** Looks for a schedule that is as good as the best one, or better, on as many servers or fewer. */
export function* fromNothing(search: Search): Pass {
  const { environment } = search.best;
  if (stepsIn(search.best) > STEPS_MAX || environment.recovery !== undefined) return;
  if (environment.byHand.writes || environment.byHand.answers || environment.byHand.crashes) return;
  for (const plainer of plainestBelow(environment)) {
    const isFound = yield* breadthFirst(search, plainer);
    if (isFound) return;
  }
}

/** The usual node first, on as few servers as possible. */
function plainestBelow(environment: Environment): Environment[] {
  const { plan } = environment;
  const { disks, spares = 0, ...rest } = plan;
  if (disks !== undefined) return [];
  const nodes = unusualOptions(plan).length === 0 ? [plan.node] : [usualOptions(plan), plan.node];
  const sizes = Array.from({ length: Math.min(plan.nodes, SERVERS_MAX) }, (_, i) => i + 1);
  return nodes.flatMap((node) =>
    sizes.flatMap((size) =>
      Array.from({ length: Math.min(spares, size - 1) + 1 }, (_, spare) => ({
        ...environment,
        plan: { ...rest, node, nodes: size, ...(spare === 0 ? {} : { spares: spare }) },
      })),
    ),
  );
}

function* breadthFirst(search: Search, environment: Environment): Pass<boolean> {
  const known = new Set<string>();
  const end = search.replays + REPLAYS;
  let found: Candidate | undefined;
  let round: (readonly Move[])[] = [[]];
  for (let depth = 0; round.length > 0 && depth <= stepsIn(search.best); depth++) {
    const next: (readonly Move[])[] = [];
    for (const moves of round) {
      if (search.replays >= end || search.isOver) break;
      search.replays++;
      const trial = trialOf(environment, moves);
      yield;
      if (trial.broken === undefined) {
        const position = positionOf(trial, moves);
        if (known.has(position)) continue;
        known.add(position);
        for (const option of movesFor(search, optionsOf(trial, moves, search))) next.push([...moves, option]);
      } else if (trial.broken === search.target) {
        const candidate = candidateOf(environment, trial.judged(moves, search.target));
        if (found === undefined ? compare(candidate, search.best) <= 0 : compare(candidate, found) < 0)
          found = candidate;
      }
    }
    if (found !== undefined) {
      search.best = found;
      return true;
    }
    round = next;
  }
  return false;
}
