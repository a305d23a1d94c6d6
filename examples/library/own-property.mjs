// A property of one's own, beside the promises of the paper: the cluster keeps a leader for at least a second.
//
// A property is told what happens to the one process that moved, remembers little, changes nothing, and answers with a
// sentence when something is wrong. No paper promises this one, so that a run with crashes soon breaks it.
//
//     node examples/library/own-property.mjs [seed]

import { makePlan, Simulation } from 'raft-sim';

const SECOND = 1_000_000; // virtual microseconds

/** `now` gives the virtual time. */
function steadyLeadership(now) {
  let electedAt = -Infinity;
  return {
    name: 'steady-leadership',
    mood: 'always',
    elected(host) {
      const millis = (now() - electedAt) / 1000;
      electedAt = now();
      return millis * 1000 < SECOND ? `n${host.id + 1} is elected ${millis} ms after the leader before it` : undefined;
    },
  };
}

const plan = makePlan({ seed: process.argv[2] ?? '1', nodes: 5, profile: 'crashes' });
const simulation = new Simulation(plan, { observers: [steadyLeadership(() => simulation.world.now)] });
while (simulation.advance(10_000));

const { steps, fingerprint } = simulation.finish();
const broken = simulation.world.violation;
console.log(broken === undefined ? 'every property kept' : `${broken.property} broken at step ${steps}: ${broken.why}`);
console.log(`seed ${plan.seed}, fingerprint ${fingerprint}`);
