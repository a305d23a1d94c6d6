// The meter of a module: endless loops and recursions end at the same turn, and what a module does is what it did before.

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.ts';
import { FUEL_EXPORT, metered } from '../../../src/systems/wasm/fuel.ts';
import { wasm, type WasmGlobal } from '../../../src/systems/wasm/web-assembly.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
/** A module of one function, (i32) -> i32, exported as `f`; `before` stands in front of its exports. */
const moduleOf = (body: readonly number[], before: readonly number[] = []): Uint8Array =>
  new Uint8Array([
    ...HEADER,
    ...section(1, 1, 0x60, 1, 0x7f, 1, 0x7f),
    ...section(3, 1, 0),
    ...before,
    ...section(7, 1, 1, 'f'.charCodeAt(0), 0, 0),
    ...section(10, 1, body.length, ...body),
  ]);

interface Metered {
  readonly f: (turns: number) => number;
  readonly [FUEL_EXPORT]: WasmGlobal;
}
const opened = (bytes: Uint8Array): Metered =>
  new wasm.Instance(new wasm.Module(metered(bytes)), {}).exports as Metered;

/** loop: n = n - 1, again while it is not 0; the answer is n. */
const COUNTDOWN = [0, 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x20, 0, 0x0b];
/** A local i64, constants of every kind, a table of branches: what the meter passes over. */
const MIXED = [
  1, 1, 0x7e, 0x42, 0xff, 0x80, 0x80, 0x03, 0x21, 1, 0x43, 3, 3, 3, 3, 0x1a, 0x44, 3, 3, 3, 3, 3, 3, 3, 3, 0x1a, 0x02,
  0x40, 0x02, 0x40, 0x20, 0, 0x0e, 1, 0, 1, 0x0b, 0x0b, 0x20, 0, 0x0b,
];
/** Calls itself. */
const RECURSION = [0, 0x20, 0, 0x10, 0, 0x0b];
const OWN_GLOBAL = section(6, 1, 0x7f, 1, 0x41, 7, 0x0b);

describe('a metered module', () => {
  it('burns a unit for each function and each turn of a loop', () => {
    const { f, [FUEL_EXPORT]: fuel } = opened(moduleOf(COUNTDOWN));
    fuel.value = 100;
    expect(f(10)).toBe(0);
    expect(fuel.value).toBe(100 - 1 - 10);
  });

  it('traps without fuel, at the same turn each time, and never before', () => {
    const { f, [FUEL_EXPORT]: fuel } = opened(moduleOf(COUNTDOWN));
    fuel.value = 51;
    expect(f(50)).toBe(0);
    for (const turns of [51, 1_000, 0]) {
      fuel.value = 51;
      expect(() => f(turns)).toThrow(/unreachable/);
      expect(fuel.value).toBe(0);
    }
  });

  it('ends a recursion as well', () => {
    const { f, [FUEL_EXPORT]: fuel } = opened(moduleOf(RECURSION));
    fuel.value = 20;
    expect(() => f(1)).toThrow(/unreachable/);
    expect(fuel.value).toBe(0);
  });

  it('does what it did before, with a global of its own, too', () => {
    for (const before of [[], OWN_GLOBAL]) {
      const { f, [FUEL_EXPORT]: fuel } = opened(moduleOf(MIXED, before));
      fuel.value = 5;
      expect(f(3)).toBe(3);
      expect(fuel.value).toBe(4);
    }
  });

  it('has no instruction that the meter does not know', () => {
    expect(() => metered(moduleOf([0, 0x27, 0x20, 0, 0x0b]))).toThrow(UsageError);
    expect(() => metered(moduleOf([0, 0x27, 0x20, 0, 0x0b]))).toThrow(/an instruction that is not known, 0x27/);
  });
});
