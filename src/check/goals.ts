// Sometimes-goals: situations that a good run gets into. A run that reaches none of them has tested nothing.
//
// They watch like properties do and count instead of complaining. A campaign reports the goals that it never reached.

import { logIndex, NOBODY, type NodeId } from '../base/ids.ts';
import { isVoter } from '../protocol/configuration.ts';
import type { InstallSnapshot } from '../protocol/message.ts';
import { Timer } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';
import type { Applied } from '../sim/process.ts';
import type { Counters } from '../sim/counters.ts';
import { memberGoalTable, noteMembers } from './member-goals.ts';
import type { Ghost, Property } from './property.ts';

/** The situations that a run counts, each with its meaning. */
export const goalTable = {
  'leader-elected': 'a leader was elected',
  'leader-replaced': 'another server took over the lead in a later term',
  'split-vote': 'a candidate got no majority and had to try again',
  'leader-stepped-down': 'a leader heard of a newer term and stepped down',
  'two-leaders': 'an old leader did not know yet that a newer term had one',
  'conflicting-tail-replaced': 'a follower cut entries that its leader did not have',
  'older-term-committed':
    'an entry of an older term was committed by one of the leader’s own term behind it (Figure 8)',
  'batch-sent': 'one AppendEntries carried several entries',
  'log-backtracked': 'a follower refused entries because it missed the one before',
  'retry-answered-once': 'a command that came again was not executed again',
  'committed-entry-survived': 'a server restarted with entries that were committed',
  'unsynced-write-lost': 'a power loss took a write that was not synced',
  'torn-tail-dropped': 'a restarted server found a torn record and dropped it',
  'crash-in-step': 'a server crashed between two effects of one step',
  'pre-vote-refused': 'a server refused a pre-vote because it had just heard its leader',
  'leader-without-quorum': 'a leader that no quorum answered stepped down',
  'candidate-ignored': 'a server that had just heard its leader ignored a candidate of a newer term',
  'lead-handed-over': 'a follower that its leader told to take over was elected',
  'transfer-given-up': 'a leader waited an election timeout in vain for the one that was to take over',
  'rejoined-quietly': 'a server that had asked for pre-votes in vain came back to its leader, which still led',
  ...memberGoalTable, // set-up only: the goals of a file of their own
  'snapshot-taken': 'a server replaced the beginning of its log by a snapshot',
  'snapshot-installed': 'a follower went on from a snapshot of its leader',
  'snapshot-over-divergent-log': 'a snapshot took the place of entries that its leader did not have',
  'snapshot-kept-suffix': 'a follower kept the entries that went on from a snapshot of its leader',
  'snapshot-refused-as-stale': 'a snapshot came to a follower that had committed as much',
  'snapshot-resumed': 'a leader went on with a piece of a snapshot that the follower had not received',
  'crash-while-installing': 'a server crashed while a snapshot of its leader was arriving, or not yet durable',
  'session-expired': 'a client learned that its session had expired, and opened a new one',
} as const satisfies Record<string, string>;

/** The name of a goal. */
export type GoalName = keyof typeof goalTable;

/** The names of all goals, in the order of the table. */
export const goalNames: readonly GoalName[] = Object.keys(goalTable) as GoalName[];

export class Goals implements Property {
  readonly name = 'goals';
  readonly mood = 'always';
  private readonly ghost: Ghost;
  private readonly reached = new Map<GoalName, number>();
  /** Elections won so far. */
  leaders = 0;
  private latestLeader: NodeId | undefined = undefined;
  /** Who has just received the request of a candidate that it should not look at. */
  private deafTo: NodeId = NOBODY;
  /** Who was told last to take over, and from which term. */
  private heir: NodeId = NOBODY;
  private heirOf = 0;

  /** Who has some pieces of a snapshot, or the whole of one that is not durable yet. */
  private readonly installing = new Set<NodeId>();
  /** By follower: the snapshot that was sent to it last, and the furthest piece of it. */
  private readonly piecesOf: number[] = [];
  private readonly offsets: number[] = [];

