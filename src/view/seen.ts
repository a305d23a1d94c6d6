// What a trace of format 2 holds besides its steps: all that a page needs in order to show a run that it cannot take
// again, since the Raft in it is another one.
//
// It is written from a history and read back into one. Of servers and logs a line holds what its step changed. What
// the system does not show of itself is not there, and nothing is made up for it. Payloads are left out.

import { UsageError } from '../base/errors.ts';
import { nodeName, type NodeId } from '../base/ids.ts';
import type { Entry, Message } from '../protocol/message.ts';
import type { Answer } from '../sim/process.ts';
import type { Seen, Trace } from '../trace/format.ts';
import type { Film } from './film.ts';
import type { History, RecordedLook } from './history.ts';
import type { LogHistory, ReadableLog } from './log-history.ts';
import type { ServerMoment } from './moments.ts';

interface SeenLog {
  readonly base: number;
  readonly from: number;
  /** From there on; null where only a snapshot has the entry. */
  readonly entries: readonly (Entry | null)[];
}

interface SeenServer {
  readonly server: string;
  /** What is otherwise than before, by name; null: it is not there. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly log?: SeenLog;
  readonly disk?: SeenLog;
}

// ── writing ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** For the first line: the servers before the first step, and what the system shows. */
export const seenBefore = ({ history }: Film): Seen => ({
  shows: history.shows ?? null,
  servers: Array.from({ length: history.servers }, (_, node) => seenServer(history, node, 0)),
});

/** For the line of a step. */
export function seenIn(history: History, step: number): Seen {
  const sent = history.sentIn(step).map(({ message }) => withoutPayload(message));
  const answers = history.answeredIn(step).map(({ node, answer }) => ({ node, answer }));
  const node = Array.from({ length: history.servers }, (_, id) => id).find(
    (id) => history.server(id, step).step === step,
  );
  return {
    line: history.lines[step] ?? '',
    ...(sent.length === 0 ? {} : { sent }),
    ...(answers.length === 0 ? {} : { answers }),
    ...(node === undefined ? {} : { became: seenServer(history, node, step) }),
  };
}

/** For the last line. */
export const seenAtEnd = ({ run, goals }: Film): Seen => ({
  verdicts: run.verdicts,
  goals: Object.fromEntries(Array.from(goals, ([name, steps]) => [name, [run.goals[name], steps[0]]])),
});

const withoutPayload = (message: Message): Message =>
  message.kind === 'Foreign' ? { ...message, payload: '' } : message;

function seenServer(history: History, node: number, step: number): SeenServer {
  const log = seenLog(history.log(node, 'memory'), step);
  const disk = seenLog(history.log(node, 'disk'), step);
  const before = step === 0 ? undefined : history.server(node, step - 1);
  return {
    server: nodeName(node as NodeId),
    state: difference(before, history.server(node, step)),
    ...(log === undefined ? {} : { log }),
    ...(disk === undefined ? {} : { disk }),
  };
}

function difference(before: ServerMoment | undefined, now: ServerMoment): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of (Object.keys(now) as (keyof ServerMoment)[]).toSorted()) {
    const value = now[name];
    if (name === 'step' || (before !== undefined && value === before[name])) continue;
    if (before === undefined || JSON.stringify(value) !== JSON.stringify(before[name])) found[name] = value ?? null;
  }
  return found;
}

function seenLog(log: LogHistory, step: number): SeenLog | undefined {
  const change = log.changeAt(step);
  if (change === undefined) return undefined;
  const { base, from, lastIndex } = change;
  const entries: (Entry | null)[] = [];
  for (let index = from; index <= lastIndex; index++)
    entries.push(index <= base ? null : (log.entryAt(index, step) ?? null));
  return { base, from, entries };
}

// ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Reads what stands in the lines of a trace, one after the other. */
export class SeenReader {
  private readonly trace: Trace;
  private readonly servers: (ServerReader | undefined)[];
  /** Equal entries are one, so that a log and a disk can be compared. */
  private readonly entries = new Map<string, Entry>();

  constructor(trace: Trace) {
    this.trace = trace;
    this.servers = Array.from({ length: trace.header.plan.nodes }, () => undefined);
  }

