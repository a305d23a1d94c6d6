// How soon a hunt finds each bug of the zoo: seeds, steps and CPU time until the first broken promise, on one core.
//
// usage: node scripts/hunt-bench.mjs [--bases N] [--variants a,b] [--clean STEPS] [--limit SECONDS] [--dist FOLDER]
//                                    [--schedulers a,b] [--base TEXT] [--json]
//
// Each base is a hunt of its own over the seeds `base/0`, `base/1`, …; a hunt gives up after the limit. `--clean` also
// hunts in the correct node for so many steps, where anything found is a bug of raft-sim or of the node.

import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const { values } = parseArgs({
  options: {
    bases: { type: 'string', default: '10' },
    base: { type: 'string', default: 'hunt' },
    variants: { type: 'string' },
    schedulers: { type: 'string' },
    clean: { type: 'string', default: '5000000' },
    limit: { type: 'string', default: '60' },
    dist: { type: 'string', default: 'dist' },
    json: { type: 'boolean', default: false },
  },
});
const { drawPlan, planWords, Simulation, variantNames } = await import(
  pathToFileURL(resolve(values.dist, 'index.js')).href
);
const bases = Array.from({ length: Number(values.bases) }, (_, i) => `${values.base}${i + 1}`);
const schedulers = values.schedulers?.split(',');
const limit = Number(values.limit);

/** CPU seconds of this process: what else runs on the machine does not count. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function run(seed, variant) {
  const plan = drawPlan(seed, { variant, schedulers });
  const simulation = new Simulation(plan);
  while (simulation.advance(1_000_000));
  return { plan, run: simulation.finish() };
}

function hunt(base, variant) {
  const start = cpuSeconds();
  let steps = 0;
  for (let i = 0; ; i++) {
    const { plan, run: ended } = run(`${base}/${i}`, variant);
    steps += ended.steps;
    const seconds = cpuSeconds() - start;
    const { violation } = ended;
    if (violation !== undefined) {
      return { seeds: i + 1, steps, seconds, scheduler: plan.scheduler ?? 'timed', property: violation.property };
    }
    if (seconds > limit) return { seeds: i + 1, steps, seconds, scheduler: '', property: undefined };
  }
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >>> 1] ?? 0;
const most = (numbers) => Math.max(...numbers);

function tally(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return sorted.map(([word, count]) => `${word} ${count}`).join(', ');
}

function table(rows) {
  const widths = rows[0].map((_, i) => most(rows.map((row) => row[i].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  for (const row of rows) process.stdout.write(`${line(row).trimEnd()}\n`);
}

function cleanHunt(stepsWanted) {
  const start = cpuSeconds();
  const counts = { runs: 0, steps: 0, slowest: 0, slowestSeed: '', unknown: {}, schedulers: {} };
  /** @type {string[]} */
  const found = [];
  while (counts.steps < stepsWanted) {
    const seed = `${values.base}-clean/${counts.runs++}`;
    const began = cpuSeconds();
    const { plan, run: ended } = run(seed, null);
    const took = cpuSeconds() - began;
    if (took > counts.slowest) [counts.slowest, counts.slowestSeed] = [took, seed];
    counts.steps += ended.steps;
    const scheduler = plan.scheduler ?? 'timed';
    counts.schedulers[scheduler] = (counts.schedulers[scheduler] ?? 0) + ended.steps;
    for (const { property, outcome } of ended.verdicts) {
      if (outcome === 'unknown') counts.unknown[property] = (counts.unknown[property] ?? 0) + 1;
    }
    const { violation } = ended;
    if (violation !== undefined) found.push(`${violation.property}: ${violation.why}\n    ${planWords(plan)}`);
  }
  return { ...counts, found, seconds: cpuSeconds() - start };
}

const results = {};
for (const variant of values.variants?.split(',').filter(Boolean) ?? variantNames) {
  results[variant] = bases.map((base) => hunt(base, variant));
}
const clean = Number(values.clean) > 0 ? cleanHunt(Number(values.clean)) : undefined;

if (values.json) process.stdout.write(`${JSON.stringify({ results, clean }, undefined, 2)}\n`);
else {
  const head = ['variant', 'found', 'seeds', 'most', 'steps', 'seconds', 'most'];
  const rows = Object.entries(results).map(([variant, hunts]) => {
    const found = hunts.filter(({ property }) => property !== undefined);
    const seeds = hunts.map((one) => one.seeds);
    const seconds = hunts.map((one) => one.seconds);
    const steps = hunts.map((one) => one.steps);
    return [
      variant,
      `${found.length}/${hunts.length}`,
      String(middle(seeds)),
      String(most(seeds)),
      String(middle(steps)),
      middle(seconds).toFixed(2),
      most(seconds).toFixed(2),
    ];
  });
  if (rows.length > 0) table([head, ...rows]);
  for (const [variant, hunts] of Object.entries(results)) {
    process.stdout.write(`\n${variant}\n  ${tally(hunts.map((one) => one.property ?? 'nothing'))}\n`);
    process.stdout.write(`  ${tally(hunts.map((one) => one.scheduler))}\n`);
  }
  if (clean !== undefined) {
    const { runs, steps, seconds, slowest, slowestSeed, found } = clean;
    const speed = Math.round(steps / seconds);
    process.stdout.write(`\ncorrect node: ${runs} runs, ${steps} steps, ${seconds.toFixed(1)} s, ${speed} steps/s\n`);
    process.stdout.write(`  slowest run ${slowest.toFixed(2)} s: ${slowestSeed}\n`);
    process.stdout.write(`  steps: ${JSON.stringify(clean.schedulers)}\n  unknown: ${JSON.stringify(clean.unknown)}\n`);
    for (const one of found) process.stdout.write(`  FOUND ${one}\n`);
  }
}
