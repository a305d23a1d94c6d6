// The two ways in which servers log: our own events, and the trace of etcd's raft (build tag `with_tla`).
//
// The trace tells a state with each event; what changed since the one before is the event.

import { UsageError } from '../base/errors.ts';
import { nearest } from '../run/nearest.ts';
import { eventKinds, type LoggedKind, type LoggedEvent } from './event.ts';

/** A mistake at a place of a log of servers. */
class ServerLogError extends UsageError {
  override name = 'ServerLogError';

  constructor(file: string, line: number, column: number, what: string) {
    super(`${file}:${line}:${column}: ${what}`);
  }
}

type Json = Readonly<Record<string, unknown>>;

const KINDS = Object.keys(eventKinds) as readonly LoggedKind[];
/** What each kind must say. */
const FIELDS: Readonly<Record<LoggedKind, readonly (keyof LoggedEvent)[]>> = {
  restart: [],
  term: ['term'],
  vote: ['term', 'for'],
  role: ['term', 'role'],
  append: ['index', 'term'],
  truncate: ['index'],
  commit: ['index'],
  apply: ['index'],
  snapshot: ['index', 'term'],
  extent: ['index'],
  configuration: ['voters'],
  message: [],
};

/** Reads the events of a file, line by line. */
export class ServerLogReader {
  private readonly file: string;
  private readonly traced = new Map<string, Traced>();
  private readonly booting = new Set<string>();

  constructor(file: string) {
    this.file = file;
  }

  line(text: string, number: number): readonly LoggedEvent[] {
    if (text.trim() === '') return [];
    const fail = (column: number, what: string): never => {
      throw new ServerLogError(this.file, number, column, what);
    };
    const json = objectOf(text, fail);
    const event = json['event'];
    if (typeof event === 'object' && event !== null) return this.tracedEvents(event as Json, number, fail);
    if (typeof json['name'] === 'string' && 'nid' in json) return this.tracedEvents(json, number, fail);
    return [ownEvent(json, text, number, fail)];
  }

  private tracedEvents(json: Json, line: number, fail: (column: number, what: string) => never): LoggedEvent[] {
    const { name, nid, state, role, log, conf } = json;
    if (typeof name !== 'string' || typeof nid !== 'string' || typeof state !== 'object' || state === null) {
      return fail(1, 'expected an event of etcd with "name", "nid" and "state"');
    }
    const { term, vote, commit } = state as Json;
    const now: Traced = {
      term: Number(term),
      vote: String(vote),
      commit: Number(commit),
      role: ROLES[String(role)] ?? String(role),
      extent: Number(log),
      voters: voterText(conf),
    };
    if (name === 'InitState') {
      this.booting.add(nid);
      this.traced.delete(nid);
      return [{ kind: 'restart', server: nid, line, tells: TRACED }];
    }
    // Until a server becomes a follower it has not read its disk, and its state is none.
    if (this.booting.has(nid) && name !== 'BecomeFollower') return [];
    this.booting.delete(nid);
    const before = this.traced.get(nid);
    this.traced.set(nid, now);
    return changesOf(before, now, nid, line, name);
  }
}

interface Traced {
  readonly term: number;
  readonly vote: string;
  readonly commit: number;
  readonly role: string;
  readonly extent: number;
  readonly voters: string;
}

const ROLES: Readonly<Record<string, string>> = {
  StateFollower: 'follower',
  StateCandidate: 'candidate',
  StatePreCandidate: 'candidate',
  StateLeader: 'leader',
};

/** What every event of the trace shows. */
const TRACED: readonly LoggedKind[] = ['term', 'vote', 'role', 'extent', 'commit', 'configuration', 'message'];

const NOBODY = '0';

const voterText = (conf: unknown): string => (Array.isArray(conf) ? JSON.stringify((conf as unknown[])[0]) : '[]');

function changesOf(before: Traced | undefined, now: Traced, server: string, line: number, name: string): LoggedEvent[] {
  const events: LoggedEvent[] = [];
  const { term } = now;
  if (term !== before?.term) events.push({ kind: 'term', server, line, term });
  if (now.vote !== NOBODY && (now.vote !== before?.vote || term !== before.term)) {
    events.push({ kind: 'vote', server, line, term, for: now.vote });
  }
  if (now.extent !== before?.extent) events.push({ kind: 'extent', server, line, index: now.extent });
  if (now.role !== before?.role || term !== before.term)
    events.push({ kind: 'role', server, line, term, role: now.role });
  if (now.commit !== before?.commit) events.push({ kind: 'commit', server, line, index: now.commit });
  if (now.voters !== before?.voters) {
    events.push({ kind: 'configuration', server, line, voters: JSON.parse(now.voters) as string[] });
  }
  if (/^(?:Send|Receive)/.test(name)) events.push({ kind: 'message', server, line });
  return events;
}

function objectOf(text: string, fail: (column: number, what: string) => never): Json {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const place = /position (\d+)/.exec(String(error))?.[1];
    return fail(place === undefined ? text.trimEnd().length + 1 : Number(place) + 1, 'found no JSON here');
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  return fail(1, 'expected one JSON object a line');
}

function ownEvent(json: Json, text: string, line: number, fail: (column: number, what: string) => never): LoggedEvent {
  const { server, event: kind } = json;
  const columnOf = (name: string): number => Math.max(1, text.indexOf(`"${name}"`) + 1);
  if (typeof server !== 'string') return fail(1, 'expected "server", a text, and "event"');
  if (typeof kind !== 'string' || !KINDS.includes(kind as LoggedKind)) {
    const near = typeof kind === 'string' ? nearest(kind, KINDS) : undefined;
    const hint = near === undefined ? `expected one of ${KINDS.join(', ')}` : `did you mean ${near}?`;
    return fail(columnOf('event'), `found the event ${JSON.stringify(kind) ?? 'nowhere'}; ${hint}`);
  }
  for (const name of FIELDS[kind as LoggedKind]) {
    const value = json[name];
    const isRight = TEXTS.includes(name)
      ? typeof value === 'string'
      : name === 'voters'
        ? Array.isArray(value) && value.every((one) => typeof one === 'string')
        : Number.isSafeInteger(value) && Number(value) >= 0;
    if (!isRight) {
      const found = JSON.stringify(value) ?? 'nowhere';
      return fail(columnOf(name), `found ${name} ${found} in the event ${kind}, expected ${expectedOf(name)}`);
    }
  }
  const { term, index, role, for: whom, command, voters, tells } = json;
  const isList = Array.isArray(tells) && tells.every((one) => KINDS.includes(one as LoggedKind));
  if (tells !== undefined && !isList)
    fail(columnOf('tells'), `found tells ${JSON.stringify(tells)}, expected kinds of events`);
  return {
    kind: kind as LoggedKind,
    server,
    line,
    ...(typeof term === 'number' ? { term } : {}),
    ...(typeof index === 'number' ? { index } : {}),
    ...(typeof role === 'string' ? { role } : {}),
    ...(typeof whom === 'string' ? { for: whom } : {}),
    ...(command === undefined ? {} : { command: JSON.stringify(command) }),
    ...(Array.isArray(voters) ? { voters: voters as string[] } : {}),
    ...(isList ? { tells: tells as LoggedKind[] } : {}),
  };
}

const TEXTS: readonly (keyof LoggedEvent)[] = ['for', 'role'];
const expectedOf = (name: string): string =>
  name === 'voters' ? 'names of servers' : TEXTS.includes(name as keyof LoggedEvent) ? 'a text' : 'a whole number';
