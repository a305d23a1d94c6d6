// A node that speaks Maelstrom's messages, as a system: one child a server, in real time, at best effort.
//
// `init`, `read`, `write` and `cas` of its workload lin-kv are what clients ask; everything that nodes send to each
// other goes over the simulated network. A call is sent once: a node knows no sessions, so that a retry could take
// effect twice. What a node answers with an error that is not definite stays without an answer. It keeps its state
// itself; a crash kills it, and what it kept on no disk is gone.

import type { NodeId } from '../../base/ids.ts';
import type { Call, Operation } from '../../protocol/operation.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';
import type { Backend, Boot, Description, Transport, Wishes } from '../foreign/backend.ts';
import { BEST_EFFORT_WORDS } from '../best-effort.ts';
import { ChildLink } from './link.ts';

/** How often what a node wrote is looked at. */
const TICK_MICROS = 5_000;

/** Its errors, by code: what was asked has had no effect, and never will. */
const KEY_DOES_NOT_EXIST = 20;
const PRECONDITION_FAILED = 22;
const REFUSALS: readonly unknown[] = [10, 11, 12, 14, 30];

/** What the simulator's clients may ask of a node. */
const MAELSTROM_OPERATIONS: readonly Operation['kind'][] = ['get', 'put', 'cas'];

type Json = Readonly<Record<string, unknown>>;

interface Envelope {
  readonly src?: unknown;
  readonly dest?: unknown;
  readonly body?: unknown;
}

export class MaelstromTransport implements Transport {
  readonly description: Description;
  private readonly command: string;
  private readonly patienceMillis: number;
  private servers: readonly MaelstromServer[] = [];

  constructor(command: string, patienceMillis: number) {
    this.command = command;
    this.patienceMillis = patienceMillis;
    this.description = {
      title: `${command} (Maelstrom’s messages; ${BEST_EFFORT_WORDS})`,
      shows: ['clients', 'exceptions'],
      tickMicros: TICK_MICROS,
      operations: MAELSTROM_OPERATIONS,
    };
  }

  /** One cluster at a time: the nodes of the one before are ended. */
  open(nodes: number): readonly Backend[] {
    for (const server of this.servers) server.stop();
    const sent = new Set<Call>();
    const fresh = Array.from({ length: nodes }, (_, i) => {
      return new MaelstromServer(new ChildLink(this.command, this.patienceMillis), i + 1, nodes, sent);
    });
    this.servers = fresh;
    return fresh;
  }
}

const nameOf = (node: number): string => `n${node}`;

class MaelstromServer implements Backend {
  private readonly link: ChildLink;
  private readonly node: number;
  private readonly nodes: number;
  /** The calls that some node of the cluster was asked. */
  private readonly sent: Set<Call>;
  /** What this node has not answered, by the number of the message. */
  private readonly asked = new Map<number, Call>();
  private lastNumber = 0;
  private isUp = false;

  constructor(link: ChildLink, node: number, nodes: number, sent: Set<Call>) {
    this.link = link;
    this.node = node;
    this.nodes = nodes;
    this.sent = sent;
  }

  start(_boot: Boot, now: number, wishes: Wishes): void {
    this.stop();
    this.isUp = true;
    this.asked.clear();
    const names = Array.from({ length: this.nodes }, (_, i) => nameOf(i + 1));
    const number = ++this.lastNumber;
    const body = { type: 'init', msg_id: number, node_id: nameOf(this.node), node_ids: names };
    let line = this.link.ask(JSON.stringify({ src: 'c0', dest: nameOf(this.node), body }));
    while (!this.isInitOk(line, number)) {
      this.heard(line, wishes);
      line = this.link.nextLine();
    }
    this.link.begin(now);
  }

  private isInitOk(line: string, number: number): boolean {
    const { body } = envelopeIn(line);
    const { type, in_reply_to: answers } = bodyIn(body, line);
    return type === 'init_ok' && answers === number;
  }

  stop(): void {
    if (this.isUp) this.link.end();
    this.isUp = false;
  }

  tick(now: number, wishes: Wishes): void {
    for (const line of this.link.linesUntil(now)) this.heard(line, wishes);
  }

