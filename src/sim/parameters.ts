// Every number that a plan may set: the one table from which plans, flags and docs come.
//
// Durations are virtual microseconds, odds are parts per million, `every` is the mean distance between two faults of a
// kind (0: never), `for` is how long one lasts on average. The values here are those of the profile `calm`.

export type Unit = 'odds' | 'duration' | 'count' | 'percent';
export type Group = 'timing' | 'network' | 'partitions' | 'processes' | 'disk' | 'clocks' | 'clients';

export interface Parameter {
  readonly group: Group;
  readonly unit: Unit;
  readonly calm: number;
  readonly meaning: string;
}

const MILLISECOND = 1_000;
const SECOND = 1_000_000;

export const parameterTable = {
  electionTimeoutMin: { group: 'timing', unit: 'duration', calm: 150 * MILLISECOND, meaning: 'shortest election timeout (section 5.2)' },
  electionTimeoutMax: { group: 'timing', unit: 'duration', calm: 300 * MILLISECOND, meaning: 'longest election timeout' },
  heartbeatInterval: { group: 'timing', unit: 'duration', calm: 50 * MILLISECOND, meaning: 'time between two heartbeats of a leader' },
  settle: { group: 'timing', unit: 'duration', calm: 6 * SECOND, meaning: 'how long after the heal the cluster may take to recover' },

  delayMin: { group: 'network', unit: 'duration', calm: 1 * MILLISECOND, meaning: 'shortest way of a message' },
  delayMax: { group: 'network', unit: 'duration', calm: 10 * MILLISECOND, meaning: 'longest way of a message' },
  loss: { group: 'network', unit: 'odds', calm: 0, meaning: 'a message is lost' },
  duplicate: { group: 'network', unit: 'odds', calm: 0, meaning: 'a message arrives twice' },
  reorder: { group: 'network', unit: 'odds', calm: 0, meaning: 'a message may overtake, or be overtaken by, others of its link' },
  longDelay: { group: 'network', unit: 'odds', calm: 0, meaning: 'a single message is held up for very long' },
  longDelayMax: { group: 'network', unit: 'duration', calm: 3 * SECOND, meaning: 'longest time that such a message is held up' },
  capacity: { group: 'network', unit: 'count', calm: 0, meaning: 'messages that fit on a link at once; more are lost (0: no limit)' },

  cutEvery: { group: 'partitions', unit: 'duration', calm: 0, meaning: 'mean time between two cuts' },
  cutFor: { group: 'partitions', unit: 'duration', calm: 1 * SECOND, meaning: 'mean time until a cut heals' },
  slowEvery: { group: 'partitions', unit: 'duration', calm: 0, meaning: 'mean time between two slow spells of some links' },
  slowFor: { group: 'partitions', unit: 'duration', calm: 1 * SECOND, meaning: 'mean length of a slow spell' },
  slowFactor: { group: 'partitions', unit: 'count', calm: 30, meaning: 'how many times longer messages take on a slow link' },

  crashEvery: { group: 'processes', unit: 'duration', calm: 0, meaning: 'mean time between two crashes' },
  downFor: { group: 'processes', unit: 'duration', calm: 500 * MILLISECOND, meaning: 'mean time until a crashed process restarts' },
  crashInStep: { group: 'processes', unit: 'odds', calm: 300_000, meaning: 'a crash falls between two effects of one step' },
  pauseEvery: { group: 'processes', unit: 'duration', calm: 0, meaning: 'mean time between two pauses' },
  pauseFor: { group: 'processes', unit: 'duration', calm: 400 * MILLISECOND, meaning: 'mean length of a pause' },
  wipesMax: { group: 'processes', unit: 'count', calm: 0, meaning: 'disks that may be wiped by a crash; a wiped process stays away for good' },

  writeDelayMin: { group: 'disk', unit: 'duration', calm: 50, meaning: 'shortest write' },
  writeDelayMax: { group: 'disk', unit: 'duration', calm: 200, meaning: 'longest write' },
  syncDelayMin: { group: 'disk', unit: 'duration', calm: 100, meaning: 'shortest sync' },
  syncDelayMax: { group: 'disk', unit: 'duration', calm: 1 * MILLISECOND, meaning: 'longest sync' },
  powerLoss: { group: 'disk', unit: 'odds', calm: 0, meaning: 'a crash is a power loss: unsynced writes vanish from some write on' },
  tornWrite: { group: 'disk', unit: 'odds', calm: 0, meaning: 'the first write that a power loss takes leaves a torn piece behind' },
  writeError: { group: 'disk', unit: 'odds', calm: 0, meaning: 'a write fails; the process stops and restarts' },
  syncError: { group: 'disk', unit: 'odds', calm: 0, meaning: 'a sync fails and drops what was cached; the process stops and restarts' },

  clockEvery: { group: 'clocks', unit: 'duration', calm: 0, meaning: 'mean time between two changes of a clock' },
  clockRateMax: { group: 'clocks', unit: 'odds', calm: 200_000, meaning: 'how much faster or slower than true a clock may run' },
  clockJumpMax: { group: 'clocks', unit: 'duration', calm: 500 * MILLISECOND, meaning: 'how far a clock may jump, forwards or back' },

  clients: { group: 'clients', unit: 'count', calm: 4, meaning: 'client sessions' },
  thinkMin: { group: 'clients', unit: 'duration', calm: 5 * MILLISECOND, meaning: 'shortest time from an answer to the next call of a client' },
  thinkMax: { group: 'clients', unit: 'duration', calm: 50 * MILLISECOND, meaning: 'longest time from an answer to the next call of a client' },
  openLoopEvery: { group: 'clients', unit: 'duration', calm: 0, meaning: 'a free session calls this often, whatever happened to earlier calls (0: closed loop)' },
  patience: { group: 'clients', unit: 'duration', calm: 300 * MILLISECOND, meaning: 'how long a client waits for an answer before it tries again' },
  retriesMax: { group: 'clients', unit: 'count', calm: 6, meaning: 'tries after which a client gives up; the outcome is then unknown' },
  retryElsewhere: { group: 'clients', unit: 'odds', calm: 500_000, meaning: 'a retry goes to another node' },
  duplicateCall: { group: 'clients', unit: 'odds', calm: 0, meaning: 'a client sends a call twice' },
  answerLoss: { group: 'clients', unit: 'odds', calm: 0, meaning: 'an answer to a client is lost' },
  keys: { group: 'clients', unit: 'count', calm: 3, meaning: 'keys in use at a time' },
  callsPerKey: { group: 'clients', unit: 'count', calm: 60, meaning: 'calls after which a key is left for a fresh one' },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof parameterTable;
export type Parameters = { readonly [name in ParameterName]: number };

export const parameterNames: readonly ParameterName[] = Object.keys(parameterTable) as ParameterName[];

/** The parameters of a profile: those of `calm`, changed where the profile says so. */
export function parametersWith(changes: Partial<Parameters>): Parameters {
  return Object.fromEntries(
    parameterNames.map((name) => [name, changes[name] ?? parameterTable[name].calm]),
  ) as Parameters;
}
