// What is known of a cluster beyond its servers: who led, who voted for whom, what was committed; and the promises that
// several servers keep together.
//
// Facts are part of a state, since a promise may be broken by what nobody remembers any more. They are the ghost of the
// monitor, in a form that is kept once and has a number.

import type { NodeId } from '../base/ids.ts';
import { isQuorum } from '../protocol/configuration.ts';
import type { ServerNames } from './rendering.ts';
import { hashesOf, type Servers, type LoneServer, type ServerStep } from './servers.ts';

interface Facts {
  /** By term: who led it, -1 for nobody. */
  readonly leaders: readonly number[];
  /** By term and server: whom it voted for, -1 for nobody. */
  readonly votes: readonly number[];
  /** By index from 0: the hash of the committed log, and the term of the server that committed it. */
  readonly committed: readonly number[];
  readonly committedIn: readonly number[];
}

/** What a step makes of the facts, or the promise that it breaks. */
export interface Judged {
  readonly facts: number;
  readonly broken: string | undefined;
  /** The other servers had a say, so that it has to be judged anew beside others. */
  readonly dependsOnOthers: boolean;
}

export class FactTable {
  private readonly servers: Servers;
  private readonly nodes: number;
  private readonly known: Facts[] = [];
  private readonly judged = new Map<number, Judged>();
  private readonly ids = new Map<string, number>();
  private readonly settledIds = new Map<number, number>();
  /** Votes in terms that their servers had left, which are not judged. */
  lateVotes = 0;
  /** Two hashes for each way to name the servers, by facts. */
  readonly hashes: Int32Array[] = [];

  constructor(servers: Servers, nodes: number) {
    this.servers = servers;
    this.nodes = nodes;
    this.idOf({ leaders: [], votes: [], committed: [0], committedIn: [0] });
  }

  /** Judges a step of one server; `states` are those before it. */
  after(facts: number, states: readonly number[], transition: ServerStep, node: NodeId): Judged {
    const key = facts * 0x800000 + transition.id;
    const known = this.judged.get(key);
    if (known !== undefined) return known;
    const found = this.judge(facts, states, transition, node);
    if (!found.dependsOnOthers) this.judged.set(key, found);
    return found;
  }

  /**
   * Facts without what can contradict nothing any more, so that states differ by what matters alone. A server whose
   * disk is in a term votes in no earlier one and is elected in none; what was committed before every such term binds
   * all leaders to come alike.
   */
  settled(facts: number, states: readonly number[]): number {
    if (facts === 0) return 0;
    let key = facts;
    for (let i = 0; i < states.length; i++) key = key * 32 + this.servers.state(states[i] as number).horizon;
    const known = this.settledIds.get(key);
    if (known !== undefined) return known;
    const horizons = states.map((id) => this.servers.state(id).horizon);
    const { leaders, votes, committed, committedIn } = this.known[facts] as Facts;
    const first = Math.min(...horizons);
    const id = this.idOf({
      leaders: withoutTail(
        leaders.map((node, term) => (horizons.some((at, i) => i !== node && at <= term) ? node : -1)),
      ),
      votes: withoutTail(
        votes.map((vote, place) =>
          Math.floor(place / this.nodes) < (horizons[place % this.nodes] as number) ? -1 : vote,
        ),
      ),
      committed,
      committedIn: committedIn.map((term) => (term < first ? 0 : term)),
    });
    this.settledIds.set(key, id);
    return id;
  }

  private judge(facts: number, states: readonly number[], { to, votes, broken }: ServerStep, node: NodeId): Judged {
    if (broken !== undefined) return { facts, broken, dependsOnOthers: false };
    const before = this.servers.state(states[node] as number);
    const now = this.servers.state(to);
    const elected = now.isLeader && !(before.isLeader && before.term === now.term);
    const hasCommitted = now.isUp && now.commitIndex > (before.isUp ? before.commitIndex : 0);
    if (votes.length === 0 && !elected && !hasCommitted) return { facts, broken: undefined, dependsOnOthers: false };
    const old = this.known[facts] as Facts;
    const found = { ...old };
    const fail = (why: string): Judged => ({ facts, broken: why, dependsOnOthers: true });
    for (const [term, candidate] of votes) {
      if (term < before.horizon) this.lateVotes++;
      const place = term * this.nodes + node;
      const earlier = found.votes[place] ?? -1;
      if (earlier >= 0 && earlier !== candidate) return fail(`vote-once: two votes in term ${term}`);
      found.votes = withPlace(found.votes, place, candidate);
    }
    if (elected) {
      const other = found.leaders[now.term] ?? -1;
      if (other >= 0 && other !== node) return fail(`election-safety: two leaders of term ${now.term}`);
      found.leaders = withPlace(found.leaders, now.term, node);
      if (this.lacks(now, found)) return fail('leader-completeness: a leader lacks what was committed');
    }
    const why = hasCommitted ? this.commit(found, states, before, now, node) : undefined;
    if (why !== undefined) return fail(why);
    return { facts: this.idOf(found), broken: undefined, dependsOnOthers: hasCommitted };
  }

