// The import law: which room may import which, as one table.
//
// A room may import only what stands below it, and only what its row names. Type-only imports vanish when the code is
// compiled; they may reach a little further, so that checks and traces can name the shapes of the world. So may imports
// of tables, which are data.

export interface Room {
  /** Rooms whose modules may be imported by value and by type. */
  readonly values: readonly string[];
  /** Rooms that may be imported by `import type` only. */
  readonly types: readonly string[];
  /** Packages and node built-ins. */
  readonly packages: readonly string[];
}

export const ROOMS: Readonly<Record<string, Room>> = {
  base: { values: [], types: [], packages: [] },
  protocol: { values: ['base'], types: [], packages: [] },
  raft: { values: ['base', 'protocol'], types: [], packages: [] },
  sim: { values: ['base', 'protocol'], types: [], packages: [] },
  check: { values: ['base', 'protocol'], types: ['sim'], packages: [] },
  trace: { values: ['base', 'protocol'], types: ['sim', 'check'], packages: [] },
  zoo: { values: ['base', 'protocol', 'raft'], types: ['check', 'sim', 'systems'], packages: [] },
  systems: { values: ['base', 'protocol', 'raft', 'sim'], types: [], packages: [] },
  run: { values: ['base', 'protocol', 'raft', 'sim', 'systems', 'zoo', 'check', 'trace'], types: [], packages: [] },
  scenario: {
    values: ['base', 'protocol', 'sim', 'check', 'trace', 'zoo', 'run'],
    types: [],
    packages: ['yaml', 'zod'],
  },
  shrink: {
    values: ['base', 'protocol', 'sim', 'check', 'trace', 'zoo', 'run', 'scenario'],
    types: [],
    packages: [],
  },
  pool: { values: [], types: [], packages: ['node:worker_threads'] },
  queue: { values: ['base', 'pool'], types: [], packages: ['node:crypto'] },
  campaign: {
    values: ['base', 'protocol', 'sim', 'check', 'trace', 'zoo', 'systems', 'run', 'scenario', 'shrink', 'pool'],
    types: [],
    // What is read from campaign.json is judged by a schema, as scenarios are.
    packages: ['zod'],
  },
  report: { values: ['base', 'protocol', 'trace'], types: ['check', 'sim', 'run', 'campaign'], packages: [] },
  view: {
    values: ['base', 'protocol', 'sim', 'check', 'trace', 'zoo', 'run', 'scenario', 'shrink', 'report'],
    types: [],
    packages: [],
  },
  page: {
    values: ['base', 'protocol', 'sim', 'check', 'trace', 'zoo', 'run', 'scenario', 'view'],
    types: [],
    // Its schemas are told once that they are read where no code may be made from text.
    packages: ['zod'],
  },
  explore: {
    values: ['base', 'protocol', 'sim', 'run', 'shrink'],
    types: [],
    packages: [],
  },
  validate: { values: ['base', 'run'], types: [], packages: [] },
  history: { values: ['base', 'protocol', 'check', 'run'], types: [], packages: [] },
  cli: {
    values: [
      'base',
      'protocol',
      'raft',
      'sim',
      'check',
      'trace',
      'zoo',
      'systems',
      'run',
      'scenario',
      'shrink',
      'pool',
      'queue',
      'campaign',
      'history',
      'validate',
      'explore',
      'report',
      'view',
      'index',
    ],
    types: [],
    packages: ['node:*', 'commander', 'ora', 'tinyglobby'],
  },
  /** The library's front door, the file `src/index.ts`. */
  index: {
    values: [
      'base',
      'protocol',
      'run',
      'check',
      'trace',
      'sim',
      'systems',
      'zoo',
      'scenario',
      'shrink',
      'campaign',
      'history',
    ],
    types: [],
    packages: [],
  },
};

/**
 * Tables of plain data: a room that may import the types of their room may import these files by value, too. They
 * hold no code of their room, and import by value nothing but each other and what stands below every room.
 */
export const TABLES: readonly string[] = ['src/sim/step.ts', 'src/sim/steps/field.ts'];

/** Packages that belong to one file. */
export const FILE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'src/base/random.ts': ['seedrandom'],
  'src/run/nearest.ts': ['fastest-levenshtein'],
  'src/queue/bullmq.ts': ['bullmq', 'ioredis'],
  'src/systems/open.ts': ['node:fs', 'node:module', 'node:path'],
  'src/systems/child/link.ts': ['node:worker_threads'],
  'src/systems/child/thread.ts': ['node:child_process', 'node:fs', 'node:process', 'node:worker_threads'],
};

export const HOT_ROOMS: readonly string[] = ['base', 'protocol', 'raft', 'sim', 'check'];

export const FRONT_DOOR = 'src/index.ts';
const WORKER = 'src/campaign/worker.ts';
const CHILD_THREAD = 'src/systems/child/thread.ts';

/** Threads that stand beside runs, and wait for real things in real time: no run depends on when they do. */
export const BESIDE_RUNS: readonly string[] = [WORKER, CHILD_THREAD];

/** Where a program begins; every other file must be reachable from one of these. */
export const ENTRIES: readonly string[] = [
  FRONT_DOOR,
  'src/cli/main.ts',
  'src/cli/scenario/worker.ts',
  WORKER,
  CHILD_THREAD,
  'src/page/main.ts',
];

/** The room of a file of `src/`, undefined for a file outside of every room. */
export function roomOf(path: string): string | undefined {
  if (path === FRONT_DOOR) return 'index';
  const name = /^src\/([^/]+)\/./.exec(path)?.[1];
  return name !== undefined && name !== 'index' && Object.hasOwn(ROOMS, name) ? name : undefined;
}

const FAULT_AND_VERB = 'the word of a user: a row of the table of faults, and the row of the verb that does it by hand';

/** Names that two files export, each with the reason. */
export const SHARED_NAMES: Readonly<Record<string, string>> = {
  clock: FAULT_AND_VERB,
  crash: FAULT_AND_VERB,
  cut: FAULT_AND_VERB,
  duplicate: FAULT_AND_VERB,
  pause: FAULT_AND_VERB,
  slow: FAULT_AND_VERB,
  wipe: FAULT_AND_VERB,
};
