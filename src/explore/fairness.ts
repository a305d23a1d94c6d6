// Liveness as "from every state a fair schedule commits" (section 5.6: a majority that can talk elects, and goes on).
//
// What is on its way is lost, and nothing else goes wrong from there on: every server runs, every message arrives in
// its order, and the servers stand for election in turn until a leader commits what a client asks it. One such schedule
// is tried, so that a state without one is a suspicion; whether time mends it, the simulator says.

import { timerNames, type TimerName } from '../protocol/timers.ts';
import type { Servers, LoneServer } from './servers.ts';

/** Elections in which each server stands; the leader looks for the last common entry in the heartbeats of each. */
const ROUNDS = 3;
const HEARTBEATS = 4;
/** A round in which more messages arrive than this does not end. */
const MESSAGES_MAX = 400;

export class Fairness {
  private readonly servers: Servers;
  private readonly restart: number;
  private readonly call: number;
  private readonly timers: Readonly<Record<TimerName, number>>;
  private readonly known = new Set<string>();
  /** How many clusters it did not help. */
  suspects = 0;

  /** `number` is that of a call that no client of the bound makes. */
  constructor(servers: Servers, number: number) {
    this.servers = servers;
    this.restart = servers.eventId({ act: 'restart' });
    this.call = servers.eventId({ act: 'call', number });
    const ids = timerNames.map((timer) => [timer, servers.eventId({ act: 'timer', timer })]);
    this.timers = Object.fromEntries(ids) as Readonly<Record<TimerName, number>>;
  }

  /** How many clusters were tried; those that differ by messages alone are one. */
  get tried(): number {
    return this.known.size;
  }

  /** Whether nobody commits a new entry from here on; a cluster that was tried is suspected no second time. */
  isSuspect(states: readonly number[]): boolean {
    const key = states.join();
    if (this.known.has(key)) return false;
    this.known.add(key);
    if (this.attempt(states.slice())) return false;
    this.suspects++;
    return true;
  }

  private attempt(states: number[]): boolean {
    const before = Math.max(...states.map((id) => this.servers.state(id).commitIndex));
    for (let node = 0; node < states.length; node++) {
      if (!this.at(states, node).isUp) this.take(states, node, this.restart);
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (let stands = 0; stands < states.length; stands++) {
        // Who hears no leader for so long forgets that it did (thesis 4.2.3).
        for (let node = 0; node < states.length; node++) this.fire(states, node, 'leaderContact');
        this.fire(states, stands, 'election');
        if (this.leaderCommits(states, before)) return true;
      }
    }
    return false;
  }

  private leaderCommits(states: number[], before: number): boolean {
    for (let node = 0; node < states.length; node++) {
      if (!this.at(states, node).isLeader) continue;
      const lastIndex = this.at(states, node).log.length - 1;
      this.take(states, node, this.call);
      for (let beat = 0; beat < HEARTBEATS && this.at(states, node).isLeader; beat++) {
        this.fire(states, node, 'heartbeat');
        const { commitIndex } = this.at(states, node);
        if (commitIndex > before && commitIndex > lastIndex) return true;
      }
    }
    return false;
  }

  private at(states: readonly number[], node: number): LoneServer {
    return this.servers.state(states[node] as number);
  }

  private fire(states: number[], node: number, timer: TimerName): void {
    const event = this.timers[timer];
    if (this.at(states, node).timers.includes(event)) this.take(states, node, event);
  }

  /** Takes an event, then delivers all that comes of it. */
  private take(states: number[], node: number, event: number): void {
    const { to, sent } = this.servers.after(states[node] as number, event);
    states[node] = to;
    const way = Array.from(sent);
    for (let i = 0; i < way.length && i < MESSAGES_MAX; i++) {
      const known = this.servers.messages[way[i] as number];
      if (known === undefined || !this.at(states, known.message.to).isUp) continue;
      const step = this.servers.after(states[known.message.to] as number, known.event);
      states[known.message.to] = step.to;
      for (const message of step.sent) way.push(message);
    }
  }
}