  readonly received?: NonNullable<Property['received']>;
  readonly stepped?: NonNullable<Property['stepped']>;

  /** Nothing is looked at in every step unless a server may ignore a candidate (thesis 4.2.3). */
  constructor(ghost: Ghost, mayIgnoreCandidates = true) {
    this.ghost = ghost;
    if (!mayIgnoreCandidates) return;
    this.received = this.noteRequest;
    this.stepped = this.noteIgnored;
  }

  /** How often each goal was reached, in the order of the table. */
  counts(counters: Counters): Readonly<Record<GoalName, number>> {
    this.set('unsynced-write-lost', counters.lostWrites);
    this.set('torn-tail-dropped', counters.tornTails);
    this.set('crash-in-step', counters.crashesInStep);
    this.set('change-refused', counters.changesRefused);
    this.set('session-expired', counters.sessionsExpired);
    const counts: Partial<Record<GoalName, number>> = {};
    for (const name of goalNames) counts[name] = this.reached.get(name) ?? 0;
    return counts as Readonly<Record<GoalName, number>>;
  }

  started: NonNullable<Property['started']> = (host) => {
    if (this.installing.delete(host.id)) this.reach('crash-while-installing');
    const { log } = host.process.probe;
    const { committed } = this.ghost;
    const first = logIndex(1);
    const survived =
      log.base > 0 ||
      (log.lastIndex >= first && committed.length > first && log.prefixHashAt(first) === committed.at(first));
    if (survived) this.reach('committed-entry-survived');
    return undefined;
  };

  elected: NonNullable<Property['elected']> = (host) => {
    this.reach('leader-elected');
    this.leaders++;
    if (this.latestLeader !== undefined && this.latestLeader !== host.id) this.reach('leader-replaced');
    this.latestLeader = host.id;
    if (this.heir === host.id && this.heirOf + 1 === host.process.probe.currentTerm) this.reach('lead-handed-over');
    for (const known of this.ghost.known) {
      if (known.role === 'leader' && known.term < host.process.probe.currentTerm) this.reach('two-leaders');
    }
    return undefined;
  };

  fired: NonNullable<Property['fired']> = (_host, timer) => {
    if (timer === Timer.transfer) this.reach('transfer-given-up');
    return undefined;
  };

  private readonly noteRequest: NonNullable<Property['received']> = (host, message) => {
    const isDeaf =
      message.kind === 'RequestVote' &&
      message.term > host.process.probe.currentTerm &&
      hearsAnother(host, message.from);
    this.deafTo = isDeaf ? host.id : NOBODY;
    return undefined;
  };

  private readonly noteIgnored: NonNullable<Property['stepped']> = (host) => {
    if (this.deafTo === NOBODY) return undefined;
    const isIgnored = this.deafTo === host.id && this.ghost.known[host.id]?.term === host.process.probe.currentTerm;
    if (isIgnored && !host.crashPending) this.reach('candidate-ignored');
    this.deafTo = NOBODY;
    return undefined;
  };

  sent: NonNullable<Property['sent']> = (host, message) => {
    switch (message.kind) {
      case 'AppendEntries':
        if (message.entries.length > 1) this.reach('batch-sent');
        return undefined;
      case 'AppendEntriesReply':
        if (!message.success && message.conflictIndex > 0) this.reach('log-backtracked');
        return undefined;
      case 'PreVoteReply':
        if (message.granted || message.askedTerm < message.term) return undefined;
        if (hearsAnother(host, message.to)) this.reach('pre-vote-refused');
        return undefined;
      case 'InstallSnapshot':
        this.notePiece(message);
        return undefined;
      case 'InstallSnapshotReply':
        if (!message.installed) {
          if (message.nextOffset > 0) this.installing.add(host.id);
          return undefined;
        }
        this.installing.delete(host.id);
        if (message.matchIndex > message.lastIncludedIndex) this.reach('snapshot-refused-as-stale');
        return undefined;
      case 'TimeoutNow':
        this.heir = message.to;
        this.heirOf = message.term;
        return undefined;
      default:
        // No goal is about the other kinds; that each of them occurs is tested with the table of messages.
        return undefined;
    }
  };

