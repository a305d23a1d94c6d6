// A campaign from code: many seeds, each with a plan of its own, counted by the promise that they break.
//
// Plans depend on their seed alone, so that any seed that is printed here can be run again alone, by `simulate` or by
// `raft-sim fuzz --seeds`. Goals say whether the runs came to anything: one that none reached was not tested.
//
//     node examples/library/campaign.mjs [seeds] [variant]

import { drawPlan, goalNames, planWords, simulate } from 'raft-sim';

const seeds = Number(process.argv[2] ?? 50);
const variant = process.argv[3] ?? null;

const failures = new Map(); // by property: the seeds that break it
const reached = new Set();
for (let seed = 1; seed <= seeds; seed++) {
  const { violation, goals } = simulate(drawPlan(String(seed), { variant }));
  for (const goal of goalNames) if (goals[goal] > 0) reached.add(goal);
  if (violation !== undefined) failures.set(violation.property, [...(failures.get(violation.property) ?? []), seed]);
}

for (const [property, found] of failures) {
  const [first] = found;
  console.log(
    `${property} broken by ${found.length} of ${seeds} seeds, first by: ${planWords(drawPlan(String(first), { variant }))}`,
  );
}
if (failures.size === 0) console.log(`${seeds} seeds, every promise kept`);
console.log(`goals reached: ${reached.size} of ${goalNames.length}`);
process.exitCode = failures.size === 0 ? 0 : 1;
