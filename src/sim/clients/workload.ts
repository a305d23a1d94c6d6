// What the clients want, and what they do when they do not get it.
//
// In a closed loop a client thinks after each answer; in an open loop free sessions call at a fixed pace, whatever
// became of earlier calls. A refused call was not taken and is tried again at the named leader; silence for longer
// than the client's patience means a retry of the same sequence, here or elsewhere, and in the end giving up: the
// outcome is unknown. A client whose session has expired opens a new one (dissertation 6.3).

import { clientId, nodeId, NOBODY, type NodeId } from '../../base/ids.ts';
import { makeCall, SESSION_CALLS, sessionOf, type Call, type Operation } from '../../protocol/operation.ts';
import type { Random } from '../../base/random.ts';
import { MILLION, MILLISECOND } from '../../base/units.ts';
import { EventKind } from '../schedule/event-kind.ts';
import type { Parameters } from '../parameters.ts';
import type { Answer } from '../process.ts';
import type { EventQueue } from '../schedule/queue.ts';
import type { World } from '../world.ts';

interface Client {
  readonly random: Random;
  sequence: number;
  /** The number of the session that it opened; 0 as long as it needed none. */
  session: number;
  /** The call that the client waits for; undefined while it thinks. */
  call: Call | undefined;
  target: NodeId;
  tries: number;
  /** Only the newest alarm of a client wakes it. */
  alarm: number;
}

/** One key in three counts; the others hold texts. */
const isCounter = (slot: number): boolean => slot % 3 === 2;

const isAtFollower = ({ operation }: Call): boolean => operation.kind === 'read' && operation.path === 'follower';

/** Every so many times that keys are changed, the history is told which of the old ones are left. */
const LEAVE_EVERY = 16;

const OPEN_SESSION: Operation = Object.freeze({ kind: 'open', key: '' });
/** A client opens a new session before the numbers of the old one run out: asking takes some of them. */
const SESSION_SPARE = 100;

/** Before a client asks another node after a refusal. */
const BACKOFF_MIN = 2_000;
const BACKOFF_MAX = 40_000;

/**
 * After how many commands behind its first write no client asks for a key any more: those that are called while it is
 * in use, and those of all others while one still waits for it. Only where time decides who waits for how long.
 */
export function keyLifeOf(p: Parameters): number {
  const wait = p.patience * (p.retriesMax + 2);
  const pace = p.openLoopEvery > 0 ? p.openLoopEvery : Math.max(MILLISECOND, p.thinkMin) / Math.max(1, p.clients);
  return 8192 + 2 * p.keys * p.callsPerKey + Math.ceil(wait / pace);
}

export class Workload {
  private readonly world: World;
  private readonly p: Parameters;
  private readonly queue: EventQueue;
  private readonly clients: readonly Client[];
  private readonly keyChoice: Random;
  private readonly readPaths: Random;
  private readonly keyNames: string[] = [];
  /** What the servers understand; undefined: everything. */
  private readonly understood: readonly Operation['kind'][] | undefined;
  /** Keys that are out of use, as far as the history has not been told. */
  private leaving: string[] = [];
  private calls = 0;
  private nextFree = 0;
  private _quiet = false;

  constructor(world: World, parameters: Parameters, queue: EventQueue, seed: Random) {
    this.world = world;
    this.p = parameters;
    this.queue = queue;
    this.keyChoice = seed.stream('keys');
    this.readPaths = seed.stream('read paths');
    this.understood = world.hosts[0]?.process.understands;
    this.clients = Array.from({ length: parameters.clients }, (_, i) => {
      const random = seed.stream('client', i);
      const target = nodeId(random.below(world.nodes));
      return { random, sequence: 0, session: 0, call: undefined, target, tries: 0, alarm: 0 };
    });
  }

  begin(): void {
    if (this.p.openLoopEvery > 0) this.queue.push(this.p.openLoopEvery, EventKind.arrival, 0, 0, undefined);
    else for (let i = 0; i < this.clients.length; i++) this.think(i, this.clients[i] as Client);
  }

  /** From now on no client begins a new call, so that the logs can come to rest. */
  quiet(): void {
    this._quiet = true;
  }

  /** An alarm of a client goes off: it has thought enough, or waited long enough. */
  wake(index: number, alarm: number): void {
    const client = this.clients[index] as Client;
    if (client.alarm !== alarm) return;
    if (client.call === undefined) {
      if (!this._quiet && this.p.openLoopEvery === 0) this._begin(index, client);
      return;
    }
    if (++client.tries > this.p.retriesMax) return this.finish(index, client);
    if (client.random.chance(this.p.retryElsewhere)) client.target = this.anotherThan(client);
    this.send(index, client);
  }

  /** The next call of an open loop, by the next session that is free; none is free when the cluster is too slow. */
  arrive(): void {
    if (this._quiet) return;
    this.queue.push(this.world.now + this.p.openLoopEvery, EventKind.arrival, 0, 0, undefined);
    for (let tried = 0; tried < this.clients.length; tried++) {
      const index = this.nextFree;
      this.nextFree = (this.nextFree + 1) % this.clients.length;
      const client = this.clients[index] as Client;
      if (client.call !== undefined) continue;
      return this._begin(index, client);
    }
  }

  answered(answer: Answer): void {
    const client = this.clients[answer.client] as Client;
    if (client.call === undefined || client.sequence !== answer.sequence) return;
    if (answer.outcome === 'expired') return this.open(answer.client, client);
    if (answer.outcome === 'ok') {
      if (client.call.operation.kind === 'open') this.opened(client, Number(answer.result));
      return this.finish(answer.client, client);
    }
    const hinted = answer.leader !== NOBODY && answer.leader !== client.target;
    client.target = hinted ? answer.leader : this.anotherThan(client);
    const call = client.call;
    const wait = hinted ? 0 : client.random.between(BACKOFF_MIN, BACKOFF_MAX);
    this.alarm(answer.client, client, wait + this.p.patience);
    this.queue.push(this.world.now + wait, EventKind.call, client.target, 0, call);
  }

