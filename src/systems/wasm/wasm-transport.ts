// A Raft in a WebAssembly module: a fresh instance for each life of a server, called in this thread.
//
// `docs/adapters/wasm.md` is the contract: six exports, questions and answers as bytes in the module's memory. What an
// instance does is a function of its seed and of what it was asked; it has no clock, no chance and no file but those of
// `wasi.ts`. An instance that trapped is never entered again.

import { UsageError } from '../../base/errors.ts';
import { mix, scramble } from '../../base/hash.ts';
import type { NodeId } from '../../base/ids.ts';
import { Random } from '../../base/random.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';
import type { Backend, Boot, Description, Transport, Wishes } from '../foreign/backend.ts';
import { shownIn } from '../foreign/shown.ts';
import { AnswerReader, Question, QuestionWriter, tellAnswer, writeBoot } from './bytes.ts';
import { FUEL_EXPORT, metered } from './fuel.ts';
import { lastWords, wasiFunctions, type ModuleWorld } from './wasi.ts';
import { wasm, type WasmGlobal, type WasmMemory, type WasmModule } from './web-assembly.ts';

/** The version of the interface that this program speaks. */
const WASM_INTERFACE = 1;

/** How WASI names what a module does before its first call. */
const INITIALIZE = '_initialize';

interface Exports {
  readonly [FUEL_EXPORT]: WasmGlobal;
  readonly memory: WasmMemory;
  readonly [INITIALIZE]?: () => void;
  readonly raft_sim_version: () => number;
  readonly raft_sim_input: (length: number) => number;
  readonly raft_sim_call: (question: number, length: number, aheadMicros: number) => number;
  readonly raft_sim_answer: () => number;
}

const WANTED = ['memory', 'raft_sim_version', 'raft_sim_input', 'raft_sim_call', 'raft_sim_answer'] as const;
const WASI = 'wasi_snapshot_preview1';
const NANOS = 1_000n;
/** Instead of a time: more comes at this moment, and nothing in the module runs before it. */
const HOLD = 0xffff_ffff;
/** How many functions and turns of loops a call may take: a second or two, many times what the slowest needs. */
const FUEL = 1_000_000_000;
/** How much virtual time a call may wait beyond its own. */
const CALL_NANOS_MAX = 1_000_000_000n;

/** What makes instances of one module. */
export class WasmTransport implements Transport {
  readonly description: Description;
  private readonly module: WasmModule;
  private readonly fuel: number;

  /**
   * `fuel`: how many functions and turns of loops a call may take.
   *
   * @throws UsageError if it is no module, or none of this interface.
   */
  constructor(bytes: Uint8Array, fuel = FUEL) {
    this.fuel = fuel;
    this.module = compiled(bytes);
    const instance = this.instance(0);
    try {
      const version = instance.version();
      if (version !== WASM_INTERFACE) {
        throw new UsageError(`it speaks version ${version} of the interface, expected ${WASM_INTERFACE}`);
      }
      this.description = instance.describe();
    } catch (error) {
      if (error instanceof UsageError || error instanceof SystemTrouble) throw error;
      throw new UsageError(`it does not say what it is: ${instance.endedBy(error)}`);
    }
  }

  open(nodes: number): readonly Backend[] {
    return Array.from({ length: nodes }, (_, i) => new WasmServer(this, i + 1));
  }

  instance(seed: number): Instance {
    return new Instance(this.module, seed, this.fuel);
  }
}

function compiled(bytes: Uint8Array): WasmModule {
  let module: WasmModule;
  try {
    module = new wasm.Module(bytes);
  } catch (error) {
    throw new UsageError(`it is no WebAssembly module: ${messageOf(error)}`);
  }
  const exported = wasm.Module.exports(module).map(({ name }) => name);
  const lacking = WANTED.filter((name) => !exported.includes(name));
  if (lacking.length > 0) throw new UsageError(`it does not export ${lacking.join(', ')}`);
  const offered = wasiFunctions({
    memory: undefined,
    nanos: 0n,
    deadline: 0n,
    random: Random.fromSeed('0'),
    written: '',
  });
  for (const { module: from, name } of wasm.Module.imports(module)) {
    if (from === WASI && Object.hasOwn(offered, name)) continue;
    throw new UsageError(`it asks for ${from}.${name}, and there is only ${WASI}`);
  }
  return new wasm.Module(metered(bytes));
}

/** One instance of a module, from its start to its end. */
class Instance {
  private readonly world: ModuleWorld;
  private readonly exports: Exports;
  private readonly fuel: WasmGlobal;
  private readonly budget: number;
  private readonly writer = new QuestionWriter();
  private buffer: ArrayBuffer;
  private bytes: Uint8Array;

  constructor(module: WasmModule, seed: number, fuel: number) {
    this.budget = fuel;
    this.world = { memory: undefined, nanos: 0n, deadline: 0n, random: Random.fromSeed(String(seed)), written: '' };
    this.world.deadline = CALL_NANOS_MAX;
    const instance = new wasm.Instance(module, { [WASI]: wasiFunctions(this.world) });
    this.exports = instance.exports as Exports;
    this.world.memory = this.exports.memory;
    this.fuel = this.exports[FUEL_EXPORT];
    this.fuel.value = this.budget;
    try {
      this.exports[INITIALIZE]?.();
    } catch (error) {
      throw new UsageError(`it does not begin: ${this.endedBy(error)}`);
    }
    this.buffer = this.exports.memory.buffer;
    this.bytes = new Uint8Array(this.buffer);
  }

  version(): number {
    return this.exports.raft_sim_version();
  }

