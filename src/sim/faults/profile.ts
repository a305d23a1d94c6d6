// Profiles: named sets of parameters, from a quiet network to everything at once.
//
// A profile says only where it differs from `calm`. The correct node keeps every promise under each of them.

import { MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import { parametersWith, type Parameters } from '../parameters.ts';

export interface Profile {
  readonly meaning: string;
  readonly changes: Partial<Parameters>;
}

const lossy: Partial<Parameters> = {
  loss: 5 * PERCENT,
  duplicate: 2 * PERCENT,
  reorder: 20 * PERCENT,
  longDelay: 5_000,
  capacity: 400,
  duplicateCall: 3 * PERCENT,
  answerLoss: 3 * PERCENT,
};
const partitions: Partial<Parameters> = {
  cutEvery: 1500 * MILLISECOND,
  cutFor: 900 * MILLISECOND,
  slowEvery: 4 * SECOND,
};
const crashes: Partial<Parameters> = { crashEvery: 1200 * MILLISECOND, pauseEvery: 3 * SECOND };
const disk: Partial<Parameters> = {
  crashEvery: 1500 * MILLISECOND,
  writeDelayMax: 1 * MILLISECOND,
  syncDelayMax: 15 * MILLISECOND,
  powerLoss: 70 * PERCENT,
  tornWrite: 40 * PERCENT,
  writeError: 300,
  syncError: 300,
};
const clocks: Partial<Parameters> = { clockEvery: 1 * SECOND };
/** Everything at once, with enough distance between the faults for the cluster to do some work. */
const everything: Partial<Parameters> = merged([
  lossy,
  partitions,
  disk,
  clocks,
  {
    cutEvery: 2 * SECOND,
    crashEvery: 2 * SECOND,
    pauseEvery: 5 * SECOND,
    clockEvery: 4 * SECOND,
    powerLoss: 50 * PERCENT,
  },
]);

/** Every profile: its meaning, and where it differs from `calm`. */
export const profileTable = {
  calm: { meaning: 'no faults: a network with delays, disks that take their time', changes: {} },
  lossy: { meaning: 'messages are lost, doubled, reordered and held up; answers and calls too', changes: lossy },
  partitions: { meaning: 'links are cut in many shapes, and slow', changes: partitions },
  crashes: { meaning: 'processes crash, also in the middle of a step, restart, pause and resume', changes: crashes },
  disk: { meaning: 'slow disks, power losses, torn writes, write and sync errors', changes: disk },
  clocks: { meaning: 'clocks run fast and slow, and jump', changes: clocks },
  chaos: { meaning: 'all of these at once', changes: everything },
} as const satisfies Record<string, Profile>;

/** The name of a profile. */
export type ProfileName = keyof typeof profileTable;

/** The names of all profiles. */
export const profileNames: readonly ProfileName[] = Object.keys(profileTable) as ProfileName[];

export function profileParameters(name: ProfileName): Parameters {
  return parametersWith(profileTable[name].changes);
}

/** Later changes go before earlier ones. */
function merged(changes: readonly Partial<Parameters>[]): Partial<Parameters> {
  return Object.fromEntries(changes.flatMap((change) => Object.entries(change)));
}
