// The zoo: bugs of what a server makes of a disk that failed it (“Protocol-Aware Recovery”, FAST 2018).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { MILLISECOND } from '../../base/units.ts';
import type { Parameters } from '../../sim/parameters.ts';
import type { Variant } from '../row.ts';

/** Servers crash in quick succession, and their disks are damaged in one way. */
const damaging = (parameters: Partial<Parameters>): NonNullable<Variant['hunt']> => ({
  profile: 'crashes',
  nodes: 3,
  parameters: {
    crashEvery: 150 * MILLISECOND,
    downFor: 100 * MILLISECOND,
    cutEvery: 400 * MILLISECOND,
    cutFor: 300 * MILLISECOND,
    ...parameters,
  },
});

/** Variants of servers that read a bad disk. */
export const diskVariants = {
  'corrupt-tail-truncated': {
    fault: 'A record that fails its check, wherever it stands, is taken for a torn tail: the log is cut there.',
    section: 'FAST 2018, “Protocol-Aware Recovery”, 3',
    breaks: 'leader-completeness',
    noticedBy: [
      'commit-legitimacy',
      'state-machine-safety',
      'handlers-never-throw',
      'committed-on-quorum',
      'progress-truth',
    ],
    hunt: damaging({ rotsMax: 50 }),
    sources: ['Protocol-Aware Recovery, FAST 2018', 'camunda’s RaftCorruptedDataTest'],
    rules: { onDamage: ({ index }) => (index > 0 ? 'cut' : 'stay away') },
  },
  'corrupt-entry-undetected': {
    fault: 'Records have no checksum: an entry with flipped bits is read as it is.',
    section: 'FAST 2018, “Protocol-Aware Recovery”, 2',
    breaks: 'state-machine-safety',
    noticedBy: ['log-matching', 'leader-completeness', 'commit-legitimacy', 'handlers-never-throw'],
    hunt: damaging({ rotsMax: 50 }),
    sources: ['nats-io/nats-server#7556'],
    rules: { onDamage: ({ index }) => (index > 0 ? 'believe' : 'stay away') },
  },
  'misdirected-io-undetected': {
    fault: 'The checksum of a record covers what it says and not where it stands: another record passes for it.',
    section: 'FAST 2018, “Protocol-Aware Recovery”, 2',
    breaks: 'state-machine-safety',
    noticedBy: ['log-matching', 'leader-completeness', 'commit-legitimacy', 'handlers-never-throw'],
    hunt: damaging({ misdirectedMax: 50 }),
    sources: ['TigerBeetle’s storage fault model'],
    rules: { onDamage: ({ kind }) => (kind === 'misplaced' ? 'believe' : 'stay away') },
  },
  'lost-vote-starts-anew': {
    fault: 'A server that finds its log and no term and vote begins with term 0 and a free vote.',
    section: '5.2, Figure 2',
    breaks: 'vote-once',
    noticedBy: ['monotonicity', 'election-safety', 'handlers-never-throw', 'log-matching', 'leader-completeness'],
    hunt: damaging({ votesLostMax: 50 }),
    sources: ['camunda/camunda#14518', 'camunda/camunda#19290'],
    rules: { onDamage: ({ index, kind }) => (index === 0 && kind === 'lost' ? 'believe' : 'stay away') },
  },
  'rejoin-with-wiped-disk': {
    fault: 'A server that finds its disk empty takes part again under its old name, and votes.',
    section: '5.2, 5.4',
    breaks: 'leader-completeness',
    noticedBy: [
      'vote-once',
      'monotonicity',
      'commit-legitimacy',
      'committed-on-quorum',
      'election-safety',
      'state-machine-safety',
    ],
    hunt: damaging({ wipesMax: 50 }),
    sources: ['nats-io/nats-server#7038', 'restatedev/restate#2415', 'baidu/braft#292'],
    rules: { onDamage: ({ kind }) => (kind === 'wiped' ? 'believe' : 'stay away') },
  },
  'fsync-error-ignored': {
    fault: 'A write fails, and the server goes on as if it had not.',
    section: 'Figure 2',
    breaks: 'leader-completeness',
    noticedBy: ['durability-honesty', 'commit-legitimacy', 'committed-on-quorum', 'vote-once', 'monotonicity'],
    hunt: damaging({ syncError: 50_000, writeError: 20_000 }),
    sources: ['cockroachdb/cockroach#37102', 'camunda/camunda#30354', 'rostamlabs/rostam#94'],
    handlers: (paper) => ({
      writeFailed(node, failed) {
        const last = node.nextTicket;
        for (let ticket = failed; ticket <= last; ticket++) paper.writeCompleted(node, ticket);
      },
    }),
  },
} as const satisfies Record<string, Variant>;