  describe(): Description {
    const answer = this.ask(Question.describe, this.question(), 0);
    const tickMicros = answer.u32();
    const title = answer.text();
    const shows = Array.from({ length: answer.u32() }, () => answer.text());
    return { title, shows: shownIn(shows), tickMicros };
  }

  /** A question that begins to be written. */
  question(): QuestionWriter {
    this.writer.clear();
    return this.writer;
  }

  /** Microseconds that the instance's clock says; it never runs backwards. */
  get micros(): number {
    return Number(this.world.nanos / NANOS);
  }

  /** Moves the clock without letting anything run: the server stood still. */
  skipTo(micros: number): void {
    const nanos = BigInt(micros) * NANOS;
    if (nanos > this.world.nanos) this.world.nanos = nanos;
  }

  /** Asks; the answer is good until the next question. Time moves on to `now` before anything is done. */
  ask(question: number, { data, length }: QuestionWriter, now: number, isHeld = false): AnswerReader {
    const { exports } = this;
    this.fuel.value = this.budget;
    const at = exports.raft_sim_input(length) >>> 0;
    this.refresh();
    if (at + length > this.bytes.length) {
      throw new SystemTrouble(`raft_sim_input gave place ${at}, beyond the ${this.bytes.length} bytes of its memory`);
    }
    this.bytes.set(data.subarray(0, length), at);
    const ahead = isHeld ? HOLD : Math.max(0, now - this.micros);
    this.world.deadline = BigInt(now) * NANOS + CALL_NANOS_MAX;
    const size = exports.raft_sim_call(question, length, ahead) >>> 0;
    this.skipTo(now);
    const from = exports.raft_sim_answer() >>> 0;
    this.refresh();
    if (from + size > this.bytes.length) {
      throw new SystemTrouble(`an answer of ${size} bytes at ${from} lies beyond its memory of ${this.bytes.length}`);
    }
    return new AnswerReader(this.bytes, from, size);
  }

  /** What ended it: a trap, an exit, an empty tank; with the last line that it wrote. */
  endedBy(error: unknown): string {
    if (this.fuel.value === 0)
      return `a call does not come back: it took ${this.budget} turns of loops${lastWords(this.world)}`;
    const what = messageOf(error);
    return what.includes(': ') ? what : `${what}${lastWords(this.world)}`;
  }

  /** A memory that grew has another buffer. */
  private refresh(): void {
    const { buffer } = this.exports.memory;
    if (buffer === this.buffer) return;
    this.buffer = buffer;
    this.bytes = new Uint8Array(buffer);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A stall that is longer than so many ticks is one of the whole server: nothing in it ran meanwhile. */
const STALL_TICKS = 2;

class WasmServer implements Backend {
  private readonly transport: WasmTransport;
  private readonly node: number;
  private instance: Instance | undefined;
  /** The end of a stall at which everything that waited comes before anything runs. */
  private heldAt = -1;
  /** Microseconds that its clock stood still so far, with the machine that it runs on. */
  private stoodStill = 0;

  constructor(transport: WasmTransport, node: number) {
    this.transport = transport;
    this.node = node;
  }

  start(boot: Boot, now: number, wishes: Wishes): void {
    const instance = this.transport.instance(boot.seed);
    this.instance = instance;
    this.stoodStill = 0;
    instance.skipTo(now);
    const question = instance.question();
    writeBoot(question, this.node, boot);
    this.ask(Question.start, question, now, wishes);
  }

  stop(): void {
    this.instance = undefined;
  }

  tick(now: number, wishes: Wishes): void {
    this.ask(Question.tick, this.running.question(), now, wishes);
  }

  timeout(timer: 'election' | 'heartbeat', now: number, wishes: Wishes): void {
    const question = this.running.question();
    question.u32(timer === 'election' ? 0 : 1);
    this.ask(Question.timeout, question, now, wishes);
  }

  receive(from: NodeId, payload: string, now: number, wishes: Wishes): void {
    const question = this.running.question();
    question.u32(from + 1);
    question.text(payload);
    this.ask(Question.receive, question, now, wishes);
  }

  propose(command: string, now: number, wishes: Wishes): void {
    const question = this.running.question();
    question.text(command);
    this.ask(Question.propose, question, now, wishes);
  }

  written(ticket: number, now: number, wishes: Wishes): void {
    const question = this.running.question();
    question.u32(ticket);
    this.ask(Question.written, question, now, wishes);
  }

  private get running(): Instance {
    if (this.instance === undefined) throw new SystemTrouble('the module trapped before, and is not entered again');
    return this.instance;
  }

  private ask(question: number, writer: QuestionWriter, now: number, wishes: Wishes): void {
    const instance = this.running;
    const tick = this.transport.description.tickMicros;
    if (now - this.stoodStill - instance.micros > STALL_TICKS * tick) {
      const coin = scramble(mix(this.node, now));
      // A machine that stood still had a clock that stood still, too: what counted down goes on where it was.
      if ((coin & 3) !== 0) this.stoodStill = now - instance.micros;
      else instance.skipTo(now - this.stoodStill);
      // Timers and messages are due at once, in any order: in most stalls all that came goes first.
      if ((coin & 12) !== 0) this.heldAt = now;
      if (now === this.heldAt && question === Question.tick) return;
    }
    const isHeld = now === this.heldAt && question !== Question.tick;
    let answer: AnswerReader;
    try {
      answer = instance.ask(question, writer, now - this.stoodStill, isHeld);
    } catch (error) {
      this.instance = undefined;
      if (error instanceof SystemTrouble) throw error;
      throw new Error(instance.endedBy(error), { cause: error });
    }
    tellAnswer(answer, wishes);
  }
}
