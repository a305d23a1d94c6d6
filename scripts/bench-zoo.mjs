// How soon an unhinted hunt finds each bug of the zoo, and what its replay shrinks to: the figures of docs/zoo.md.
//
// usage: npm run bench:zoo -- [--only a,b] [--bases N] [--limit SECONDS] [--shrink SECONDS] [--again]
//
// A base is a campaign of its own, as `raft-sim fuzz --variant NAME` runs it: no profile, no hint, seeds that no other
// base has. What is measured stands in bench/zoo.json after every base, so that a bench that was stopped goes on where
// it was; `--again` measures what is named anew. CPU time only: what else runs on the machine does not count.

import { parseArgs } from 'node:util';
import { runBatch } from '../dist/campaign/batch.js';
import { shrinkSeed } from '../dist/campaign/replay.js';
import { variantNames } from '../dist/zoo/variant.js';
import { cpuSeconds, readMeasured, writeMeasured } from './measured.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    bases: { type: 'string', default: '10' },
    limit: { type: 'string', default: '60' },
    shrink: { type: 'string', default: '30' },
    again: { type: 'boolean', default: false },
  },
});

/** Seeds of one base: more than any limit of time lets run. */
const SEEDS_OF_A_BASE = 1_000_000;

/** The first seed of a base that breaks a promise, or none within the limit. */
function hunt(variant, base, limit) {
  const start = cpuSeconds();
  const work = { swarm: { variant }, checkDeterminismPpm: 0 };
  const never = () => false;
  for (let place = 1; ; place++) {
    const seed = base * SEEDS_OF_A_BASE + place;
    const { findings } = runBatch({ batch: 0, seeds: [seed], work }, () => {}, never);
    const seconds = rounded(cpuSeconds() - start);
    const finding = findings[0];
    if (finding !== undefined) {
      const { kind, property, step } = finding;
      return { base, seeds: place, seconds, seed, property: kind === 'violation' ? property : kind, step };
    }
    if (seconds > limit) return { base, seeds: place, seconds };
  }
}

/** What the finding of a base shrinks to; undefined if its order of steps alone does not decide it. */
function shrunk(variant, seed, limit) {
  const start = cpuSeconds();
  const isOver = () => cpuSeconds() - start > limit;
  const replay = shrinkSeed(String(seed), { variant }, { isOver, isHurried: () => false });
  const seconds = rounded(cpuSeconds() - start);
  if (replay === undefined) return { seconds };
  const { scenario, why: _why, ...figures } = replay;
  return { seconds, ...figures, scenario };
}

const rounded = (seconds) => Number(seconds.toFixed(2));

const only = values.only?.split(',').filter(Boolean);
for (const name of only ?? []) {
  if (!variantNames.includes(name)) throw new Error(`no variant is called ${name}`);
}
const limit = Number(values.limit);

for (const variant of only ?? variantNames) {
  for (let base = 1; base <= Number(values.bases); base++) {
    const measured = readMeasured();
    const known = measured[variant]?.bases ?? [];
    const before = known.find((one) => one.base === base);
    // What was missed is tried again if there is more time than there was.
    if (before !== undefined && !values.again && (before.property !== undefined || before.seconds > limit)) continue;
    const found = hunt(variant, base, limit);
    const replay = found.property === undefined ? undefined : shrunk(variant, found.seed, Number(values.shrink));
    const { scenario, ...figures } = replay ?? {};
    const row = { ...found, ...(replay === undefined ? {} : { replay: figures }) };
    const bases = [...known.filter((one) => one.base !== base), row].toSorted((a, b) => a.base - b.base);
    writeMeasured({ ...measured, [variant]: { bases, scenario: shortest(measured[variant], bases, scenario) } });
    process.stdout.write(`${told(variant, row)}\n`);
  }
}

/** The scenario of the shortest replay, which the page shows; the earliest base of equals. */
function shortest(before, bases, scenario) {
  const steps = (one) => one.replay?.steps ?? Infinity;
  const least = Math.min(...bases.map(steps));
  const stepsOfBefore = Math.min(...(before?.bases ?? []).map(steps));
  return scenario !== undefined && (before?.scenario === undefined || least < stepsOfBefore)
    ? scenario
    : before?.scenario;
}

function told(variant, { base, seeds, seconds, property, replay }) {
  const what = property === undefined ? 'MISSED' : property;
  const shrink =
    replay === undefined ? '' : `  ${replay.steps ?? '-'} steps in ${replay.seconds} s ${replay.shape ?? ''}`;
  return `${variant.padEnd(36)} base ${base}  ${String(seeds).padStart(6)} seeds ${seconds.toFixed(2).padStart(7)} s  ${what}${shrink}`;
}
