// Every number that a plan may set: the one table from which plans, flags and docs come.
//
// Durations are virtual microseconds, odds are parts per million, `every` is the mean distance between two faults of a
// kind (0: never), `for` is how long one lasts on average. The values here are those of the profile `calm`.

import { MILLISECOND, SECOND } from '../base/units.ts';

export type Unit = 'odds' | 'duration' | 'count';
export type ParameterGroup = 'timing' | 'network' | 'partitions' | 'processes' | 'disk' | 'clocks' | 'clients';

export interface Parameter {
  readonly group: ParameterGroup;
  readonly unit: Unit;
  readonly calm: number;
  readonly meaning: string;
}

const row =
  (unit: Unit) =>
  (group: ParameterGroup, calm: number, meaning: string): Parameter => ({ group, unit, calm, meaning });
const duration = row('duration');
const odds = row('odds');
const count = row('count');

/** Every number that a plan may set: its group, its unit, its value in `calm`, its meaning. */
export const parameterTable = {
  electionTimeoutMin: duration('timing', 150 * MILLISECOND, 'shortest election timeout (section 5.2)'),
  electionTimeoutMax: duration('timing', 300 * MILLISECOND, 'longest election timeout'),
  heartbeatInterval: duration('timing', 50 * MILLISECOND, 'time between two heartbeats of a leader'),
  settle: duration('timing', 6 * SECOND, 'how long after the heal the cluster may take to recover'),

  delayMin: duration('network', 1 * MILLISECOND, 'shortest way of a message'),
  delayMax: duration('network', 10 * MILLISECOND, 'longest way of a message'),
  loss: odds('network', 0, 'a message is lost'),
  duplicate: odds('network', 0, 'a message arrives twice'),
  reorder: odds('network', 0, 'a message may overtake, or be overtaken by, others of its link'),
  longDelay: odds('network', 0, 'a single message is held up for very long'),
  longDelayMax: duration('network', 3 * SECOND, 'longest time that such a message is held up'),
  capacity: count('network', 0, 'messages that fit on a link at once; more are lost (0: no limit)'),

  cutEvery: duration('partitions', 0, 'mean time between two cuts'),
  cutFor: duration('partitions', 1 * SECOND, 'mean time until a cut heals'),
  slowEvery: duration('partitions', 0, 'mean time between two slow spells of some links'),
  slowFor: duration('partitions', 1 * SECOND, 'mean length of a slow spell'),
  slowFactor: count('partitions', 30, 'how many times longer messages take on a slow link'),

  crashEvery: duration('processes', 0, 'mean time between two crashes'),
  downFor: duration('processes', 500 * MILLISECOND, 'mean time until a crashed process restarts'),
  crashInStep: odds('processes', 300_000, 'a crash falls between two effects of one step'),
  pauseEvery: duration('processes', 0, 'mean time between two pauses'),
  pauseFor: duration('processes', 400 * MILLISECOND, 'mean length of a pause'),
  wipesMax: count('processes', 0, 'disks that may be wiped by a crash; a wiped process stays away for good'),

  writeDelayMin: duration('disk', 50, 'shortest write'),
  writeDelayMax: duration('disk', 200, 'longest write'),
  syncDelayMin: duration('disk', 100, 'shortest sync'),
  syncDelayMax: duration('disk', 1 * MILLISECOND, 'longest sync'),
  powerLoss: odds('disk', 0, 'a crash is a power loss: unsynced writes vanish from some write on'),
  tornWrite: odds('disk', 0, 'the first write that a power loss takes leaves a torn piece behind'),
  writeError: odds('disk', 0, 'a write fails; the process stops and restarts'),
  syncError: odds('disk', 0, 'a sync fails and drops what was cached; the process stops and restarts'),

  clockEvery: duration('clocks', 0, 'mean time between two changes of a clock'),
  clockRateMax: odds('clocks', 200_000, 'how much faster or slower than true a clock may run'),
  clockJumpMax: duration('clocks', 500 * MILLISECOND, 'how far a clock may jump, forwards or back'),

  clients: count('clients', 4, 'client sessions'),
  thinkMin: duration('clients', 5 * MILLISECOND, 'shortest time from an answer to the next call of a client'),
  thinkMax: duration('clients', 50 * MILLISECOND, 'longest time from an answer to the next call of a client'),
  openLoopEvery: duration(
    'clients',
    0,
    'a free session calls this often, whatever happened to earlier calls (0: closed loop)',
  ),
  patience: duration('clients', 300 * MILLISECOND, 'how long a client waits for an answer before it tries again'),
  retriesMax: count('clients', 6, 'tries after which a client gives up; the outcome is then unknown'),
  retryElsewhere: odds('clients', 500_000, 'a retry goes to another node'),
  duplicateCall: odds('clients', 0, 'a client sends a call twice'),
  answerLoss: odds('clients', 0, 'an answer to a client is lost'),
  keys: count('clients', 3, 'keys in use at a time'),
  callsPerKey: count('clients', 60, 'calls after which a key is left for a fresh one'),
} as const satisfies Record<string, Parameter>;

/** The name of a parameter. */
export type ParameterName = keyof typeof parameterTable;
/** A value for each parameter: microseconds, parts per million, counts. */
export type Parameters = { readonly [name in ParameterName]: number };

export const parameterNames: readonly ParameterName[] = Object.keys(parameterTable) as ParameterName[];

/** The parameters of a profile: those of `calm`, changed where the profile says so. */
export function parametersWith(changes: Partial<Parameters>): Parameters {
  return Object.fromEntries(
    parameterNames.map((name) => [name, changes[name] ?? parameterTable[name].calm]),
  ) as Parameters;
}
