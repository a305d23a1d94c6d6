// The file format of traces: one JSON object a line, written as the run goes, read back with exact complaints.
//
// First a line that says what the file is and which plan it is about, then the steps (or, for very long runs, only a
// fingerprint now and then), then a line that says how it ended and sums up every character before. A later format gets
// a new number; within one format nothing changes its meaning. `docs/trace-format.md` is for its readers.

import { assert } from '../base/errors.ts';
import { hashText, hex, mix } from '../base/hash.ts';
import { micros, type Micros } from '../base/ids.ts';
import type { Violation } from '../sim/observer.ts';
import type { Step } from '../sim/step.ts';
import { asciiJson, findSyntaxProblem, offsetOf, type JsonPath } from './json.ts';
import { complain, foundText, ObjectReader, type NearestWord, type SourceLine } from './object-reader.ts';
import type { TracedStep } from './recorder.ts';
import { decodeStep, encodeStep } from './step-codec.ts';

/** The number of the format that this program writes. */
export const TRACE_FORMAT = 1;
/** The same, and in its lines what became of the servers: written where it is asked for. */
export const TRACE_FORMAT_WITH_STATES = 2;

/**
 * What a line of format 2 holds besides: what became of a server, what left it. Who shows runs knows what it means;
 * this room passes it on as it is.
 */
export type Seen = Readonly<Record<string, unknown>>;

export type TraceKind = 'steps' | 'seed';
export const traceKinds: readonly TraceKind[] = ['steps', 'seed'];

/** A plan as this room sees it: it knows how many nodes there are and passes the rest on as it is. */
export interface TracePlan {
  readonly nodes: number;
}

export interface TraceHeader {
  readonly kind: TraceKind;
  /** The version of raft-sim that wrote the file. */
  readonly version: string;
  readonly plan: TracePlan;
  /** Of format 2: what was seen before the first step. */
  readonly seen?: Seen;
}

/** The fingerprint of the run after a step. */
export interface TraceCheckpoint {
  readonly step: number;
  readonly print: string;
}

export interface TraceEnd {
  readonly steps: number;
  readonly at: Micros;
  readonly fingerprint: string;
  readonly violation: Violation | null;
  /** Of format 2: what was seen when the run was over. */
  readonly seen?: Seen;
}

export interface Trace {
  readonly header: TraceHeader;
  /** Of a trace of kind `steps`, in order, from step 1; empty for the other kind. */
  readonly steps: readonly Step[];
  /** The fingerprint after each of the steps. */
  readonly prints: readonly string[];
  /** Of format 2: what was seen in each of the steps; empty for format 1. */
  readonly seen: readonly Seen[];
  /** Of a trace of kind `seed`; empty for the other kind. */
  readonly checkpoints: readonly TraceCheckpoint[];
  readonly end: TraceEnd;
  /** False if anything in the file was changed after it was written. */
  readonly intact: boolean;
  /** The line of the file that holds a step (or the first checkpoint that is not before it), else the last line. */
  lineOf(step: number): number;
  /** `file:line:column` of a value within a line, or of the line where it has no such value. */
  placeOf(line: number, path: JsonPath): string;
}

const foldLine = (sum: number, line: string): number => mix(sum, hashText(line));

/** Writes a trace piece by piece; each piece is a whole line. */
export class TraceWriter {
  private readonly _header: TraceHeader;
  private sum = 0;
  private lines = 0;
  private steps = 0;

  constructor(header: TraceHeader) {
    this._header = header;
  }

  header(): string {
    assert(this.lines === 0, 'a trace begins with its header');
    const { version, kind, plan, seen } = this._header;
    const format = seen === undefined ? TRACE_FORMAT : TRACE_FORMAT_WITH_STATES;
    return this.line(asciiJson({ 'raft-sim': 'trace', format, version, kind, plan, seen }));
  }

  step(traced: Pick<TracedStep, 'step' | 'data' | 'fingerprint'>, seen?: Seen): string {
    assert(this.lines > 0 && this._header.kind === 'steps', 'steps stand behind the header of a trace of kind steps');
    assert(traced.step === this.steps + 1, 'a trace holds every step, in order');
    this.steps = traced.step;
    assert((seen === undefined) === (this._header.seen === undefined), 'every line of format 2 says what was seen');
    const text = encodeStep(traced.step, traced.data, traced.fingerprint);
    return this.line(seen === undefined ? text : `${text.slice(0, -1)},"seen":${asciiJson(seen)}}`);
  }

  checkpoint(step: number, print: string): string {
    assert(
      this.lines > 0 && this._header.kind === 'seed',
      'checkpoints stand behind the header of a trace of kind seed',
    );
    assert(step > this.steps, 'checkpoints stand in order');
    this.steps = step;
    return this.line(asciiJson({ step, print }));
  }

