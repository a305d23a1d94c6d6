// How short failing runs become, how long that takes, and whether different seeds end alike.
//
// usage: node scripts/shrink-bench.mjs [--seeds N] [--variants a,b] [--first] [--limit SECONDS] [--dist FOLDER] [--json]
//
// For each bug of the zoo, the first seeds whose drawn plan breaks the promise that the bug breaks in the end (with
// --first: whatever it breaks first). A shrink gives up after the limit, in CPU time, as everything here.

import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    variants: { type: 'string' },
    first: { type: 'boolean', default: false },
    limit: { type: 'string', default: '30' },
    dist: { type: 'string', default: 'dist' },
    json: { type: 'boolean', default: false },
  },
});
const load = (file) => import(pathToFileURL(resolve(values.dist, file)).href);
const { drawPlan, simulate, variantNames, variantTable } = await load('index.js');
const { Shrinking } = await load('shrink/shrink.js');
const { stepsIn } = await load('shrink/candidate.js');
const { deliveriesIn } = await load('shrink/moves.js');
const { TraceRecorder } = await load('trace/recorder.js');

/** CPU seconds of this process: what else runs on the machine does not count. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function failing(seed, variant) {
  const properties = values.first ? undefined : [variantTable[variant].breaks];
  const plan = drawPlan(String(seed), { variant, properties });
  const recorder = new TraceRecorder({ lines: false });
  const { violation } = simulate(plan, { recorder });
  const steps = recorder.drain().map(({ data }) => data);
  return violation && { plan, steps, target: violation.property, from: `seed ${seed}` };
}

function shrunk(run) {
  const start = cpuSeconds();
  const shrinking = new Shrinking({ ...run, isOver: () => cpuSeconds() - start > Number(values.limit) });
  const turns = shrinking.run();
  let turn = turns.next();
  while (turn.done !== true) turn = turns.next();
  const { candidate, shape, proof } = turn.value;
  return {
    from: run.from,
    before: run.steps.length,
    property: run.target,
    steps: stepsIn(candidate),
    deliveries: deliveriesIn(candidate.moves),
    servers: candidate.environment.plan.nodes,
    shape,
    isMinimal: proof.isMinimal,
    tries: shrinking.search.replays,
    seconds: cpuSeconds() - start,
  };
}

function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  for (const row of rows) process.stdout.write(`${line(row).trimEnd()}\n`);
}

const range = (numbers, digits = 0) => {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map((n) => n.toFixed(digits));
  return low === high ? low : `${low}–${high}`;
};

const results = {};
for (const variant of values.variants?.split(',').filter(Boolean) ?? variantNames) {
  const shrinks = [];
  for (let seed = 1; shrinks.length < Number(values.seeds); seed++) {
    const run = failing(seed, variant);
    if (run !== undefined) shrinks.push(shrunk(run));
  }
  results[variant] = shrinks;
}

if (values.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
else {
  const rows = Object.entries(results).map(([variant, shrinks]) => [
    variant,
    shrinks.map(({ steps }) => steps).join(' '),
    range(shrinks.map(({ deliveries }) => deliveries)),
    range(shrinks.map(({ servers }) => servers)),
    String(new Set(shrinks.map(({ shape }) => shape)).size),
    `${shrinks.filter(({ isMinimal }) => isMinimal).length}/${shrinks.length}`,
    range(shrinks.map(({ tries }) => tries)),
    range(
      shrinks.map(({ seconds }) => seconds),
      1,
    ),
  ]);
  table([['variant', 'steps', 'deliveries', 'servers', 'shapes', 'proved', 'tries', 'seconds'], ...rows]);
}
