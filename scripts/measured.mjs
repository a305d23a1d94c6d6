// What the benches measured, as they left it: bench/zoo.json by variant, read and written whole.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../bench/zoo.json', import.meta.url));

/** CPU seconds of this process: what else runs on the machine does not count. */
export function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** By variant: its campaigns, and the scenario of the shortest replay. */
export const readMeasured = () => (existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {});

/** A stop in the middle leaves the old file. */
export function writeMeasured(measured) {
  const sorted = Object.fromEntries(Object.entries(measured).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(`${FILE}.new`, `${JSON.stringify(sorted, undefined, 2)}\n`);
  renameSync(`${FILE}.new`, FILE);
}