  end(end: TraceEnd): string {
    const { steps, at, fingerprint, violation, seen } = end;
    assert(this.lines > 0, 'a trace begins with its header');
    assert(this._header.kind === 'seed' || steps === this.steps, 'the end counts the steps before it');
    assert(steps >= this.steps, 'no checkpoint lies behind the end');
    const found = violation === null ? null : { property: violation.property, why: violation.why };
    const front = asciiJson({ end: true, steps, at, fingerprint, violation: found, seen }).slice(0, -1);
    return `${front},"sum":"${hex(foldLine(this.sum, front))}"}\n`;
  }

  private line(text: string): string {
    this.sum = foldLine(this.sum, text);
    this.lines++;
    return `${text}\n`;
  }
}

const LAST_LINE = /^(.*),"sum":"([0-9a-f]{8})"\}$/;

/** The same text with the sum that it should have; a text without a last line stays as it is. */
export function resum(text: string): string {
  const lines = linesOf(text);
  const last = lines.length - 1;
  const front = LAST_LINE.exec(lines[last] ?? '')?.[1];
  if (front === undefined) return text;
  lines[last] = `${front},"sum":"${sumOf(lines, last, front)}"}`;
  return `${lines.join('\n')}\n`;
}

function sumOf(lines: readonly string[], last: number, front: string): string {
  let sum = 0;
  for (let i = 0; i < last; i++) sum = foldLine(sum, lines[i] ?? '');
  return hex(foldLine(sum, front));
}

/** The lines without their ends; a version control that turned them into CR LF has not changed the trace. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return lines;
}

const EXPECTED_FIRST = `expected a first line like {"raft-sim":"trace","format":${TRACE_FORMAT},...}`;
const FIRST_LINE_START = '{"raft-sim":"trace"';

export interface DecodeOptions {
  /** Finds the right word that a wrong one was probably meant to be. */
  readonly nearest?: NearestWord;
}

/** Reads a trace; what is wrong with it is reported by a UsageError that starts with file, line and column. */
export function decodeTrace(text: string, fileName: string, options: DecodeOptions = {}): Trace {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  refuseOtherFiles(body, fileName);
  return new TraceDecoder(body, fileName, options.nearest).run();
}

function refuseOtherFiles(text: string, file: string): void {
  if (text.trim() === '') complain({ file, number: 1 }, 0, `the file is empty; ${EXPECTED_FIRST}`);
  const offset = text.search(/[\0\ufffd]/);
  if (offset === -1) return;
  const before = text.slice(0, offset).split('\n');
  const what = text.includes('\0') ? 'binary data or UTF-16 (a NUL byte)' : 'bytes that are not UTF-8';
  const column = before.at(-1)?.length ?? 0;
  complain({ file, number: before.length }, column, `found ${what}; expected a raft-sim trace, which is plain text`);
}

class TraceDecoder {
  private readonly file: string;
  private readonly nearest: NearestWord | undefined;
  private readonly lines: readonly string[];
  private readonly endsInLine: boolean;
  private readonly steps: Step[] = [];
  private readonly prints: string[] = [];
  private readonly seen: Seen[] = [];
  private hasStates = false;
  private readonly checkpoints: TraceCheckpoint[] = [];

  constructor(text: string, file: string, nearest: NearestWord | undefined) {
    this.file = file;
    this.nearest = nearest;
    this.lines = linesOf(text);
    this.endsInLine = !text.endsWith('\n');
  }

  run(): Trace {
    const header = this._header();
    const { kind } = header;
    for (let number = 2; number <= this.lines.length; number++) {
      const line = this.line(number);
      const reader = new ObjectReader(line, [], this.parse(line), 'the line');
      if (reader.has('end')) return this.finish(header, this._end(reader, line, kind), number);
      if (kind === 'steps') this._step(reader, header.plan.nodes);
      else this._checkpoint(reader);
    }
    const place = { file: this.file, number: this.lines.length + 1 };
    return complain(place, 0, `the trace ends at step ${this.lastStep} without its last line: it was cut off`);
  }

  private get lastStep(): number {
    return this.checkpoints.at(-1)?.step ?? this.steps.length;
  }

  private line(number: number): SourceLine {
    return { file: this.file, number, text: this.lines[number - 1] ?? '', nearest: this.nearest };
  }

  private parse(line: SourceLine): unknown {
    try {
      return JSON.parse(line.text) as unknown;
    } catch {
      const { offset, expected } = findSyntaxProblem(line.text) ?? { offset: 0, expected: 'a value' };
      const isEnd = offset === line.text.length;
      if (isEnd && this.endsInLine && line.number === this.lines.length) {
        complain(line, offset, 'the trace ends in the middle of this line: it was cut off');
      }
      const what = isEnd ? 'the end of the line' : asciiJson(line.text.charAt(offset));
      return complain(line, offset, `broken JSON: found ${what}; expected ${expected}`);
    }
  }