  timeout(): void {
    // It has timers of its own.
  }

  receive(from: NodeId, payload: string): void {
    this.post(nameOf(from + 1), JSON.parse(payload) as Json);
  }

  propose(): void {
    throw new SystemTrouble('a node of this form is asked by its operations, never by texts');
  }

  operate(call: Call, wishes: Wishes): void {
    if (this.sent.has(call)) return;
    const { operation } = call;
    const body = bodyOf(operation);
    if (body === undefined) {
      wishes.refusedCall(call, 0);
      return;
    }
    this.sent.add(call);
    const number = ++this.lastNumber;
    this.asked.set(number, call);
    this.post(`c${call.client + 1}`, { ...body, msg_id: number });
  }

  written(): void {
    // It asks for no writes.
  }

  private post(src: string, body: Json): void {
    this.link.post(JSON.stringify({ src, dest: nameOf(this.node), body }));
  }

  private heard(line: string, wishes: Wishes): void {
    const { src, dest, body } = envelopeIn(line);
    const content = bodyIn(body, line);
    if (src !== nameOf(this.node)) {
      throw new SystemTrouble(`a message says that it is from ${shown(src)}, expected ${nameOf(this.node)}`);
    }
    const to = /^n(\d+)$/.exec(String(dest));
    if (to !== null) {
      const name = typeof content['type'] === 'string' ? content['type'] : 'message';
      const claims = { term: 0, grants: false, acknowledges: 0 };
      wishes.send({ to: Number(to[1]), payload: JSON.stringify(content), name, reading: '', ...claims });
      return;
    }
    if (!/^c\d+$/.test(String(dest))) {
      throw new SystemTrouble(`a message goes to ${shown(dest)}, but there are only nodes and clients here`);
    }
    const number = content['in_reply_to'];
    const call = typeof number === 'number' ? this.asked.get(number) : undefined;
    if (call === undefined) return;
    this.asked.delete(number as number);
    this.answered(call, content, wishes);
  }

  private answered(call: Call, body: Json, wishes: Wishes): void {
    const { kind } = call.operation;
    const { type, code, value } = body;
    if (type === 'read_ok' && kind === 'get') return wishes.answered(call, textOf(value));
    if (type === 'write_ok' && kind === 'put') return wishes.answered(call, 'ok');
    if (type === 'cas_ok' && kind === 'cas') return wishes.answered(call, 'yes');
    if (type !== 'error')
      throw new SystemTrouble(`${shown(type)} answers ${kind}, expected ${kind} to be done or an error`);
    if (code === PRECONDITION_FAILED && kind === 'cas') return wishes.answered(call, 'no');
    if (code === KEY_DOES_NOT_EXIST) {
      if (kind === 'get') return wishes.answered(call, '');
      // With nothing expected, our model would have written: what it answers stays open.
      if (kind === 'cas' && call.operation.expected !== '') return wishes.answered(call, 'no');
      return;
    }
    if (!REFUSALS.includes(code)) return;
    this.sent.delete(call);
    wishes.refusedCall(call, 0);
  }
}

function bodyOf(operation: Operation): Json | undefined {
  switch (operation.kind) {
    case 'get':
      return { type: 'read', key: operation.key };
    case 'put':
      return { type: 'write', key: operation.key, value: operation.value };
    case 'cas':
      return { type: 'cas', key: operation.key, from: operation.expected, to: operation.value };
    default:
      return undefined;
  }
}

function envelopeIn(line: string): Envelope {
  try {
    const found = JSON.parse(line) as unknown;
    if (typeof found === 'object' && found !== null) return found;
  } catch {
    // Told below.
  }
  throw new SystemTrouble(`a node wrote ${JSON.stringify(line.slice(0, 60))}, expected a message as a JSON object`);
}

function bodyIn(body: unknown, line: string): Json {
  if (typeof body === 'object' && body !== null) return body as Json;
  throw new SystemTrouble(`the message ${JSON.stringify(line.slice(0, 60))} has no body`);
}

/** A value as our clients have it; what is no text stands as JSON. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);