  logChanged: NonNullable<Property['logChanged']> = (host, kept, before) => {
    const known = this.ghost.known[host.id];
    if (known === undefined || known.role === 'down') return undefined;
    if (kept < before) {
      this.reach('conflicting-tail-replaced');
      if (host.process.probe.log.base > kept) this.reach('snapshot-over-divergent-log');
    }
    if (known.configuration !== host.process.probe.configuration) {
      noteMembers(host, known.configuration, kept < before, (goal) => {
        this.reach(goal);
      });
    }
    return undefined;
  };

  snapshotChanged: NonNullable<Property['snapshotChanged']> = (host) => {
    if (this.ghost.known[host.id]?.role !== 'down') this.reach('snapshot-taken');
    return undefined;
  };

  installed: NonNullable<Property['installed']> = (host, { lastIndex }) => {
    this.reach('snapshot-installed');
    this.installing.add(host.id);
    if (host.process.probe.log.lastIndex > lastIndex) this.reach('snapshot-kept-suffix');
    return undefined;
  };

  /** A piece that was sent before is sent once more. */
  private notePiece({ to, lastIncludedIndex, offset }: InstallSnapshot): void {
    const isSame = this.piecesOf[to] === lastIncludedIndex;
    if (isSame && offset > 0 && offset <= (this.offsets[to] ?? 0)) this.reach('snapshot-resumed');
    this.piecesOf[to] = lastIncludedIndex;
    this.offsets[to] = isSame ? Math.max(offset, this.offsets[to] ?? 0) : offset;
  }

  committed: NonNullable<Property['committed']> = (host, before) => {
    const { role, log, currentTerm, commitIndex } = host.process.probe;
    if (role !== 'leader' || before >= commitIndex) return undefined;
    if (log.termAt((before + 1) as typeof before) < currentTerm) this.reach('older-term-committed');
    return undefined;
  };

  applied: NonNullable<Property['applied']> = (_host, _index, applied: Applied) => {
    if (applied.call !== undefined && !applied.executed && !applied.isExpired) this.reach('retry-answered-once');
    return undefined;
  };

  turned: NonNullable<Property['turned']> = (host) => {
    const known = this.ghost.known[host.id];
    const { role, currentTerm, leader } = host.process.probe;
    if (known === undefined) return undefined;
    if (known.term === currentTerm) {
      if (known.role === 'leader' && role === 'follower') {
        this.reach(isVoter(host.process.probe.configuration, host.id) ? 'leader-without-quorum' : 'leader-removed');
      }
      if (known.role === 'candidate' && role === 'pre-candidate') this.reach('split-vote');
      if (known.role === 'pre-candidate' && role === 'follower') this.noteReturn(leader, currentTerm);
      return undefined;
    }
    if (known.role === 'leader' && role !== 'leader') this.reach('leader-stepped-down');
    if (known.role === 'candidate' && role === 'candidate') this.reach('split-vote');
    return undefined;
  };

  /** A server follows this leader once more. */
  private noteReturn(leader: NodeId, term: number): void {
    const known = leader === NOBODY ? undefined : this.ghost.known[leader];
    if (known?.role === 'leader' && known.term === term) this.reach('rejoined-quietly');
  }

  private reach(goal: GoalName): void {
    this.reached.set(goal, (this.reached.get(goal) ?? 0) + 1);
  }

  private set(goal: GoalName, count: number): void {
    if (count > 0) this.reached.set(goal, count);
  }
}

/** Whether a server leads, or has just heard another leader than the one who asks it. */
function hearsAnother(host: Host, asker: NodeId): boolean {
  const { role, leader } = host.process.probe;
  return role === 'leader' || (host.armed(Timer.leaderContact) && leader !== asker);
}