  private _header(): TraceHeader {
    const line = this.line(1);
    const mayBeCut = this.lines.length === 1 && FIRST_LINE_START.startsWith(line.text);
    if (!mayBeCut && !line.text.startsWith(FIRST_LINE_START)) this.refuseFirstLine(line);
    const reader = new ObjectReader(line, [], this.parse(line), 'the first line');
    const kindOfFile = reader.value('raft-sim');
    if (kindOfFile !== 'trace') {
      complain(line, 0, `this is not a raft-sim trace: "raft-sim" is ${foundText(kindOfFile)}; ${EXPECTED_FIRST}`);
    }
    const format = reader.integer('format', 1);
    if (format !== TRACE_FORMAT && format !== TRACE_FORMAT_WITH_STATES) {
      const both = `formats ${TRACE_FORMAT} and ${TRACE_FORMAT_WITH_STATES}`;
      const problem = `this raft-sim reads ${both}, the file is format ${format}`;
      complain(line, offsetOf(line.text, ['format'], 'value'), problem);
    }
    this.hasStates = format === TRACE_FORMAT_WITH_STATES;
    reader.allowOnly(['raft-sim', 'format', 'version', 'kind', 'plan', ...this.seenKey]);
    const version = reader.text('version');
    const kind = reader.word('kind', traceKinds);
    reader.object('plan', 'the plan').integer('nodes', 1);
    return { kind, version, plan: reader.value('plan') as TracePlan, ...this._seen(reader) };
  }

  /** The first line is not what a trace writes; if it is JSON that says so in other ways, the reading goes on. */
  private refuseFirstLine(line: SourceLine): void {
    let value: unknown;
    try {
      value = JSON.parse(line.text);
    } catch {
      complain(line, 0, `this is not a raft-sim trace: the first line is not JSON; ${EXPECTED_FIRST}`);
    }
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'raft-sim')) return;
    const what = foundText(value) === 'an object' ? 'JSON of something else' : foundText(value);
    complain(line, 0, `this is not a raft-sim trace: the first line is ${what}; ${EXPECTED_FIRST}`);
  }

  private get seenKey(): readonly string[] {
    return this.hasStates ? ['seen'] : [];
  }

  private _seen(reader: ObjectReader): { readonly seen?: Seen } {
    if (!this.hasStates) return {};
    reader.object('seen', 'what was seen');
    return { seen: reader.value('seen') as Seen };
  }

  private _step(reader: ObjectReader, nodes: number): void {
    const step = decodeStep(reader, nodes, this.seenKey);
    const { seen } = this._seen(reader);
    if (seen !== undefined) this.seen.push(seen);
    const expected = this.steps.length + 1;
    if (reader.integer('step', 1) !== expected) {
      reader.fail('step', `step ${expected}: steps stand in order and none is left out`);
    }
    this.prints.push(reader.hex('print', 16));
    this.steps.push(step);
  }

  private _checkpoint(reader: ObjectReader): void {
    reader.allowOnly(['step', 'print']);
    const step = reader.integer('step', 1);
    if (step <= this.lastStep) reader.fail('step', `a step behind ${this.lastStep}: checkpoints stand in order`);
    this.checkpoints.push({ step, print: reader.hex('print', 16) });
  }

  private _end(reader: ObjectReader, line: SourceLine, kind: TraceKind): TraceEnd {
    reader.allowOnly(['end', 'steps', 'at', 'fingerprint', 'violation', 'sum', ...this.seenKey]);
    if (reader.value('end') !== true) reader.fail('end', 'true');
    const steps = reader.integer('steps', 0);
    const before = this.lastStep;
    if (kind === 'steps' && steps !== before) reader.fail('steps', `${before}, the number of steps before this line`);
    if (kind === 'seed' && steps < before) reader.fail('steps', `at least ${before}, the step of the last checkpoint`);
    const at = micros(reader.integer('at', 0));
    const fingerprint = reader.hex('fingerprint', 16);
    reader.hex('sum', 8);
    if (line.number < this.lines.length) {
      complain(this.line(line.number + 1), 0, `a line behind the last line of the trace (line ${line.number})`);
    }
    if (!reader.has('violation')) reader.fail('violation', 'null or an object');
    const seen = this._seen(reader);
    if (reader.value('violation') === null) return { steps, at, fingerprint, violation: null, ...seen };
    const violation = reader.object('violation', 'the violation');
    violation.allowOnly(['property', 'why']);
    const [property, why] = [violation.text('property'), violation.text('why')];
    return { steps, at, fingerprint, violation: { property, why }, ...seen };
  }

  private finish(header: TraceHeader, end: TraceEnd, last: number): Trace {
    const [, front = '', sum] = LAST_LINE.exec(this.lines[last - 1] ?? '') ?? [];
    const intact = sum === sumOf(this.lines, last - 1, front);
    const checkpoints = this.checkpoints;
    const isSteps = header.kind === 'steps';
    const lineOf = (step: number): number => {
      const i = isSteps ? step - 1 : checkpoints.findIndex((checkpoint) => checkpoint.step >= step);
      return i < 0 || i + 2 > last ? last : i + 2;
    };
    const placeOf = (line: number, path: JsonPath): string =>
      `${this.file}:${line}:${offsetOf(this.lines[line - 1] ?? '', path, 'value') + 1}`;
    const { steps, prints, seen } = this;
    return { header, steps, prints, seen, checkpoints, end, intact, lineOf, placeOf };
  }
}
