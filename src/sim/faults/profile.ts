// Profiles: named sets of parameters, from a quiet network to everything at once.
//
// A profile says only where it differs from `calm`; what it makes of a fault stands in the row of the fault. The
// correct node keeps every promise under each of them.

import { MILLISECOND, PERCENT } from '../../base/units.ts';
import { parameterNames, parametersWith, type Parameters } from '../parameters.ts';
import { faultProfiles, type FaultProfile } from './fault.ts';
import { faultRows } from './table.ts';

export interface Profile {
  readonly meaning: string;
  readonly changes: Partial<Parameters>;
}

/** What the profiles change besides the faults. */
const around: { readonly [profile in FaultProfile]?: Partial<Parameters> } = {
  disk: { writeDelayMax: 1 * MILLISECOND, syncDelayMax: 15 * MILLISECOND },
  whole: { readByIndex: 20 * PERCENT, readByLease: 10 * PERCENT, readAtFollower: 20 * PERCENT },
};

type Changes = Record<string, number>;

/** What a profile changes, in the order of the table of parameters. */
function changesOf(profile: FaultProfile): Partial<Parameters> {
  const changes: Changes = {};
  for (const row of faultRows) Object.assign(changes, row.profiles[profile]);
  Object.assign(changes, around[profile]);
  return inOrder(changes);
}

/** Everything at once, with enough distance between the faults for the cluster to do some work. */
function everything(): Partial<Parameters> {
  const changes: Changes = {};
  for (const profile of faultProfiles) Object.assign(changes, changesOf(profile));
  Object.assign(changes, changesOf('chaos'));
  return inOrder(changes);
}

/** What users of a whole Raft do beside: other members, hand-overs, snapshots at any moment, reads of every path. */
const withOperators = (): Partial<Parameters> => inOrder(Object.assign({}, everything(), changesOf('whole')));

const inOrder = (changes: Changes): Partial<Parameters> =>
  Object.fromEntries(parameterNames.flatMap((name) => (changes[name] === undefined ? [] : [[name, changes[name]]])));

/** Every profile: its meaning, and where it differs from `calm`. */
export const profileTable = {
  calm: { meaning: 'no faults: a network with delays, disks that take their time', changes: {} },
  lossy: {
    meaning: 'messages are lost, doubled, reordered and held up; answers and calls too',
    changes: changesOf('lossy'),
  },
  partitions: { meaning: 'links are cut in many shapes, and slow', changes: changesOf('partitions') },
  crashes: {
    meaning: 'processes crash, also in the middle of a step, restart, pause and resume',
    changes: changesOf('crashes'),
  },
  disk: { meaning: 'slow disks, power losses, torn writes, write and sync errors', changes: changesOf('disk') },
  clocks: { meaning: 'clocks run fast and slow, and jump', changes: changesOf('clocks') },
  chaos: { meaning: 'all of these at once', changes: everything() },
  whole: {
    meaning: 'chaos, and operators who change members, hand over the lead and take snapshots; reads of every path',
    changes: withOperators(),
  },
} as const satisfies Record<string, Profile>;

/** The name of a profile. */
export type ProfileName = keyof typeof profileTable;

/** The names of all profiles. */
export const profileNames: readonly ProfileName[] = Object.keys(profileTable) as ProfileName[];

export function profileParameters(name: ProfileName): Parameters {
  return parametersWith(profileTable[name].changes);
}
