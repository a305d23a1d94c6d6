// Durability honesty (Figure 2): persistent state is "updated on stable storage before responding to RPCs".
//
// What a message claims about its sender must be on the sender's disk when the message leaves: its term, its vote, the
// entries that it acknowledges. A leader's entries are no claim: it may send them while it still writes them. What each
// kind vouches for stands in the table of messages.

import { nodeName, type LogIndex, type NodeId, type Term } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { Foreign } from '../../protocol/message.ts';
import type { KindThatVouchesForNothing } from '../../protocol/messages/table.ts';
import type { Finding, Property, PropertyFacts } from '../property.ts';

export const durabilityHonestyFacts = {
  name: 'durability-honesty',
  kind: 'safety',
  mood: 'always',
  needs: ['messages', 'log', 'disk'],
} as const satisfies PropertyFacts;

export function durabilityHonesty(): Property {
  return {
    name: durabilityHonestyFacts.name,
    mood: durabilityHonestyFacts.mood,
    sent(host, message) {
      const { term } = host.disk.hardState;
      if (message.term > term) {
        return `${nodeName(host.id)} sends a message of term ${message.term}, but its disk says term ${term}`;
      }
      switch (message.kind) {
        case 'AppendEntriesReply':
          return message.success ? acknowledged(host, message.matchIndex) : undefined;
        case 'InstallSnapshotReply':
          return message.installed ? acknowledged(host, message.matchIndex) : undefined;
        case 'RequestVote':
          return voted(host, message.term, host.id);
        case 'RequestVoteReply':
          return message.granted ? voted(host, message.term, message.to) : undefined;
        case 'Foreign':
          return claimed(host, message);
        default:
          return nothingClaimed(message.kind);
      }
    },
  };
}

/** Does not compile for a kind whose row says that it vouches for something. */
const nothingClaimed = (_kind: KindThatVouchesForNothing): undefined => undefined;

function voted(host: Host, term: Term, candidate: NodeId): Finding {
  const durable = host.disk.hardState;
  if (term !== durable.term || durable.votedFor === candidate) return undefined;
  const vote = `${nodeName(host.id)} tells of its vote for ${nodeName(candidate)} in term ${term}`;
  return `${vote}, but its disk says ${nodeName(durable.votedFor)}`;
}

function acknowledged(host: Host, index: LogIndex): Finding {
  const { log } = host.process.probe;
  const { disk } = host;
  if (index > log.lastIndex) {
    return `${nodeName(host.id)} acknowledges entry ${index}, but its log ends at ${log.lastIndex}`;
  }
  // What a snapshot stands for can no longer be compared: it is enough that the disk goes so far.
  const isThere =
    index <= disk.base || index < log.base
      ? index <= disk.lastIndex
      : disk.prefixHashAt(index) === log.prefixHashAt(index);
  if (isThere) return undefined;
  const durable = `its disk holds ${disk.lastIndex} entries, and not that one`;
  return `${nodeName(host.id)} acknowledges entry ${index}, but ${durable}`;
}

/** What a message of another Raft vouches for, as its adapter says. */
function claimed(host: Host, { term, to, grants, acknowledges }: Foreign): Finding {
  const untrue = grants ? voted(host, term, to) : undefined;
  if (untrue !== undefined || acknowledges === 0) return untrue;
  return acknowledged(host, acknowledges);
}
