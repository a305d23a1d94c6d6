// A module behind the port: what is no module of the interface is refused by name; traps and nonsense are told.

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { SystemTrouble } from '../../../src/protocol/system-trouble.ts';
import { AnswerReader, QuestionWriter, tellAnswer } from '../../../src/systems/wasm/bytes.ts';
import { ModuleExit, wasiFunctions, type ModuleWorld } from '../../../src/systems/wasm/wasi.ts';
import { WasmTransport } from '../../../src/systems/wasm/wasm-transport.ts';
import type { Wishes } from '../../../src/systems/foreign/backend.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** One type, () -> (), and an import of a function of it. */
const importing = (module: string, name: string): Uint8Array => {
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
  const entry = [1, ...text(module), ...text(name), 0, 0];
  return new Uint8Array([...HEADER, 1, 4, 1, 0x60, 0, 0, 2, entry.length, ...entry]);
};

describe('what is no module of the interface', () => {
  it.each([
    [new Uint8Array([1, 2, 3]), /it is no WebAssembly module/],
    [new Uint8Array(HEADER), /it does not export memory, raft_sim_version, raft_sim_input, raft_sim_call/],
    [importing('env', 'socket'), /it does not export/],
  ])('is refused', (bytes, why) => {
    expect(() => new WasmTransport(bytes)).toThrow(UsageError);
    expect(() => new WasmTransport(bytes)).toThrow(why);
  });
});

describe('a module that loops', () => {
  const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
  const exported = ['raft_sim_version', 'raft_sim_input', 'raft_sim_answer', 'raft_sim_call'];
  /** It says what it is (the 17 bytes at 64), and then hangs: at once, or at the first other question. */
  const looping = (atOnce: boolean): Uint8Array =>
    new Uint8Array([
      ...HEADER,
      ...section(1, 3, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f),
      ...section(3, 4, 0, 1, 0, 2),
      ...section(5, 1, 0, 1),
      ...section(7, 5, ...text('memory'), 2, 0, ...exported.flatMap((name, i) => [...text(name), 0, i])),
      // 1 (the version); 0; 64; loop while the question is not the first one; 17
      ...section(
        10,
        4,
        4,
        0,
        0x41,
        1,
        0x0b,
        4,
        0,
        0x41,
        0,
        0x0b,
        5,
        0,
        0x41,
        0xc0,
        0,
        0x0b,
        14,
        0,
        0x03,
        0x40,
        0x20,
        0,
        0x41,
        atOnce ? 9 : 1,
        0x47,
        0x0d,
        0,
        0x0b,
        0x41,
        17,
        0x0b,
      ),
      ...section(11, 1, 0, 0x41, 0xc0, 0, 0x0b, 17, 0, 0, 0, 0, 5, 0, 0, 0, ...Buffer.from('loopy'), 0, 0, 0, 0),
    ]);

  it('is told, and hangs nothing', () => {
    expect(() => new WasmTransport(looping(true), 500)).toThrow(
      /it does not say what it is: a call does not come back: it took 500 turns of loops/,
    );
    const transport = new WasmTransport(looping(false), 500);
    expect(transport.description.title).toBe('loopy');
    const [server] = transport.open(1);
    expect(() => server?.tick(0, {} as Wishes)).toThrow(/not entered again/);
    const options = {
      nodes: 1,
      seed: '1',
      electionTimeoutMin: 1,
      electionTimeoutMax: 1,
      heartbeatInterval: 1,
      sessionsMax: 9,
    };
    const boot = {
      options: { ...options, preVote: false, checkQuorum: false, clockOf: () => 0 },
      seed: 1,
      disk: { term: 0, vote: 0, log: [], state: '' },
    };
    expect(() => server?.start(boot, 0, {} as Wishes)).toThrow(/a call does not come back: it took 500 turns of loops/);
  });
});

const world = (): ModuleWorld => ({
  memory: { buffer: new ArrayBuffer(256) },
  nanos: 0n,
  deadline: 10_000_000n,
  random: Random.fromSeed('1'),
  written: '',
});

type Poll = (from: number, to: number, count: number, total: number) => number;

describe('the world of a module', () => {
  it('moves time on when everything waits, and no further than a call may', () => {
    const here = world();
    const view = new DataView((here.memory as { buffer: ArrayBuffer }).buffer);
    view.setBigUint64(24, 3_000_000n, true);
    const poll = wasiFunctions(here)['poll_oneoff'] as unknown as Poll;
    expect(poll(0, 64, 1, 128)).toBe(0);
    expect(here.nanos).toBe(3_000_000n);
    view.setBigUint64(24, 0n, true);
    poll(0, 64, 1, 128);
    expect(here.nanos).toBeGreaterThan(3_000_000n);
    view.setBigUint64(24, 9_000_000n, true);
    expect(() => poll(0, 64, 1, 128)).toThrow(/waits for what only another call can bring/);
    expect(() => poll(0, 64, 0, 128)).toThrow(/waits for what never comes/);
  });

  it('has no files, and tells how a module ended', () => {
    const functions = wasiFunctions(world());
    expect((functions['path_open'] as unknown as () => number)()).not.toBe(0);
    expect((functions['fd_read'] as unknown as () => number)()).not.toBe(0);
    expect(() => (functions['proc_exit'] as unknown as (code: number) => number)(7)).toThrow(ModuleExit);
  });

  it('draws chance from the seed alone', () => {
    const drawn = (): number[] => {
      const here = world();
      (wasiFunctions(here)['random_get'] as unknown as (at: number, length: number) => number)(0, 8);
      return Array.from(new Uint8Array((here.memory as { buffer: ArrayBuffer }).buffer, 0, 8));
    };
    expect(drawn()).toEqual(drawn());
    expect(new Set(drawn()).size).toBeGreaterThan(2);
  });
});

describe('an answer', () => {
  const told = (write: (writer: QuestionWriter) => void, cut = 0): string[] => {
    const writer = new QuestionWriter();
    write(writer);
    const heard: string[] = [];
    const listener = new Proxy({} as Wishes, {
      get:
        (_, name) =>
        (...facts: unknown[]) =>
          void heard.push(`${String(name)} ${JSON.stringify(facts)}`),
    });
    tellAnswer(new AnswerReader(writer.data, 0, writer.length - cut), listener);
    return heard;
  };
  /** A kind and what is behind it, as bytes. */
  const applied = (writer: QuestionWriter): void => {
    writer.data[writer.length++] = 3;
    writer.u32(7);
    writer.u32(2);
    writer.text('c1.1');
  };

  it('is told effect by effect', () => {
    const twice = told((writer) => {
      applied(writer);
      applied(writer);
    });
    expect(twice).toEqual(['applied [7,2,"c1.1"]', 'applied [7,2,"c1.1"]']);
  });

  it('that is cut short, or of an unknown kind, is told with the byte', () => {
    expect(() => told(applied, 2)).toThrow(SystemTrouble);
    expect(() => told(applied, 2)).toThrow(/byte 13 of an answer of 15 bytes: 4 bytes should follow, but it ends/);
    const unknown = (writer: QuestionWriter): void => void (writer.data[writer.length++] = 42);
    expect(() => told(unknown)).toThrow(/an effect of kind 42, expected 1 to 9/);
  });
});