  /** Does a new leader lack the last entry that was committed in an earlier term? */
  private lacks(leader: LoneServer, { committed, committedIn }: Facts): boolean {
    let index = committed.length - 1;
    while (index > 0 && (committedIn[index] as number) >= leader.term) index--;
    return index > 0 && index >= leader.base && leader.log[index] !== committed[index];
  }

  private commit(
    found: { -readonly [name in keyof Facts]: Facts[name] },
    states: readonly number[],
    before: LoneServer,
    now: LoneServer,
    node: NodeId,
  ): string | undefined {
    const { commitIndex, term, log } = now;
    for (let i = Math.max(1, now.base); i <= Math.min(commitIndex, found.committed.length - 1); i++) {
      if (log[i] !== found.committed[i]) return `state-machine-safety: another entry ${i} is committed`;
    }
    const leads = now.isLeader || (before.isLeader && before.term === term);
    if (!leads && commitIndex >= found.committed.length)
      return `commit-legitimacy: no leader has committed ${commitIndex}`;
    if (leads) {
      if (now.terms[commitIndex] !== term) return `commit-legitimacy: entry ${commitIndex} is of an older term`;
      const holders = states
        .map((id, i) => (i === node ? now : this.servers.state(id)))
        .filter(({ durable, base }) => base > commitIndex || durable[commitIndex] === log[commitIndex])
        .map((server) => server.node);
      // A leader that commits may change its configuration in the same step (section 6).
      if (![before, now].some(({ configuration }) => isQuorum(configuration, holders)))
        return `commit-legitimacy: entry ${commitIndex} is durable on ${holders.length}`;
    }
    if (commitIndex >= found.committed.length) {
      const lacking = states.some((id, i) => {
        const other = this.servers.state(id);
        return (
          i !== node &&
          other.isLeader &&
          other.term > term &&
          other.base <= commitIndex &&
          other.log[commitIndex] !== log[commitIndex]
        );
      });
      if (lacking) return 'leader-completeness: a leader of a later term lacks what is committed';
      found.committed = found.committed.concat(log.slice(found.committed.length, commitIndex + 1));
      found.committedIn = found.committed.map((_, i) => found.committedIn[i] ?? term);
    }
    return undefined;
  }

  private idOf(facts: Facts): number {
    const name = this.textOf(facts, this.servers.names[0] as ServerNames);
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const id = this.known.push(facts) - 1;
    this.ids.set(name, id);
    this.hashes.push(hashesOf(this.servers.names, (names) => this.textOf(facts, names)));
    return id;
  }

  private textOf({ leaders, votes, committed, committedIn }: Facts, names: ServerNames): string {
    const nameOf = (node: number | undefined): number => (node === undefined || node < 0 ? -1 : (names[node] ?? node));
    const renamed: number[] = [];
    for (let place = 0; place < votes.length; place++) {
      const term = Math.floor(place / this.nodes);
      renamed[term * this.nodes + nameOf(place % this.nodes)] = nameOf(votes[place]);
    }
    const voted = Array.from({ length: Math.ceil(votes.length / this.nodes) * this.nodes }, (_, i) => renamed[i] ?? -1);
    const led = Array.from(leaders, nameOf).join();
    return `${led}|${voted.join()}|${committed.join()}|${committedIn.join()}`;
  }
}

function withPlace(list: readonly number[], place: number, value: number): number[] {
  const all = Array.from({ length: Math.max(list.length, place + 1) }, (_, i) => list[i] ?? -1);
  all[place] = value;
  return all;
}

/** A list without the nobodies at its end. */
function withoutTail(list: number[]): number[] {
  while (list.length > 0 && list.at(-1) === -1) list.pop();
  return list;
}

/** Log Matching (section 5.3): where two logs have an entry of one term at one index, they are equal up to there. */
export function logsMatch(a: LoneServer, b: LoneServer): boolean {
  for (let i = Math.min(a.log.length, b.log.length) - 1; i > Math.max(a.base, b.base); i--) {
    if (a.terms[i] === b.terms[i]) return a.log[i] === b.log[i];
  }
  return true;
}
