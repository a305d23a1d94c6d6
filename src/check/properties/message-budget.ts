// Message budget: what a leader sends to a follower is paid for by something that happened.
//
// An entry goes to a follower once (5.3), and again only after a refusal or, a little each time, after a heartbeat,
// which asks anew for what may be lost. With backtracking by terms a leader needs a request for a term on which the two
// logs differ (5.3, end), not one for an entry. A snapshot that was begun is carried to its end before another one
// begins (7): a follower that lags needs one of them. The allowances are wide, whatever is lost, doubled or late.

import { nodeName, type LogIndex } from '../../base/ids.ts';
import type { AppendEntries, InstallSnapshot } from '../../protocol/message.ts';
import type { Configuration } from '../../protocol/configuration.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Host } from '../../sim/host.ts';
import type { Ghost, Finding, Property, PropertyFacts } from '../property.ts';

export const messageBudgetFacts = {
  name: 'message-budget',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'contents', 'timers'],
} as const satisfies PropertyFacts;

/** Messages with entries that were sent before, which no heartbeat and no refusal accounts for. */
const REPEATS_MAX = 64;
/** So many of them a heartbeat accounts for. */
const REPEATS_FOR_A_HEARTBEAT = 4;
/** Steps back for each term that there may be, and some more. */
const STEPS_FOR_A_TERM = 2;
const STEPS_SPARE = 8;

/** What one leader has sent to one server. */
interface Account {
  term: number;
  configuration: Configuration | undefined;
  /** The highest entry that went there; 0 after a refusal: then all may be sent anew. */
  highest: number;
  repeats: number;
  /** The entry before those of the last request, and how often it has moved back since the last success. */
  before: number;
  stepsBack: number;
  /** The snapshot that is on its way, by its last entry; 0: none. */
  snapshot: number;
}

export function messageBudget(ghost: Ghost, stepsByTerms: boolean): Property {
  const nodes = ghost.known.length;
  const accounts: Account[] = Array.from({ length: nodes * nodes }, () => ({
    term: 0,
    configuration: undefined,
    highest: 0,
    repeats: 0,
    before: 0,
    stepsBack: 0,
    snapshot: 0,
  }));

  /** That of this leadership, under this configuration: another one may have let a follower go and taken it back. */
  const accountOf = (host: Host, follower: number): Account => {
    const account = accounts[host.id * nodes + follower] as Account;
    const { currentTerm, configuration } = host.process.probe;
    if (account.term === currentTerm && account.configuration === configuration) return account;
    account.term = currentTerm;
    account.configuration = configuration;
    account.highest = 0;
    account.repeats = 0;
    account.before = 0;
    account.stepsBack = 0;
    account.snapshot = 0;
    return account;
  };

  const entriesSent = (host: Host, { to, prevLogIndex, entries }: AppendEntries): Finding => {
    const account = accountOf(host, to);
    if (prevLogIndex < account.before) account.stepsBack++;
    account.before = prevLogIndex;
    const who = `${nodeName(host.id)} leads term ${account.term} and`;
    if (stepsByTerms && account.stepsBack > STEPS_FOR_A_TERM * account.term + STEPS_SPARE) {
      const where = `where the log of ${nodeName(to)} parts from its own`;
      return `${who} has gone back ${account.stepsBack} times to find ${where}`;
    }
    if (entries.length === 0) return undefined;
    if (prevLogIndex < account.highest) account.repeats++;
    account.highest = Math.max(account.highest, prevLogIndex + entries.length);
    if (account.repeats <= REPEATS_MAX) return undefined;
    return `${who} has sent entries to ${nodeName(to)} again ${account.repeats} times, which nothing asked for`;
  };

  const pieceSent = (host: Host, { to, lastIncludedIndex }: InstallSnapshot): Finding => {
    const account = accountOf(host, to);
    const begun = account.snapshot;
    account.snapshot = lastIncludedIndex;
    if (begun === 0 || begun === lastIncludedIndex) return undefined;
    const other = `a snapshot of ${lastIncludedIndex} entries to ${nodeName(to)}`;
    return `${nodeName(host.id)} begins to send ${other} before that of ${begun} entries has arrived`;
  };

  const acknowledged = (account: Account, matchIndex: LogIndex): void => {
    account.stepsBack = 0;
    if (matchIndex >= account.snapshot) account.snapshot = 0;
  };

  return {
    name: messageBudgetFacts.name,
    mood: messageBudgetFacts.mood,
    started(host) {
      // A follower that comes back may have lost what was not durable, and refuses anew.
      for (let leader = 0; leader < nodes; leader++) {
        const account = accounts[leader * nodes + host.id] as Account;
        account.stepsBack = 0;
        (accounts[host.id * nodes + leader] as Account).term = 0;
      }
      return undefined;
    },
    fired(host, timer) {
      if (timer !== Timer.heartbeat) return undefined;
      for (let follower = 0; follower < nodes; follower++) {
        const account = accounts[host.id * nodes + follower] as Account;
        account.repeats = Math.max(0, account.repeats - REPEATS_FOR_A_HEARTBEAT);
      }
      return undefined;
    },
    received(host, message) {
      if (message.kind !== 'AppendEntriesReply' && message.kind !== 'InstallSnapshotReply') return undefined;
      const { role, currentTerm } = host.process.probe;
      if (role !== 'leader' || message.term !== currentTerm) return undefined;
      const account = accountOf(host, message.from);
      if (message.kind === 'InstallSnapshotReply') {
        account.highest = 0;
        if (message.installed) acknowledged(account, message.matchIndex);
      } else if (message.success) acknowledged(account, message.matchIndex);
      else account.highest = 0;
      return undefined;
    },
    sent(host, message) {
      if (message.kind === 'AppendEntries') return entriesSent(host, message);
      return message.kind === 'InstallSnapshot' ? pieceSent(host, message) : undefined;
    },
  };
}
