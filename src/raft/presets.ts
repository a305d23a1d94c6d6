// Sets of options that go together: the paper's Raft, the dissertation's, and what etcd made of it.
//
// A preset says only where it differs from the usual node. What a user says of an option holds against it, and so does
// what a variant switches; a plan holds the options themselves, so that no preset need be known to repeat it.

import type { NodeOptions } from './options.ts';

export interface Preset {
  readonly meaning: string;
  readonly section: string;
  readonly options: Partial<NodeOptions>;
}

/** How many entries a log may grow before it is compacted, where a preset compacts it. */
const COMPACT_EVERY = 64;

export const presetTable = {
  plain: {
    meaning: 'what the paper says up to section 5.6, and nothing more',
    section: '5',
    options: {},
  },
  paper: {
    meaning: 'the paper: joint consensus and log compaction, without PreVote and CheckQuorum',
    section: '5 to 8',
    options: { membership: 'joint', compactEvery: COMPACT_EVERY },
  },
  thesis: {
    meaning: 'the dissertation: PreVote, CheckQuorum and leases, changes of one server, log compaction',
    section: 'dissertation 3, 4, 5, 6, 9.6',
    options: {
      preVote: true,
      checkQuorum: true,
      lease: true,
      membership: 'single',
      compactEvery: COMPACT_EVERY,
    },
  },
  etcd: {
    meaning: 'etcd’s Raft: PreVote, CheckQuorum, commit notices, joint consensus, log compaction with a tail',
    section: 'dissertation 6.2, 9.6',
    options: {
      preVote: true,
      checkQuorum: true,
      notifyCommit: true,
      membership: 'joint',
      compactEvery: COMPACT_EVERY,
      compactKeep: 16,
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;

/** The name of a preset. */
export type PresetName = keyof typeof presetTable;

/** The names of all presets. */
export const presetNames: readonly PresetName[] = Object.keys(presetTable) as PresetName[];