  /** What became of the call that found no session, nobody can say; the client asks for a new session. */
  private open(index: number, client: Client): void {
    client.sequence++;
    client.tries = 1;
    client.call = makeCall(clientId(index), client.sequence, OPEN_SESSION);
    this.send(index, client);
  }

  /** A session that was opened before the numbers that this client has used is of no use to it. */
  private opened(client: Client, session: number): void {
    if (session * SESSION_CALLS <= client.sequence) return;
    client.session = session;
    client.sequence = session * SESSION_CALLS;
  }

  private _begin(index: number, client: Client): void {
    if (client.session > 0 && sessionOf(client.sequence + SESSION_SPARE) !== client.session) {
      return this.open(index, client);
    }
    client.sequence++;
    client.tries = 1;
    const drawn = this.draw(index, client);
    const operation = this.understood === undefined ? drawn : this.plainer(drawn, this.understood);
    client.call = makeCall(clientId(index), client.sequence, operation);
    if (isAtFollower(client.call)) client.target = nodeId(this.readPaths.below(this.world.nodes));
    this.send(index, client);
    if (client.random.chance(this.p.duplicateCall)) {
      const later = this.world.now + client.random.below(this.p.patience * 4);
      this.queue.push(later, EventKind.call, client.random.below(this.world.nodes), 0, client.call);
    }
  }

  private send(index: number, client: Client): void {
    this.queue.push(this.world.now, EventKind.call, client.target, 0, client.call);
    this.alarm(index, client, this.p.patience);
  }

  private finish(index: number, client: Client): void {
    client.call = undefined;
    if (this.p.openLoopEvery === 0) this.think(index, client);
    else client.alarm++;
  }

  private think(index: number, client: Client): void {
    this.alarm(index, client, client.random.between(this.p.thinkMin, this.p.thinkMax));
  }

  private alarm(index: number, client: Client, wait: number): void {
    this.queue.push(this.world.now + wait, EventKind.client, index, ++client.alarm, undefined);
  }

  private anotherThan(client: Client): NodeId {
    const { nodes } = this.world;
    if (nodes === 1) return client.target;
    return nodeId((client.target + 1 + client.random.below(nodes - 1)) % nodes);
  }

  private draw(index: number, client: Client): Operation {
    const { random } = client;
    this.refreshKeys();
    const slot = this.keyChoice.below(this.keyNames.length);
    const key = this.keyNames[slot] as string;
    const dice = random.below(100);
    if (dice < 40) return this.drawRead(key);
    if (isCounter(slot)) return { kind: 'add', key, amount: 1 + random.below(9) };
    const value = `${index + 1}.${client.sequence}`;
    if (dice < 65) return { kind: 'put', key, value };
    if (dice < 85) return { kind: 'append', key, value: `+${value}` };
    return { kind: 'cas', key, expected: random.chance(300_000) ? '' : this.guess(client, index), value };
  }

  /** What stands for an operation that the servers do not know: a read for a read, a write for what writes. */
  private plainer(drawn: Operation, understood: readonly Operation['kind'][]): Operation {
    if (understood.includes(drawn.kind)) return drawn;
    const { key } = drawn;
    if (drawn.kind === 'read' || drawn.kind === 'get') return { kind: 'get', key };
    return {
      kind: 'put',
      key,
      value: drawn.kind === 'add' ? String(drawn.amount) : 'value' in drawn ? drawn.value : '',
    };
  }

  /** A read by one of the ways of the plan; a draw of its own, so that no other depends on it. */
  private drawRead(key: string): Operation {
    const { readByIndex, readByLease, readAtFollower } = this.p;
    if (readByIndex + readByLease + readAtFollower === 0) return { kind: 'get', key };
    const dice = this.readPaths.below(MILLION);
    if (dice < readByIndex) return { kind: 'read', key, path: 'index' };
    if (dice < readByIndex + readByLease) return { kind: 'read', key, path: 'lease' };
    return dice < readByIndex + readByLease + readAtFollower
      ? { kind: 'read', key, path: 'follower' }
      : { kind: 'get', key };
  }

  /** Keys are left for fresh ones after a while, which keeps the search for a linearization short. */
  private refreshKeys(): void {
    const perEra = this.p.callsPerKey * this.p.keys;
    if (this.calls++ % perEra !== 0) return;
    const era = Math.floor(this.calls / perEra);
    if (era % LEAVE_EVERY === 0) this.leaveKeys();
    for (let slot = 0; slot < this.p.keys; slot++) {
      const before = this.keyNames[slot];
      if (before !== undefined) this.leaving.push(before);
      this.keyNames[slot] = `${isCounter(slot) ? 'n' : 'k'}${slot + 1}.${era}`;
    }
  }

  /** Keys are left for good once no client has a call on them, also none that has not reached a server yet. */
  private leaveKeys(): void {
    const wanted = new Set<string>();
    for (const { call } of this.clients) if (call !== undefined) wanted.add(call.operation.key);
    const left = this.leaving.filter((key) => !wanted.has(key));
    this.leaving = this.leaving.filter((key) => wanted.has(key));
    for (const key of left) this.world.sessions.leave(key);
  }

  /** A value that may well be there: what this client would have written a call or two ago. */
  private guess(client: Client, index: number): string {
    return `${index + 1}.${Math.max(1, client.sequence - 1 - client.random.below(3))}`;
  }
}
