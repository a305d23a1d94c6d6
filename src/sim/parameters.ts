// Every number that a plan may set: the one table from which plans, flags and docs come.
//
// Durations are virtual microseconds, odds are parts per million, `every` is the mean distance between two faults of a
// kind (0: never), `for` is how long one lasts on average. The values here are those of the profile `calm`. The numbers
// of a fault stand in its row (`faults/table.ts`); here are those of a run without faults.

import { MILLISECOND, SECOND } from '../base/units.ts';
import { faultRows, type FaultParameter } from './faults/table.ts';
import { count, duration, odds, type Parameter, type ParameterGroup } from './parameter.ts';

export type { Parameter, ParameterGroup, Unit } from './parameter.ts';

const timing = {
  electionTimeoutMin: duration('timing', 150 * MILLISECOND, 'shortest election timeout (section 5.2)'),
  electionTimeoutMax: duration('timing', 300 * MILLISECOND, 'longest election timeout'),
  heartbeatInterval: duration('timing', 50 * MILLISECOND, 'time between two heartbeats of a leader'),
  clockDriftMax: odds('timing', 200_000, 'how far off true a clock may run without harm to a lease'),
  settle: duration('timing', 6 * SECOND, 'how long after the heal the cluster may take to recover'),
} as const;

const network = {
  delayMin: duration('network', 1 * MILLISECOND, 'shortest way of a message'),
  delayMax: duration('network', 10 * MILLISECOND, 'longest way of a message'),
} as const;

const disk = {
  writeDelayMin: duration('disk', 50, 'shortest write'),
  writeDelayMax: duration('disk', 200, 'longest write'),
  syncDelayMin: duration('disk', 100, 'shortest sync'),
  syncDelayMax: duration('disk', 1 * MILLISECOND, 'longest sync'),
  snapshotDelayMin: duration('disk', 1 * MILLISECOND, 'shortest time in which a machine is written out (section 7)'),
  snapshotDelayMax: duration('disk', 20 * MILLISECOND, 'longest time in which a machine is written out'),
} as const;

const clients = {
  clients: count('clients', 4, 'client sessions'),
  thinkMin: duration('clients', 5 * MILLISECOND, 'shortest time from an answer to the next call of a client'),
  thinkMax: duration('clients', 50 * MILLISECOND, 'longest time from an answer to the next call of a client'),
  readByIndex: odds('clients', 0, 'a read goes by read index, not through the log'),
  readByLease: odds('clients', 0, 'a read goes by the leader’s lease'),
  readAtFollower: odds('clients', 0, 'a read goes to any server, which asks its leader'),
  openLoopEvery: duration(
    'clients',
    0,
    'a free session calls this often, whatever happened to earlier calls (0: closed loop)',
  ),
  patience: duration('clients', 300 * MILLISECOND, 'how long a client waits for an answer before it tries again'),
  retriesMax: count('clients', 6, 'tries after which a client gives up; the outcome is then unknown'),
  retryElsewhere: odds('clients', 500_000, 'a retry goes to another node'),
  callsAfterHeal: odds('clients', 500_000, 'the part of the time to recover in which clients still begin calls'),
} as const;

const keys = {
  keys: count('clients', 3, 'keys in use at a time'),
  callsPerKey: count('clients', 60, 'calls after which a key is left for a fresh one'),
} as const;

type Calm = typeof timing & typeof network & typeof disk & typeof clients & typeof keys;

/** The name of a parameter. */
export type ParameterName = keyof Calm | FaultParameter;
/** A value for each parameter: microseconds, parts per million, counts. */
export type Parameters = { readonly [name in ParameterName]: number };

type Rows = Readonly<Record<string, Parameter>>;

/** The rows that the faults bring into a group. */
const ofFaults = (group: ParameterGroup): Rows =>
  Object.fromEntries(
    faultRows
      .flatMap(({ parameters }) => Object.entries(parameters))
      .filter(([, parameter]) => parameter.group === group),
  );

/** Every number that a plan may set: its group, its unit, its value in `calm`, its meaning. */
export const parameterTable = Object.fromEntries(
  [
    timing,
    network,
    ofFaults('network'),
    ofFaults('partitions'),
    ofFaults('processes'),
    disk,
    ofFaults('disk'),
    ofFaults('clocks'),
    clients,
    ofFaults('clients'),
    keys,
  ].flatMap((rows: Rows) => Object.entries(rows)),
) as { readonly [name in ParameterName]: Parameter };

export const parameterNames: readonly ParameterName[] = Object.keys(parameterTable) as ParameterName[];

/** The parameters of a profile: those of `calm`, changed where the profile says so. */
export function parametersWith(changes: Partial<Parameters>): Parameters {
  return Object.fromEntries(
    parameterNames.map((name) => [name, changes[name] ?? parameterTable[name].calm]),
  ) as Parameters;
}
