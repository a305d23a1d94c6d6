// A Raft in a child process: one JSON object a line, or one frame of bytes, a question and its answer at a time, many
// clusters in one child.
//
// `docs/adapters/child.md` is the contract. What comes back is never trusted: each field is looked at, and what is
// wrong is told with the question that it answers. A key never changes its meaning within a version of the protocol.

import type { NodeId } from '../../base/ids.ts';
import { roleNames, type RoleName } from '../../protocol/roles.ts';
import type { Backend, Boot, Description, ForeignEntry, Transport, Wishes } from '../foreign/backend.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';
import { shownIn } from '../foreign/shown.ts';
import { FrameServer } from './frames.ts';
import type { ChildLink } from './link.ts';

/** The version of the protocol that this program speaks. */
const CHILD_PROTOCOL = 1;

/** So many clusters may be looked at side by side; the oldest is forgotten when another one begins. */
const CLUSTERS_KEPT = 32;

type Json = Readonly<Record<string, unknown>>;

export class ChildTransport implements Transport {
  readonly description: Description;
  private readonly link: ChildLink;
  private readonly speaksFrames: boolean;
  /** A child that keeps its own time is waited for: its ticks come when real time has come to them. */
  private readonly keepsTime: boolean;
  private clusters = 0;
  /** The child that was greeted. */
  private greeted = 0;

  constructor(link: ChildLink, keepsTime = false) {
    this.link = link;
    this.keepsTime = keepsTime;
    const answer = this.greet();
    this.description = describe(answer);
    this.speaksFrames = answer['frames'] === true;
    if (this.speaksFrames) link.speakInFrames();
  }

  open(nodes: number): readonly Backend[] {
    const cluster = ++this.clusters;
    if (this.keepsTime) this.link.begin(0);
    if (cluster > CLUSTERS_KEPT) this.forget(cluster - CLUSTERS_KEPT);
    return Array.from({ length: nodes }, (_, i) =>
      this.speaksFrames ? new FrameServer(this, cluster, i + 1) : new ChildServer(this, cluster, i + 1),
    );
  }

  /** Asks, and reads the answer as an object. */
  ask(question: Json): Json {
    this.greetFresh();
    return this.askLine(question);
  }

  /** Asks a child that speaks in frames. */
  askFrame(frame: Uint8Array): Uint8Array {
    this.greetFresh();
    return this.link.askFrame(frame);
  }

  /** Of a child that keeps its own time: waits until real time has come to a moment of virtual time. */
  waitUntil(now: number): void {
    if (!this.keepsTime) return;
    const [stray] = this.link.linesUntil(now);
    if (stray === undefined) return;
    this.link.end();
    throw new SystemTrouble(`the system wrote ${JSON.stringify(stray.slice(0, 60))} between two answers`);
  }

  private forget(cluster: number): void {
    if (this.speaksFrames) new FrameServer(this, cluster, 0).forget();
    else this.ask({ do: 'forget', cluster });
  }

  /** A child that was started anew hears the first line, too. */
  private greetFresh(): void {
    if (this.link.isRunning && this.link.started === this.greeted) return;
    this.greet();
    if (this.speaksFrames) this.link.speakInFrames();
  }

  private greet(): Json {
    const answer = this.askLine({ do: 'hello', protocol: CHILD_PROTOCOL });
    this.greeted = this.link.started;
    return answer;
  }

  private askLine(question: Json): Json {
    const line = this.link.ask(JSON.stringify(question));
    let answer: unknown;
    try {
      answer = JSON.parse(line);
    } catch {
      answer = undefined;
    }
    if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer as Json;
    this.link.end();
    const answered = `the system answered ${JSON.stringify(line.slice(0, 60))}`;
    throw new SystemTrouble(`${answered} to ${JSON.stringify(question['do'])}, expected a JSON object`);
  }

  get lives(): number {
    return this.link.started;
  }
}

function describe(answer: Json): Description {
  const { protocol, name, shows, tickMicros } = answer;
  if (protocol !== CHILD_PROTOCOL) {
    throw new SystemTrouble(`the system speaks protocol ${JSON.stringify(protocol)}, expected ${CHILD_PROTOCOL}`);
  }
  return {
    title: textOf(name, 'name'),
    shows: shownIn(listOf(shows ?? [], 'shows').map((word) => textOf(word, 'shows'))),
    tickMicros: numberOf(tickMicros ?? 0, 'tickMicros'),
  };
}

class ChildServer implements Backend {
  private readonly transport: ChildTransport;
  private readonly cluster: number;
  private readonly node: number;
  /** The child that knows this server; another one knows nothing of it. */
  private life = 0;

  constructor(transport: ChildTransport, cluster: number, node: number) {
    this.transport = transport;
    this.cluster = cluster;
    this.node = node;
  }

  start({ options, seed, disk }: Boot, now: number, wishes: Wishes): void {
    const { nodes, electionTimeoutMin, electionTimeoutMax, heartbeatInterval, preVote, checkQuorum } = options;
    const timing = { electionTimeoutMin, electionTimeoutMax, heartbeatInterval };
    const wished = { preVote, checkQuorum };
    this.life = 0;
    this.act({ do: 'start', nodes, seed, now, disk, ...timing, ...wished }, wishes);
    this.life = this.transport.lives;
  }

  stop(): void {
    if (this.life !== this.transport.lives) return;
    try {
      this.transport.ask({ do: 'stop', cluster: this.cluster, node: this.node });
    } catch (error) {
      // Whatever is wrong with the system, the next question tells.
      if (!(error instanceof SystemTrouble)) throw error;
    }
  }

