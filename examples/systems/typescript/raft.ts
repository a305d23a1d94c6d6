// A small Raft in TypeScript, behind raft-sim: sections 5.1 to 5.4 of the paper, every write durable at once.
//
//   npx tsc --ignoreConfig --target es2023 --module nodenext --skipLibCheck examples/systems/typescript/raft.ts
//   raft-sim run --system examples/systems/typescript/raft.js
//
// Node 22.18 and later run the .ts file itself. In a program of yours: `defineRaft(raft)`, then `makePlan({ system: 'small-raft' })`.

import type { RaftContext, RaftDefinition, RaftEntry, RaftServer, RaftState } from 'raft-sim';

type Message =
  | { kind: 'ask'; term: number; last: number; lastTerm: number }
  | { kind: 'vote'; term: number; granted: boolean }
  | { kind: 'append'; term: number; before: number; beforeTerm: number; entries: RaftEntry[]; commit: number }
  | { kind: 'appended'; term: number; ok: boolean; index: number };

const BATCH = 20;

class Server implements RaftServer {
  private role: RaftState['role'] = 'follower';
  private term: number;
  private vote: number;
  private leader = 0;
  private commit = 0;
  private applied = 0;
  private readonly log: RaftEntry[];
  private readonly votes = new Set<number>();
  private readonly next = new Map<number, number>();
  private readonly match = new Map<number, number>();
  private readonly context: RaftContext;

  constructor(context: RaftContext) {
    const { disk } = context;
    this.context = context;
    this.term = disk.term;
    this.vote = disk.vote;
    this.log = [...disk.log];
    context.arm('election');
  }

  state(): RaftState {
    const { role, term, vote, leader, commit } = this;
    return { role, term, vote, leader, commit };
  }

  timeout(timer: 'election' | 'heartbeat'): void {
    if (timer === 'heartbeat') this.replicate();
    else this.stand();
  }

  // Elections (5.2)

  private stand(): void {
    this.persist(this.term + 1, this.context.node);
    this.role = 'candidate';
    this.leader = 0;
    this.votes.clear();
    this.votes.add(this.context.node);
    this.context.arm('election');
    const [last, lastTerm] = [this.log.length, this.termAt(this.log.length)];
    for (const peer of this.peers()) {
      const reading = `last ${last}@${lastTerm}`;
      this.context.send(
        peer,
        { kind: 'ask', term: this.term, last, lastTerm },
        { name: 'RequestVote', reading, term: this.term },
      );
    }
    this.count();
  }

  private count(): void {
    if (this.votes.size * 2 <= this.context.nodes) return;
    this.role = 'leader';
    this.leader = this.context.node;
    for (const peer of this.peers()) {
      this.next.set(peer, this.log.length + 1);
      this.match.set(peer, 0);
    }
    this.context.disarm('election');
    this.append('');
  }

  // Replication (5.3)

  propose(command: string): void {
    if (this.role === 'leader') this.append(command);
    else this.context.refuse(command, this.leader);
  }

  private append(data: string): void {
    const entry = { term: this.term, data };
    this.log.push(entry);
    this.context.write({ from: this.log.length, entries: [entry] });
    this.advance();
    this.replicate();
  }

  private replicate(): void {
    this.context.arm('heartbeat');
    for (const peer of this.peers()) this.replicateTo(peer);
  }

  private replicateTo(peer: number): void {
    const before = (this.next.get(peer) as number) - 1;
    const entries = this.log.slice(before, before + BATCH);
    const beforeTerm = this.termAt(before);
    const message: Message = { kind: 'append', term: this.term, before, beforeTerm, entries, commit: this.commit };
    const reading = `prev ${before}@${beforeTerm}, ${entries.length} entries, commit ${this.commit}`;
    this.context.send(peer, message, { name: 'AppendEntries', reading, term: this.term });
  }

  private advance(): void {
    const durable = [...this.match.values(), this.log.length].toSorted((a, b) => a - b);
    const index = durable[(this.context.nodes - 1) >> 1] as number;
    if (this.termAt(index) === this.term) this.commitTo(index); // 5.4.2
  }

