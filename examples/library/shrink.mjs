// Shrinking from code: the first seed that breaks a promise, as the shortest scenario that breaks it too.
//
// The scenario is a text, ready to be written into a file. Here it is read and played at once: it expects the promise
// to be broken, so that it passes as long as the bug is there.
//
//     node examples/library/shrink.mjs [variant]

import { drawPlan, planOfScenario, playScenario, readScenario, shrinkSeed, simulate } from 'raft-sim';

const swarm = { variant: process.argv[2] ?? 'retry-without-dedup' };

let seed = 1;
while (simulate(drawPlan(String(seed), swarm)).violation === undefined) seed++;

let looks = 0; // a budget that does not depend on the machine; a clock would do as well
const replay = shrinkSeed(String(seed), swarm, { isOver: () => ++looks > 100_000, isHurried: () => false });
if (replay === undefined) throw new Error(`seed ${seed} fails by its times, not by the order of its steps`);
console.log(`seed ${seed}: ${replay.why}`);
console.log(`${replay.steps} steps on ${replay.nodes} servers, after ${replay.tries} tries\n\n${replay.scenario}`);

const scenario = readScenario(replay.scenario, { file: 'replay.yaml', nearest: () => undefined });
const { failure } = playScenario(scenario, planOfScenario(scenario, {}));
console.log(failure === undefined ? 'played: it breaks the promise again' : `played: ${failure.found}`);
