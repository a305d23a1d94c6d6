// A budget for a module: each function that is entered and each turn of a loop burns a unit, and without fuel it traps.
//
// The module is rewritten before it is compiled: a global counts down, and is exported so that the host can fill it up
// before each call. What a call burns is a function of what it does, so that an endless loop ends at the same step of
// every run. Nothing else of the module changes; an instruction that is not known here is refused, never skipped.

import { UsageError } from '../../base/errors.ts';

/** The export by which the host fills up the tank. */
export const FUEL_EXPORT = 'raft_sim_fuel';

const Section = { custom: 0, import: 2, global: 6, export: 7, code: 10 } as const;
/** The order in which sections stand, as far as it is not that of their numbers: tags come behind memories. */
const TAG_SECTION = 13;
const HEADER_BYTES = 8;
const GLOBAL_KIND = 3;
const TAG_KIND = 4;
const I32 = 0x7f;

/** The same module with a meter. */
export function metered(bytes: Uint8Array): Uint8Array {
  const sections = sectionsOf(bytes);
  const importSection = sections.find(({ id }) => id === Section.import);
  const globalSection = sections.find(({ id }) => id === Section.global);
  const imported = importSection === undefined ? 0 : importedGlobals(new Cursor(bytes, importSection.from));
  const own = globalSection === undefined ? 0 : new Cursor(bytes, globalSection.from).u32();
  const meter = meterOf(imported + own);
  const out = new Sink(bytes.length + (bytes.length >> 2));
  out.copy(bytes, 0, HEADER_BYTES);
  let hasGlobal = false;
  for (const { id, from, to } of sections) {
    const isBehind = id !== Section.custom && id !== TAG_SECTION && id > Section.global;
    if (!hasGlobal && (id === Section.global || isBehind)) {
      hasGlobal = true;
      out.section(Section.global, appended(bytes, globalSection, [I32, 1, 0x41, 0, 0x0b]));
      if (id === Section.global) continue;
    }
    if (id === Section.export) {
      const name = Array.from(FUEL_EXPORT, (letter) => letter.charCodeAt(0));
      out.section(id, appended(bytes, { from, to }, [name.length, ...name, GLOBAL_KIND, ...leb(imported + own)]));
    } else if (id === Section.code) out.section(id, code(bytes, from, meter));
    else out.section(id, bytes.subarray(from, to));
  }
  return out.taken();
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function sectionsOf(bytes: Uint8Array): (Range & { readonly id: number })[] {
  const found: (Range & { readonly id: number })[] = [];
  const cursor = new Cursor(bytes, HEADER_BYTES);
  while (cursor.at < bytes.length) {
    const id = cursor.byte();
    const size = cursor.u32();
    found.push({ id, from: cursor.at, to: cursor.at + size });
    cursor.at += size;
  }
  return found;
}

/** A section of a list, one longer. */
function appended(bytes: Uint8Array, section: Range | undefined, item: readonly number[]): Uint8Array {
  const out = new Sink((section === undefined ? 0 : section.to - section.from) + item.length + 5);
  if (section === undefined) out.u32(1);
  else {
    const cursor = new Cursor(bytes, section.from);
    out.u32(cursor.u32() + 1);
    out.copy(bytes, cursor.at, section.to);
  }
  out.all(item);
  return out.taken();
}

function importedGlobals(cursor: Cursor): number {
  let globals = 0;
  for (let left = cursor.u32(); left > 0; left--) {
    cursor.at += cursor.u32();
    cursor.at += cursor.u32();
    const kind = cursor.byte();
    if (kind === GLOBAL_KIND) {
      globals++;
      cursor.skipNumbers(1);
      cursor.byte();
    } else if (kind === 0) cursor.u32();
    else if (kind === TAG_KIND) cursor.skipNumbers(2);
    else {
      if (kind === 1) cursor.skipNumbers(1);
      const hasMost = (cursor.byte() & 1) !== 0;
      cursor.skipNumbers(hasMost ? 2 : 1);
    }
  }
  return globals;
}

/** if (fuel == 0) trap; fuel = fuel - 1 */
const meterOf = (global: number): readonly number[] => {
  const fuel = leb(global);
  return [0x23, ...fuel, 0x45, 0x04, 0x40, 0x00, 0x0b, 0x23, ...fuel, 0x41, 1, 0x6b, 0x24, ...fuel];
};

/** All functions, each with its meters. */
function code(bytes: Uint8Array, from: number, meter: readonly number[]): Uint8Array {
  const cursor = new Cursor(bytes, from);
  const out = new Sink(bytes.length - from + (bytes.length >> 2));
  const count = cursor.u32();
  out.u32(count);
  const places: number[] = [];
  for (let number = 0; number < count; number++) {
    const size = cursor.u32();
    const begin = cursor.at;
    const end = begin + size;
    for (let groups = cursor.u32(); groups > 0; groups--) cursor.skipNumbers(2);
    places.length = 0;
    places.push(cursor.at);
    while (cursor.at < end) if (instruction(cursor)) places.push(cursor.at);
    out.u32(size + places.length * meter.length);
    let copied = begin;
    for (const place of places) {
      out.copy(bytes, copied, place);
      out.all(meter);
      copied = place;
    }
    out.copy(bytes, copied, end);
  }
  return out.taken();
}

/** By opcode below 0x45: how many numbers follow it; -1: something else does. */
const NUMBERS: readonly number[] = [
  // unreachable, nop, block, loop, if, else, try, catch, throw, rethrow, throw_ref, end, br, br_if, br_table, return
  0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, -1, 0,
  // call, call_indirect, both as tail calls, call_ref, return_call_ref, …, delegate, catch_all, drop, select, select t
  1, 2, 1, 2, 1, 1, -1, -1, 1, 0, 0, 0, -1, -1, -1, -1,
  // local.get, .set, .tee, global.get, .set, table.get, .set, …, then loads
  1, 1, 1, 1, 1, 1, 1, -1, 2, 2, 2, 2, 2, 2, 2, 2,
  // loads and stores, memory.size, memory.grow
  2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1,
  // memory.grow, i32.const, i64.const, f32.const, f64.const
  1, 1, 1, -1, -1,
];
/** The same of what stands behind 0xfc: conversions, then memories and tables. */
const BULK_NUMBERS: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

const Op = {
  loop: 0x03,
  brTable: 0x0e,
  selectTyped: 0x1c,
  f32: 0x43,
  f64: 0x44,
  bulk: 0xfc,
  vector: 0xfd,
  atomic: 0xfe,
};
const FIRST_PLAIN = 0x45;
const LAST_PLAIN = 0xc4;
/** Behind a memory's alignment with this bit stands the number of the memory. */
const HAS_MEMORY = 0x40;

/** Passes over an instruction; true if it begins a loop. */
function instruction(cursor: Cursor): boolean {
  const op = cursor.byte();
  if (op >= FIRST_PLAIN && op <= LAST_PLAIN) return false;
  if (op >= 0x28 && op <= 0x3e) cursor.memoryPlace();
  else if (op === Op.brTable) cursor.skipNumbers(cursor.u32() + 1);
  else if (op === Op.selectTyped) cursor.skipNumbers(cursor.u32());
  else if (op === Op.f32) cursor.at += 4;
  else if (op === Op.f64) cursor.at += 8;
  else if (op === Op.bulk) cursor.skipNumbers(BULK_NUMBERS[cursor.u32()] ?? cursor.unknown(op));
  else if (op === Op.vector) vector(cursor);
  else if (op === Op.atomic) {
    if (cursor.u32() === 0x03) cursor.byte();
    else cursor.memoryPlace();
  } else if (op === 0xd0 || op === 0xd2 || op === 0xd5 || op === 0xd6) cursor.skipNumbers(1);
  else if (op !== 0xd1 && op !== 0xd3 && op !== 0xd4) {
    const numbers = NUMBERS[op] ?? -1;
    cursor.skipNumbers(numbers < 0 ? cursor.unknown(op) : numbers);
  }
  return op === Op.loop;
}

function vector(cursor: Cursor): void {
  const kind = cursor.u32();
  const isOfMemory = kind <= 11 || (kind >= 84 && kind <= 93);
  if (isOfMemory) cursor.memoryPlace();
  if (kind === 12 || kind === 13) cursor.at += 16;
  if ((kind >= 21 && kind <= 34) || (kind >= 84 && kind <= 91)) cursor.at += 1;
}

/** Reads a module from a place on. */
class Cursor {
  at: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes[this.at++] as number;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Numbers of any size and sign. */
  skipNumbers(count: number): void {
    for (let i = 0; i < count; i++) while ((this.bytes[this.at++] as number) >= 0x80);
  }

  memoryPlace(): void {
    const alignment = this.u32();
    this.skipNumbers((alignment & HAS_MEMORY) === 0 ? 1 : 2);
  }

  unknown(op: number): never {
    throw new UsageError(`byte ${this.at - 1} begins an instruction that is not known, 0x${op.toString(16)}`);
  }
}

/** Bytes that are being written. */
class Sink {
  private bytes: Uint8Array;
  private length = 0;

  constructor(expected: number) {
    this.bytes = new Uint8Array(expected + 16);
  }

  copy(from: Uint8Array, begin: number, end: number): void {
    this.reserve(end - begin);
    this.bytes.set(from.subarray(begin, end), this.length);
    this.length += end - begin;
  }

  all(values: readonly number[]): void {
    this.reserve(values.length);
    for (let i = 0; i < values.length; i++) this.bytes[this.length++] = values[i] as number;
  }

  u32(value: number): void {
    this.all(leb(value));
  }

  section(id: number, body: Uint8Array): void {
    this.all([id]);
    this.u32(body.length);
    this.copy(body, 0, body.length);
  }

  taken(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** An unsigned number in the form of modules. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left >= 0x80) {
    bytes.push((left & 0x7f) | 0x80);
    left >>>= 7;
  }
  bytes.push(left);
  return bytes;
}