  before(): { readonly shows: History['shows']; readonly looks: readonly RecordedLook[] } {
    return this.at(1, () => {
      const { shows, servers } = this.trace.header.seen as { shows: History['shows'] | null; servers: SeenServer[] };
      return { shows: shows ?? undefined, looks: servers.map((server) => this.look(server, 0)) };
    });
  }

  step(step: number): {
    readonly line: string;
    readonly sent: readonly Message[];
    readonly answers: readonly { readonly node: NodeId; readonly answer: Answer }[];
    readonly look: RecordedLook | undefined;
  } {
    return this.at(this.trace.lineOf(step), () => {
      const { line, sent, answers, became } = this.trace.seen[step - 1] as {
        readonly line?: unknown;
        readonly sent?: readonly Message[];
        readonly answers?: readonly { readonly node: NodeId; readonly answer: Answer }[];
        readonly became?: SeenServer;
      };
      return {
        line: String(line),
        sent: sent ?? [],
        answers: answers ?? [],
        look: became === undefined ? undefined : this.look(became, step),
      };
    });
  }

  private at<Result>(line: number, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${this.trace.placeOf(line, ['seen'])}: what was seen cannot be read: ${why}`);
    }
  }

  private look({ server, state, log, disk }: SeenServer, step: number): RecordedLook {
    const node = Number(/^n([1-9])$/.exec(server)?.[1]) - 1;
    if (!(node < this.servers.length))
      throw new Error(`"server" is ${JSON.stringify(server)}, expected one of the run`);
    const reader = (this.servers[node] ??= new ServerReader(this.entries));
    return reader.look(node, step, state, log, disk);
  }
}

class ServerReader {
  private state: Readonly<Record<string, unknown>> = {};
  private readonly memory: RecordedLog;
  private readonly disk: RecordedLog;

  constructor(entries: Map<string, Entry>) {
    this.memory = new RecordedLog(entries);
    this.disk = new RecordedLog(entries);
  }

  look(
    node: number,
    step: number,
    state: SeenServer['state'],
    log: SeenLog | undefined,
    disk: SeenLog | undefined,
  ): RecordedLook {
    const changes = new Map(Object.entries(state).map(([name, value]) => [name, withoutNull(value)]));
    const changed: Readonly<Record<string, unknown>> = Object.fromEntries(changes);
    this.state = { ...this.state, ...changed, step };
    this.memory.change(log);
    this.disk.change(disk);
    return { node, moment: this.state as unknown as ServerMoment, memory: this.memory, disk: this.disk };
  }
}

/** JSON has no undefined: of a leader's followers, too, some are not there. */
const withoutNull = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((one: unknown) => one ?? undefined) : (value ?? undefined);

/** A log that grows and is cut as the lines say. */
class RecordedLog implements ReadableLog {
  base = 0;
  private readonly items: (Entry | null)[] = [];
  /** By place: what changes whenever the log changes up to there. */
  private readonly marks: number[] = [];
  private mark = 0;
  private readonly entries: Map<string, Entry>;

  constructor(entries: Map<string, Entry>) {
    this.entries = entries;
  }

  get lastIndex(): number {
    return this.items.length;
  }

  change(log: SeenLog | undefined): void {
    if (log === undefined) return;
    const { base, from, entries } = log;
    if (!(from >= 1 && from <= this.items.length + 1))
      throw new Error(`no entry ${from} can follow ${this.items.length}`);
    this.base = base;
    this.items.length = from - 1;
    this.marks.length = from - 1;
    for (const entry of entries) {
      this.items.push(entry === null ? null : this.known(entry));
      this.marks.push(++this.mark);
    }
  }

  prefixHashAt(index: number): number | undefined {
    return this.marks[index - 1];
  }

  entryAt(index: number): Entry {
    const entry = this.items[index - 1];
    if (entry === undefined || entry === null) throw new Error(`there is no entry ${index}`);
    return entry;
  }

  private known(entry: Entry): Entry {
    const text = JSON.stringify(entry);
    const found = this.entries.get(text);
    if (found !== undefined) return found;
    this.entries.set(text, entry);
    return entry;
  }
}
