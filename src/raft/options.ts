// What a user may choose about a node: one row for each option, from which flags, keys, plans, draws and docs come.
//
// Every feature beyond the paper's sections 5.1 to 5.6 is an option, so that the plain algorithm is one plan away; the
// defaults are those of a production Raft. A row's name is its key in plans and scenarios. Nothing looks into the table
// while a node runs: it reads plain fields of a plain object. A new row stands at the end, so that no draw shifts.

/** When a number is drawn at all; options with the same occasion are drawn together. */
export interface DrawOccasion {
  /** Parts per million. */
  readonly odds: number;
  /** Also in plans whose cluster must recover in time (section 5.6). */
  readonly inTamePlans: boolean;
}

interface CommonFacts {
  /** Its flag, without the dashes. */
  readonly flag: string;
  /** Of the dissertation where the paper does not know it. */
  readonly section: string;
}

/** Something that a node does or does not do. */
export interface SwitchOption extends CommonFacts {
  readonly kind: 'switch';
  readonly default: boolean;
  readonly meaning: string;
  /** What is so without it. */
  readonly otherwise: string;
  /** The value that is not the default, in a word or two. */
  readonly unusual: string;
  /** How often a campaign switches it on, in parts per million. */
  readonly draw: number;
}

/** One of several ways to do something. */
export interface WordOption extends CommonFacts {
  readonly kind: 'word';
  readonly default: string;
  readonly meaning: string;
  /**
   * Each way: what it means, in a word or two, and how often a campaign takes it. The odds add up to a million, and are
   * asked in this order.
   */
  readonly words: Readonly<Record<string, { readonly meaning: string; readonly draw: number }>>;
}

/** A whole number of something. */
export interface NumberOption extends CommonFacts {
  readonly kind: 'number';
  readonly unit: 'bytes' | 'messages' | 'entries' | 'sessions';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly meaning: string;
  /** In a word, for a line that has many of them. */
  readonly label: string;
  /** The range that a campaign draws from, each doubling as likely as the others. */
  readonly draw: { readonly low: number; readonly high: number; readonly when: DrawOccasion };
}

export type NodeOption = SwitchOption | WordOption | NumberOption;

/** Through a narrow pipe a server that was away for long may catch up only when it is too late: that is undecided. */
const narrowPipe: DrawOccasion = { odds: 300_000, inTamePlans: true };

/** Short logs are compacted often, so that servers that are behind need snapshots. */
const compacting: DrawOccasion = { odds: 400_000, inTamePlans: true };
/** Some snapshots are large for what a message may carry. */
const inPieces: DrawOccasion = { odds: 500_000, inTamePlans: true };
/** Fewer sessions than there are clients, which expire each other. */
const fewSessions: DrawOccasion = { odds: 200_000, inTamePlans: true };

