// What the benches measured, as they left it in bench/: read and written whole, in the order of the keys.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fileOf = (name) => fileURLToPath(new URL(`../bench/${name}.json`, import.meta.url));

/** CPU seconds of this process: what else runs on the machine does not count. */
export function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const read = (name) => (existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), 'utf8')) : {});

/** A stop in the middle leaves the old file. */
function write(name, measured) {
  const sorted = Object.fromEntries(Object.entries(measured).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(`${fileOf(name)}.new`, `${JSON.stringify(sorted, undefined, 2)}\n`);
  renameSync(`${fileOf(name)}.new`, fileOf(name));
}

/** By variant: its campaigns, and the scenario of the shortest replay. */
export const readMeasured = () => read('zoo');
export const writeMeasured = (measured) => write('zoo', measured);

/** By variant: the bounds of which all schedules were taken, and what came of each. */
export const readExplored = () => read('explore');
export const writeExplored = (explored) => write('explore', explored);

/** By mutant: what became of it. */
export const readMutants = () => read('mutants');

/** Of mutants that there are no more, nothing is kept. */
export function writeMutants(measured, ids) {
  const known = new Set(ids);
  write('mutants', Object.fromEntries(Object.entries(measured).filter(([id]) => known.has(id))));
}

/** By mutant: why nobody could tell it from the node. */
export const readEquivalents = () => read('mutants-equivalent');
