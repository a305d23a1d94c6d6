// A step: one atomic thing that happens to one process, link or client. Everything that a schedule can decide is one.
//
// Steps are plain data. A trace is a list of them, and a script takes them again without any random draw: they name
// messages by link and number on that link, writes and timers by their process, calls by client and sequence. The row
// of a kind is all there is to know of it as data; how it is taken stands in `steps/`, how it is written in `trace/`.

import { clientId, nodeId, term, type Micros, type NodeId } from '../base/ids.ts';
import { damageKinds } from '../protocol/recovered.ts';
import { timerNames } from '../protocol/timers.ts';
import type { Field, ValuesOf } from './steps/field.ts';

export interface StepRow {
  /** Its number in the fingerprint, which never changes: a new kind takes the next one. */
  readonly code: number;
  /** What happens, for a reader of a trace. */
  readonly meaning: string;
  /** In the order of the trace. */
  readonly fields: Readonly<Record<string, Field>>;
  /** It decides only when others come: no server and no client is changed by it. */
  readonly isTiming?: true;
  /**
   * What becomes of its node, as the end of a sentence that begins with its name. A kind that has neither this nor
   * `isTiming` is spelled out in `shrink/`, where the compiler asks for it.
   */
  readonly outcome?: string;
  /** The kind of step that puts an end to it. */
  readonly undoneBy?: string;
  /** How the summary of a run counts it if it is a fault: one, and many. */
  readonly fault?: readonly [one: string, many: string];
}

const nodes = { type: 'node', meaning: 'nodes: `"n1"`, `"n2"`, …' } as const;
const node = { type: nodes.type, meaning: nodes.meaning, example: nodeId(1) } as const;
const from = { type: nodes.type, meaning: nodes.meaning, example: nodeId(0) } as const;
const to = { type: nodes.type, meaning: nodes.meaning, example: nodeId(4) } as const;
const client = { type: 'client', meaning: 'a client: `"c1"`, `"c2"`, …', example: clientId(2) } as const;
const number = {
  type: 'whole',
  min: 1,
  meaning: 'names a message: it counts those of its link from 1',
  example: 5,
} as const;
/** Of a step that runs a process: it crashed after carrying out this many effects of it. */
const effects = {
  type: 'whole',
  min: 0,
  meaning: 'only there if the process crashed in the middle of the step: after this many of its effects',
  example: 1,
  isOptional: true,
} as const;
const kept = {
  type: 'whole',
  min: 0,
  meaning: 'how many of the cached writes, oldest first, reach the disk all the same',
  example: 1,
} as const;
const fault = { type: 'whole', min: 0, meaning: 'names a cut or a slow spell', example: 1 } as const;
const links = {
  type: 'links',
  meaning: 'directed links by their ends: `[["n1","n2"],["n2","n1"]]`',
  example: [
    [nodeId(0), nodeId(4)],
    [nodeId(4), nodeId(0)],
  ],
} as const;