  private commitTo(index: number): void {
    this.commit = Math.max(this.commit, index);
    while (this.applied < this.commit) {
      const entry = this.log[this.applied++];
      if (entry === undefined) throw new Error('what is committed is in the log');
      const { data, term } = entry;
      this.context.apply(this.applied, data, term);
    }
  }

  // Messages

  receive(from: number, message: unknown): void {
    const m = message as Message;
    if (m.term > this.term) this.follow(m.term);
    switch (m.kind) {
      case 'ask': {
        const lastTerm = this.termAt(this.log.length);
        const isCurrent = m.lastTerm > lastTerm || (m.lastTerm === lastTerm && m.last >= this.log.length);
        const granted = m.term === this.term && (this.vote === 0 || this.vote === from) && isCurrent;
        if (granted) {
          this.persist(this.term, from);
          this.context.arm('election');
        }
        const reading = granted ? 'granted' : 'refused';
        const claims = { name: 'RequestVoteReply', reading, term: this.term, grants: granted };
        this.context.send(from, { kind: 'vote', term: this.term, granted }, claims);
        return;
      }
      case 'vote':
        if (this.role !== 'candidate' || m.term !== this.term || !m.granted) return;
        this.votes.add(from);
        this.count();
        return;
      case 'append':
        return this.appendFrom(from, m);
      case 'appended':
        if (this.role !== 'leader' || m.term !== this.term) return;
        if (m.ok) {
          this.match.set(from, Math.max(this.match.get(from) as number, m.index));
          this.next.set(from, (this.match.get(from) as number) + 1);
          this.advance();
        } else {
          this.next.set(from, Math.max(1, Math.min((this.next.get(from) as number) - 1, m.index + 1)));
          this.replicateTo(from);
        }
    }
  }

  private appendFrom(from: number, m: Extract<Message, { kind: 'append' }>): void {
    const answer = (ok: boolean, index: number): void => {
      const reading = ok ? `match ${index}` : `no, try ${index}`;
      const claims = { name: 'AppendEntriesReply', reading, term: this.term, acknowledges: ok ? index : 0 };
      this.context.send(from, { kind: 'appended', term: this.term, ok, index }, claims);
    };
    if (m.term < this.term) return answer(false, this.log.length);
    this.role = 'follower';
    this.leader = from;
    this.context.arm('election');
    if (m.before > this.log.length || this.termAt(m.before) !== m.beforeTerm) {
      return answer(false, Math.min(this.log.length, m.before - 1));
    }
    const place = m.entries.findIndex(({ term }, i) => this.log[m.before + i]?.term !== term);
    if (place >= 0) {
      const [from_, added] = [m.before + place + 1, m.entries.slice(place)];
      this.log.splice(from_ - 1, Infinity, ...added);
      this.context.write({ from: from_, entries: added });
    }
    const end = m.before + m.entries.length;
    this.commitTo(Math.min(m.commit, end));
    answer(true, end);
  }

  // All servers (5.1)

  private follow(term: number): void {
    if (this.role === 'leader') {
      this.context.disarm('heartbeat');
      this.context.arm('election');
    }
    this.role = 'follower';
    this.leader = 0;
    this.persist(term, 0);
  }

  private persist(term: number, vote: number): void {
    if (term === this.term && vote === this.vote) return;
    this.term = term;
    this.vote = vote;
    this.context.write({ term, vote });
  }

  private peers(): number[] {
    return Array.from({ length: this.context.nodes }, (_, i) => i + 1).filter((peer) => peer !== this.context.node);
  }

  private termAt(index: number): number {
    return this.log[index - 1]?.term ?? 0;
  }
}

/** What `--system` and `defineRaft` take. */
export const raft: RaftDefinition = {
  name: 'small-raft',
  shows: ['roles', 'terms', 'votes', 'messages', 'log', 'commit', 'disk', 'timers'],
  start: (context) => new Server(context),
};
