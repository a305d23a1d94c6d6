// The commit index moves when it must (section 5.3, Figure 2): a follower that takes a request of its leader has
// committed what the leader had, as far as the request verifies its log. Nobody may have to send it more for that.
//
// Judged at the end of the step that took the request.

import { logIndex, nodeName } from '../../base/ids.ts';
import type { AppendEntries } from '../../protocol/message.ts';
import type { LogView } from '../../sim/process.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const commitFollowsFacts = {
  name: 'commit-follows',
  kind: 'safety',
  mood: 'always',
  needs: ['messages', 'log', 'commit', 'terms'],
} as const satisfies PropertyFacts;

export function commitFollows(): Property {
  /** What the step that is going on is about; one at a time. */
  let taken: AppendEntries | undefined;
  return {
    name: commitFollowsFacts.name,
    mood: commitFollowsFacts.mood,
    received(_host, message) {
      taken = message.kind === 'AppendEntries' && message.leaderCommit > 0 ? message : undefined;
      return undefined;
    },
    stepped(host) {
      const message = taken;
      taken = undefined;
      if (message === undefined || message.to !== host.id || host.crashPending) return undefined;
      const { log, currentTerm, commitIndex } = host.process.probe;
      const verified = message.prevLogIndex + message.entries.length;
      const wanted = message.leaderCommit < verified ? message.leaderCommit : verified;
      if (commitIndex >= wanted || message.term !== currentTerm || !isVerified(log, message)) return undefined;
      const takes = `${nodeName(host.id)} takes a request of ${nodeName(message.from)} that verifies entry ${verified}`;
      return `${takes} and says that ${message.leaderCommit} is committed, and has committed ${commitIndex}`;
    },
  };
}

/** Whether the log holds the entry before the new ones, and room for these. */
function isVerified(log: LogView, { prevLogIndex, prevLogTerm, entries }: AppendEntries): boolean {
  if (prevLogIndex < log.base || prevLogIndex + entries.length > log.lastIndex) return false;
  return log.termAt(logIndex(prevLogIndex)) === prevLogTerm;
}
