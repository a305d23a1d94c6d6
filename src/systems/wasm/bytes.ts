// Questions to a module, or to a child that speaks in frames, and their answers as bytes: numbers little-endian in four
// bytes, texts behind their length.
//
// A text is what the module's bytes are, one character a byte; only their server reads them. What an answer says is
// never trusted: a length beyond its end, or a kind that there is not, is told with its place.

import { SystemTrouble } from '../../protocol/system-trouble.ts';
import type { RoleName } from '../../protocol/roles.ts';
import type { Boot, ForeignEntry, Wishes } from '../foreign/backend.ts';

/** The questions, by number. */
export const Question = { describe: 1, start: 2, tick: 3, timeout: 4, receive: 5, propose: 6, written: 7 } as const;

/** Writes a question. */
export class QuestionWriter {
  data = Buffer.alloc(1 << 12);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  u32(value: number): void {
    this.reserve(4);
    this.data.writeUInt32LE(value >>> 0, this.length);
    this.length += 4;
  }

  text(value: string): void {
    this.u32(value.length);
    this.reserve(value.length);
    this.length += this.data.write(value, this.length, 'latin1');
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.data.length) return;
    const larger = Buffer.alloc(Math.max(this.data.length * 2, this.length + bytes));
    larger.set(this.data.subarray(0, this.length));
    this.data = larger;
  }
}

/** What a server is told when it boots. */
export function writeBoot(question: QuestionWriter, node: number, { options, disk, seed }: Boot): void {
  question.u32(node);
  question.u32(options.nodes);
  question.u32(options.electionTimeoutMin);
  question.u32(options.electionTimeoutMax);
  question.u32(options.heartbeatInterval);
  question.u32((options.preVote ? 1 : 0) | (options.checkQuorum ? 2 : 0));
  question.u32(disk.term);
  question.u32(disk.vote);
  question.text(disk.state);
  question.u32(disk.log.length);
  for (const { term, data } of disk.log) {
    question.u32(term);
    question.text(data);
  }
  question.u32(seed);
}

/** Reads an answer that stands in a memory. */
export class AnswerReader {
  private readonly start: number;
  private readonly end: number;
  private readonly bytes: Buffer;
  private at: number;

  constructor(memory: Uint8Array, at: number, length: number) {
    this.bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
    this.start = at;
    this.at = at;
    this.end = at + length;
  }

  get isOver(): boolean {
    return this.at >= this.end;
  }

  u8(): number {
    this.need(1);
    return this.bytes[this.at++] as number;
  }

  u32(): number {
    this.need(4);
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  text(): string {
    const length = this.u32();
    this.need(length);
    const value = this.bytes.toString('latin1', this.at, this.at + length);
    this.at += length;
    return value;
  }

  fail(what: string): never {
    throw new SystemTrouble(`byte ${this.at - this.start} of an answer of ${this.end - this.start} bytes: ${what}`);
  }

  private need(bytes: number): void {
    if (this.at + bytes > this.end) this.fail(`${bytes} bytes should follow, but it ends`);
  }
}

const ROLES: readonly RoleName[] = ['follower', 'candidate', 'leader', 'pre-candidate'];
const ERROR_TEXT_MAX = 400;
const TIMERS = ['election', 'heartbeat'] as const;

/** The kinds of what an answer holds. */
const Kind = { send: 1, write: 2, apply: 3, refuse: 4, arm: 5, disarm: 6, halt: 7, state: 8, error: 9 } as const;

/** Tells what an answer says, in its order. */
export function tellAnswer(answer: AnswerReader, wishes: Wishes): void {
  while (!answer.isOver) tellOne(answer, wishes);
}

function tellOne(answer: AnswerReader, wishes: Wishes): void {
  const kind = answer.u8();
  switch (kind) {
    case Kind.send: {
      const to = answer.u8();
      const grants = answer.u8() !== 0;
      const term = answer.u32();
      const acknowledges = answer.u32();
      const name = answer.text();
      const reading = answer.text();
      const payload = answer.text();
      return wishes.send({ to, payload, name, reading, term, grants, acknowledges });
    }
    case Kind.write:
      return tellWrite(answer, wishes);
    case Kind.apply:
      return wishes.applied(answer.u32(), answer.u32(), answer.text());
    case Kind.refuse:
      return wishes.refused(answer.text(), answer.u32());
    case Kind.arm:
      return wishes.arm(wordOf(TIMERS, answer, 'a timer'));
    case Kind.disarm:
      return wishes.disarm(wordOf(TIMERS, answer, 'a timer'));
    case Kind.halt:
      return wishes.halt(answer.text());
    case Kind.state: {
      const role = wordOf(ROLES, answer, 'a role');
      const term = answer.u32();
      const vote = answer.u32();
      const leader = answer.u32();
      return wishes.state({ role, term, vote, leader, commit: answer.u32() });
    }
    case Kind.error:
      // An exception of the server, which is a finding.
      throw new Error(answer.text().slice(0, ERROR_TEXT_MAX));
    default:
      return answer.fail(`an effect of kind ${kind}, expected 1 to 9`);
  }
}

function tellWrite(answer: AnswerReader, wishes: Wishes): void {
  const ticket = answer.u32();
  const hasHead = answer.u8() !== 0;
  const head = { term: answer.u32(), vote: answer.u32(), state: answer.text() };
  const from = answer.u32();
  const count = answer.u32();
  const entries: ForeignEntry[] = [];
  for (let i = 0; i < count; i++) entries.push({ term: answer.u32(), data: answer.text() });
  wishes.write({ ticket, hardState: hasHead ? head : undefined, from, entries });
}

function wordOf<Word>(words: readonly Word[], answer: AnswerReader, what: string): Word {
  const number = answer.u8();
  return words[number] ?? answer.fail(`${what} is ${number}, expected 0 to ${words.length - 1}`);
}