export const nodeOptionTable = {
  noOpOnElection: {
    kind: 'switch',
    default: true,
    flag: 'noop',
    section: '8',
    meaning: 'a new leader appends an entry that changes nothing, and so learns what is committed',
    otherwise: 'a new leader waits for the first command of its term to learn what is committed',
    unusual: 'no no-op',
    draw: 600_000,
  },
  backtracking: {
    kind: 'word',
    default: 'term',
    flag: 'backtracking',
    section: '5.3',
    meaning: 'how a leader looks for the last entry that a follower shares',
    words: {
      one: { meaning: 'one by one', draw: 300_000 },
      term: { meaning: 'by whole terms', draw: 700_000 },
    },
  },
  probeWithEntries: {
    kind: 'switch',
    default: true,
    flag: 'probe-entries',
    section: '5.3',
    meaning: 'a probe carries entries at once',
    otherwise: 'a probe is empty until the leader knows where the logs meet',
    unusual: 'empty probes',
    draw: 600_000,
  },
  notifyCommit: {
    kind: 'switch',
    default: false,
    flag: 'notify-commit',
    section: '5.3',
    meaning: 'followers learn at once what is committed',
    otherwise: 'followers learn what is committed with the next entries or heartbeat',
    unusual: 'commit notices',
    draw: 500_000,
  },
  batchBytesMax: {
    kind: 'number',
    unit: 'bytes',
    default: 4096,
    min: 1,
    max: 1_000_000,
    flag: 'batch-bytes',
    section: 'dissertation 10.2.2',
    meaning: 'an AppendEntries carries one entry, then as many more as fit in so many bytes',
    label: 'batch',
    draw: { low: 1, high: 400, when: narrowPipe },
  },
  inflightMax: {
    kind: 'number',
    unit: 'messages',
    default: 16,
    min: 1,
    max: 10_000,
    flag: 'inflight',
    section: 'dissertation 10.2.2',
    meaning: 'how many AppendEntries with entries may be on their way to one follower',
    label: 'inflight',
    draw: { low: 1, high: 4, when: narrowPipe },
  },
  preVote: {
    kind: 'switch',
    default: false,
    flag: 'pre-vote',
    section: 'dissertation 9.6',
    meaning:
      'a server asks whether it could win before it raises its term, so that one that was cut off unseats nobody',
    otherwise: 'a server that hears no leader raises its term at once',
    unusual: 'pre-vote',
    draw: 500_000,
  },
  checkQuorum: {
    kind: 'switch',
    default: false,
    flag: 'check-quorum',
    section: 'dissertation 4.2.3, 6.2',
    meaning: 'a leader steps down when no quorum answers it, and who hears a leader answers no candidate',
    otherwise: 'a leader leads until it hears of a newer term, and every server answers every candidate',
    unusual: 'check quorum',
    draw: 500_000,
  },
  membership: {
    kind: 'word',
    default: 'off',
    flag: 'membership',
    section: '6, dissertation 4',
    meaning: 'how servers join and leave',
    words: {
      off: { meaning: 'nobody joins or leaves', draw: 500_000 },
      single: { meaning: 'changes of one voter', draw: 250_000 },
      joint: { meaning: 'joint consensus', draw: 250_000 },
    },
  },
  compactEvery: {
    kind: 'number',
    unit: 'entries',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    flag: 'compact-every',
    section: '7',
    meaning: 'a server takes a snapshot when it has executed so many entries since the last one; 0: it takes none',
    label: 'compact every',
    draw: { low: 1, high: 64, when: compacting },
  },
  compactKeep: {
    kind: 'number',
    unit: 'entries',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    flag: 'compact-keep',
    section: '7',
    meaning: 'so many of the entries that a snapshot stands for stay in the log, for followers that are a bit behind',
    label: 'keep',
    draw: { low: 1, high: 32, when: inPieces },
  },
  compactBytes: {
    kind: 'number',
    unit: 'bytes',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    flag: 'compact-bytes',
    section: '7',
    meaning: 'a server takes a snapshot when the entries since the last one hold so many bytes; 0: they do not count',
    label: 'compact at',
    draw: { low: 64, high: 4096, when: compacting },
  },
  snapshotChunkBytes: {
    kind: 'number',
    unit: 'bytes',
    default: 4096,
    min: 1,
    max: 1_000_000_000,
    flag: 'snapshot-chunk-bytes',
    section: '7',
    meaning: 'an InstallSnapshot carries at most so many bytes of a snapshot',
    label: 'chunks',
    draw: { low: 16, high: 256, when: inPieces },
  },
  lease: {
    kind: 'switch',
    default: false,
    flag: 'lease',
    section: 'dissertation 6.4.1',
    meaning: 'a leader with CheckQuorum holds a lease, by which it answers reads without asking anybody',
    otherwise: 'a leader answers every read by its log or by a round of heartbeats',
    unusual: 'lease',
    draw: 400_000,
  },
  catchUp: {
    kind: 'switch',
    default: false,
    flag: 'catch-up',
    section: 'dissertation 4.2.1',
    meaning: 'a server that is to vote receives the log first, as a learner',
    otherwise: 'a server that is to vote counts at once, with whatever log it has',
    unusual: 'catch-up',
    draw: 500_000,
  },
  sessionsMax: {
    kind: 'number',
    unit: 'sessions',
    default: 0,
    min: 0,
    max: 1_000_000,
    flag: 'sessions-max',
    section: 'dissertation 6.3',
    meaning: 'the machine knows so many sessions of clients; the one whose last command is oldest expires; 0: no limit',
    label: 'sessions',
    draw: { low: 1, high: 8, when: fewSessions },
  },
} as const satisfies Readonly<Record<string, NodeOption>>;

export type NodeOptionName = keyof typeof nodeOptionTable;

type ValueOf<Row extends NodeOption> = Row extends SwitchOption
  ? boolean
  : Row extends WordOption
    ? keyof Row['words']
    : number;

export type NodeOptions = { readonly [Name in NodeOptionName]: ValueOf<(typeof nodeOptionTable)[Name]> };

/** How a leader looks for the last entry that a follower shares. */
export type Backtracking = NodeOptions['backtracking'];

export const nodeOptionNames: readonly NodeOptionName[] = Object.keys(nodeOptionTable) as NodeOptionName[];

export const defaultNodeOptions: NodeOptions = Object.freeze(
  Object.fromEntries(nodeOptionNames.map((name) => [name, nodeOptionTable[name].default])),
) as NodeOptions;