/** The row of every kind, in the order of the codes. */
export const stepTable = {
  deliver: { code: 1, meaning: 'a message arrives', fields: { from, to, number, effects } },
  drop: {
    code: 2,
    meaning: 'a message is gone',
    fields: {
      from,
      to,
      number,
      reason: {
        type: 'word',
        words: ['lost', 'cut', 'full', 'down'],
        meaning: '`lost` on the way, `cut` off, no room on the link (`full`), or its receiver is `down`',
        example: 'cut',
      },
    },
    isTiming: true,
  },
  duplicate: { code: 3, meaning: 'a message will arrive once more', fields: { from, to, number } },
  timer: {
    code: 4,
    meaning: 'a timer of a node expires',
    fields: {
      node,
      timer: { type: 'word', words: timerNames, meaning: 'the timer that expires', example: 'election' },
      effects,
    },
  },
  durable: { code: 5, meaning: 'the oldest cached write of a node becomes durable', fields: { node, effects } },
  'write-failed': {
    code: 6,
    meaning: 'the oldest cached write of a node fails; the node stops',
    fields: {
      node,
      error: { type: 'word', words: ['write', 'sync'], meaning: 'what went wrong', example: 'sync' },
      kept,
    },
    fault: ['failed write', 'failed writes'],
  },
  crash: {
    code: 7,
    meaning: 'a process stops and loses everything volatile',
    fields: {
      node,
      kept,
      torn: {
        type: 'flag',
        meaning: 'whether the first write that is lost leaves a torn piece behind',
        example: true,
      },
    },
    undoneBy: 'restart',
    fault: ['crash', 'crashes'],
  },
  wipe: {
    code: 8,
    meaning: 'the disk of a process that is down is emptied',
    fields: { node },
    outcome: 'loses its disk',
    fault: ['wiped disk', 'wiped disks'],
  },
  restart: { code: 9, meaning: 'a process boots from its disk', fields: { node }, outcome: 'restarts' },
  pause: {
    code: 10,
    meaning: 'a process stands still',
    fields: { node },
    isTiming: true,
    undoneBy: 'resume',
    fault: ['pause', 'pauses'],
  },
  resume: { code: 11, meaning: 'a paused process goes on', fields: { node }, isTiming: true },
  cut: {
    code: 12,
    meaning: 'links are blocked until the fault is healed',
    fields: {
      fault,
      shape: { type: 'text', meaning: 'how the links lie; for the reader only', example: 'two-way' },
      links,
    },
    isTiming: true,
    undoneBy: 'heal',
    fault: ['cut', 'cuts'],
  },
  heal: { code: 13, meaning: 'the cut with this number ends', fields: { fault }, isTiming: true },
  slow: {
    code: 14,
    meaning: 'messages take longer on these links until the fault is mended',
    fields: {
      fault,
      factor: { type: 'whole', min: 1, meaning: 'how many times longer', example: 10 },
      links,
    },
    isTiming: true,
    undoneBy: 'mend',
    fault: ['slow spell', 'slow spells'],
  },
  mend: { code: 15, meaning: 'the slow spell with this number ends', fields: { fault }, isTiming: true },
  clock: {
    code: 16,
    meaning: 'the clock of a node changes its rate, and jumps',
    fields: {
      node,
      ratePpm: {
        type: 'whole',
        // A clock that runs a million parts per million slower stands still.
        min: -999_999,
        meaning: 'parts per million off true time',
        example: -200,
      },
      jump: { type: 'whole', min: Number.MIN_SAFE_INTEGER, meaning: 'in microseconds', example: -1_500 },
    },
    isTiming: true,
    undoneBy: 'clock',
    fault: ['clock change', 'clock changes'],
  },
  /** From now on the cluster has a bounded time to recover. */
  calm: { code: 17, meaning: 'the faults are over', fields: {}, isTiming: true },
  call: {
    code: 18,
    meaning: 'a client sends a call; an old `sequence` is a retry or a duplicate',
    fields: {
      client,
      sequence: { type: 'whole', min: 1, meaning: 'counts the calls of this client from 1', example: 4 },
      node,
      operation: {
        type: 'operation',
        meaning: 'what is asked of the key-value machine, see below',
        example: { kind: 'put', key: 'k1', value: '3.1' },
      },
      effects,
    },
  },
  answer: {
    code: 19,
    meaning: 'an answer arrives at its client, or is lost',
    fields: {
      client,
      number: { type: 'whole', min: 1, meaning: 'counts the answers to this client from 1', example: 3 },
      lost: { type: 'flag', meaning: 'whether the answer is lost on its way', example: false },
    },
  },
  'change-members': {
    code: 20,
    meaning: 'a node is asked for a change of the members',
    fields: {
      node,
      change: {
        type: 'change',
        meaning: 'who is to vote, to learn and to leave: `{"voters":["n4"],"learners":[],"removed":["n1"]}`',
        example: { voters: [nodeId(3)], learners: [], removed: [nodeId(0)] },
      },
      effects,
    },
  },
  transfer: {
    code: 21,
    meaning: 'somebody asks a node to hand over its lead; one that does not lead takes no notice',
    fields: {
      node,
      target: { type: nodes.type, meaning: nodes.meaning, example: nodeId(2) },
      effects,
    },
    fault: ['transfer of the lead', 'transfers of the lead'],
  },
  compact: {
    code: 22,
    meaning: 'a node takes a snapshot of its machine at once, and compacts its log',
    fields: { node, effects },
    outcome: 'takes a snapshot of its machine, and compacts its log',
    fault: ['compaction', 'compactions'],
  },
  damage: {
    code: 23,
    meaning: 'a record on the disk of a process that is down is damaged',
    fields: {
      node,
      record: { type: 'whole', min: 0, meaning: 'the entry whose record it is; 0: that of term and vote', example: 3 },
      how: {
        type: 'word',
        words: damageKinds,
        meaning: '`flipped`: bits of it; `misplaced`: another record was written over it; `lost`: it never got there',
        example: 'misplaced',
      },
    },
    outcome: 'has a damaged record on its disk',
    fault: ['damaged record', 'damaged records'],
  },
  send: {
    code: 24,
    meaning: 'a message is on its way that its sender never sent',
    fields: {
      message: {
        type: 'message',
        meaning: 'its kind, its ends and its fields; entries by their terms, as they change nothing',
        example: {
          kind: 'RequestVoteReply',
          from: nodeId(0),
          to: nodeId(4),
          term: term(2),
          granted: true,
        },
      },
    },
  },
} as const satisfies Readonly<Record<string, StepRow>>;

type StepTable = typeof stepTable;

/** The kinds of steps. */
export type StepKind = keyof StepTable;

export type StepOf<Kind extends StepKind> = StepsByKind[Kind];

/** `at` is the virtual time at which the step was taken. */
type StepsByKind = {
  readonly [Kind in StepKind]: { readonly kind: Kind; readonly at: Micros } & ValuesOf<StepTable[Kind]['fields']>;
};

/** One atomic thing that happens, as plain data: what a trace holds and a script takes again. */
export type Step = StepsByKind[StepKind];
export type DropReason = StepOf<'drop'>['reason'];
export type { LinkEnds } from './steps/field.ts';

/** The kinds of which the row has a column. */
type KindWith<Column extends keyof StepRow> = {
  [Kind in StepKind]: StepTable[Kind] extends { readonly [column in Column]: unknown } ? Kind : never;
}[StepKind];

/** The kinds that the summary of a run counts as faults. */
export type FaultKind = KindWith<'fault'>;
export type TimingKind = KindWith<'isTiming'>;
/** A step of one node, of which the shrinker need not know more than its outcome. */
export type PlainKind = KindWith<'outcome'>;

/** In the order of the codes: `World` counts on it. */
export const stepKinds: readonly StepKind[] = Object.keys(stepTable) as StepKind[];

export const faultKinds: readonly FaultKind[] = stepKinds.filter(
  (kind): kind is FaultKind => 'fault' in stepTable[kind],
);

/** The process that a step happens to, if it happens to one. */
export function nodeOf(step: Step): NodeId | undefined {
  if (step.kind === 'deliver') return step.to;
  return 'node' in step ? step.node : undefined;
}