  tick(now: number, wishes: Wishes): void {
    this.transport.waitUntil(now);
    this.act({ do: 'tick', now }, wishes);
  }

  timeout(timer: 'election' | 'heartbeat', now: number, wishes: Wishes): void {
    this.act({ do: 'timeout', timer, now }, wishes);
  }

  receive(from: NodeId, payload: string, now: number, wishes: Wishes): void {
    this.act({ do: 'receive', from: from + 1, message: JSON.parse(payload) as unknown, now }, wishes);
  }

  propose(command: string, now: number, wishes: Wishes): void {
    this.act({ do: 'propose', command, now }, wishes);
  }

  written(ticket: number, now: number, wishes: Wishes): void {
    this.act({ do: 'written', ticket, now }, wishes);
  }

  private act(question: Json, wishes: Wishes): void {
    const { cluster, node, transport } = this;
    if (this.life !== 0 && this.life !== transport.lives) {
      throw new SystemTrouble('the system was started anew in the middle of a run');
    }
    const answer = transport.ask({ cluster, node, ...question });
    try {
      carryOut(answer, wishes);
    } catch (error) {
      if (!(error instanceof SystemTrouble)) throw error;
      throw new SystemTrouble(`${error.message} (answering ${JSON.stringify(question['do'])})`);
    }
  }
}

/** Tells what an answer says, in the order in which it says it. */
function carryOut(answer: Json, wishes: Wishes): void {
  const { error } = answer;
  if (error !== undefined) throw new Error(textOf(error, 'error').slice(0, 400));
  for (const effect of listOf(answer['effects'] ?? [], 'effects')) wish(objectOf(effect, 'an effect'), wishes);
  const state = answer['state'];
  if (state !== undefined) tellState(objectOf(state, 'state'), wishes);
}

function tellState({ role, term, vote, leader, commit }: Json, wishes: Wishes): void {
  if (!(roleNames as readonly unknown[]).includes(role)) {
    throw new SystemTrouble(`"role" is ${JSON.stringify(role)}, expected one of ${roleNames.join(', ')}`);
  }
  wishes.state({
    role: role as RoleName,
    term: numberOf(term ?? 0, 'term'),
    vote: numberOf(vote ?? 0, 'vote'),
    leader: numberOf(leader ?? 0, 'leader'),
    commit: numberOf(commit ?? 0, 'commit'),
  });
}

const effectNames = ['send', 'write', 'apply', 'refuse', 'arm', 'disarm', 'halt'] as const;

function wish(effect: Json, wishes: Wishes): void {
  const kind = effectNames.find((name) => Object.hasOwn(effect, name));
  switch (kind) {
    case 'send':
      return wishes.send({
        to: numberOf(effect['send'], 'send'),
        payload: JSON.stringify(effect['message'] ?? null),
        name: textOf(effect['name'] ?? 'message', 'name'),
        reading: textOf(effect['reading'] ?? '', 'reading'),
        term: numberOf(effect['term'] ?? 0, 'term'),
        grants: effect['grants'] === true,
        acknowledges: numberOf(effect['acknowledges'] ?? 0, 'acknowledges'),
      });
    case 'write':
      return tellWrite(objectOf(effect['write'], 'write'), wishes);
    case 'apply':
      return wishes.applied(
        numberOf(effect['apply'], 'apply'),
        numberOf(effect['term'] ?? 0, 'term'),
        textOf(effect['command'] ?? '', 'command'),
      );
    case 'refuse':
      return wishes.refused(textOf(effect['refuse'], 'refuse'), numberOf(effect['leader'] ?? 0, 'leader'));
    case 'arm':
      return wishes.arm(timerOf(effect['arm']));
    case 'disarm':
      return wishes.disarm(timerOf(effect['disarm']));
    case 'halt':
      return wishes.halt(textOf(effect['halt'], 'halt'));
    case undefined:
      throw new SystemTrouble(
        `an effect is ${JSON.stringify(effect).slice(0, 60)}, expected one with ${effectNames.join(', ')}`,
      );
  }
}

function tellWrite(write: Json, wishes: Wishes): void {
  const { ticket, term, vote, state, from, entries } = write;
  const hasHead = term !== undefined || vote !== undefined || state !== undefined;
  wishes.write({
    ticket: numberOf(ticket ?? 0, 'ticket'),
    hardState: hasHead
      ? {
          term: numberOf(term ?? 0, 'term'),
          vote: numberOf(vote ?? 0, 'vote'),
          state: textOf(state ?? '', 'state'),
        }
      : undefined,
    from: numberOf(from ?? 0, 'from'),
    entries: listOf(entries ?? [], 'entries').map(entryOf),
  });
}

function entryOf(entry: unknown): ForeignEntry {
  const { term, data } = objectOf(entry, 'an entry');
  return { term: numberOf(term, 'term'), data: textOf(data ?? '', 'data') };
}

function timerOf(value: unknown): 'election' | 'heartbeat' {
  if (value === 'election' || value === 'heartbeat') return value;
  throw new SystemTrouble(`a timer is ${JSON.stringify(value)}, expected election or heartbeat`);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  throw new SystemTrouble(`"${name}" is ${shown(value)}, expected a number`);
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new SystemTrouble(`"${name}" is ${shown(value)}, expected a text`);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new SystemTrouble(`"${name}" is ${shown(value)}, expected a list`);
}

function objectOf(value: unknown, name: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new SystemTrouble(`${name} is ${shown(value)}, expected an object`);
}
