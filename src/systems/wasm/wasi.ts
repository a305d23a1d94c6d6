// The world of a WebAssembly module: a virtual clock, seeded chance, captured output, and nothing else.
//
// It is WASI's preview 1 as far as a Raft needs it. There are no files, sockets, arguments or processes: a module that
// asks for one is told that there is none. `poll_oneoff` is the clock of a program with goroutines or threads of its
// own: it is called when all of them wait, and time moves on to the first of them.

import type { Random } from '../../base/random.ts';
import type { WasmMemory } from './web-assembly.ts';

/** What a module exits with, or asks for in vain, as an exception of the server. */
export class ModuleExit extends Error {
  override name = 'ModuleExit';
}

/** What an instance sees of time and chance, and what it wrote. */
export interface ModuleWorld {
  memory: WasmMemory | undefined;
  /** Nanoseconds since the module's epoch. */
  nanos: bigint;
  /** A call that still waits at this moment waits for what only another call can bring. */
  deadline: bigint;
  random: Random;
  /** The end of what it wrote to stdout and stderr. */
  written: string;
}

/** The moment that every module takes for its start: clocks at zero are a trap of their own. */
const EPOCH_NANOS = 1_600_000_000_000_000_000n;
const WRITTEN_MAX = 4_000;
const WAIT_MIN_NANOS = 1_000n;
/** Further than this, nobody waits for anything that can come. */
const WAIT_MAX_NANOS = 86_400_000_000_000n;

const SUCCESS = 0;
const BAD_FILE = 8;
const NOT_SUPPORTED = 52;

/** The number of each file that there is; a module may write to the last two. */
const OUTPUTS: readonly number[] = [1, 2];
const CLOCK_SUBSCRIPTION = 0;
const ABSOLUTE = 1;
const SUBSCRIPTION_BYTES = 48;
const CHARACTER_DEVICE = 2;

type HostFunction = (...words: never[]) => number;

/** The functions of `wasi_snapshot_preview1`, for one instance. */
export function wasiFunctions(world: ModuleWorld): Readonly<Record<string, HostFunction>> {
  const view = (): DataView => new DataView((world.memory as WasmMemory).buffer);
  const none = (first: number, second: number): number => {
    view().setUint32(first, 0, true);
    view().setUint32(second, 0, true);
    return SUCCESS;
  };
  const missing = (): number => NOT_SUPPORTED;
  const noFile = (): number => BAD_FILE;
  return {
    args_get: () => SUCCESS,
    args_sizes_get: none,
    environ_get: () => SUCCESS,
    environ_sizes_get: none,
    clock_res_get: (_clock: number, at: number) => {
      view().setBigUint64(at, 1n, true);
      return SUCCESS;
    },
    clock_time_get: (_clock: number, _precision: bigint, at: number) => {
      view().setBigUint64(at, EPOCH_NANOS + world.nanos, true);
      return SUCCESS;
    },
    random_get: (at: number, length: number) => {
      const bytes = new Uint8Array((world.memory as WasmMemory).buffer, at, length);
      for (let i = 0; i < length; i++) bytes[i] = world.random.next() & 0xff;
      return SUCCESS;
    },
    fd_write: (file: number, vectors: number, count: number, total: number) =>
      OUTPUTS.includes(file) ? written(world, view(), vectors, count, total) : BAD_FILE,
    fd_fdstat_get: (file: number, at: number) => {
      if (file > 2) return BAD_FILE;
      const memory = view();
      memory.setUint8(at, CHARACTER_DEVICE);
      memory.setUint16(at + 2, 0, true);
      memory.setBigUint64(at + 8, 0xffff_ffffn, true);
      memory.setBigUint64(at + 16, 0n, true);
      return SUCCESS;
    },
    fd_fdstat_set_flags: () => SUCCESS,
    fd_close: noFile,
    fd_prestat_get: noFile,
    fd_prestat_dir_name: noFile,
    fd_read: noFile,
    fd_pread: noFile,
    fd_pwrite: noFile,
    fd_readdir: noFile,
    fd_seek: noFile,
    fd_tell: noFile,
    fd_sync: noFile,
    fd_datasync: noFile,
    fd_advise: noFile,
    fd_allocate: noFile,
    fd_renumber: noFile,
    fd_filestat_get: noFile,
    fd_filestat_set_size: noFile,
    fd_filestat_set_times: noFile,
    path_create_directory: missing,
    path_filestat_get: missing,
    path_filestat_set_times: missing,
    path_link: missing,
    path_open: missing,
    path_readlink: missing,
    path_remove_directory: missing,
    path_rename: missing,
    path_symlink: missing,
    path_unlink_file: missing,
    sock_accept: missing,
    sock_recv: missing,
    sock_send: missing,
    sock_shutdown: missing,
    sched_yield: () => SUCCESS,
    proc_raise: missing,
    proc_exit: (code: number): never => {
      throw new ModuleExit(`the module ended itself with code ${code}${lastWords(world)}`);
    },
    poll_oneoff: (from: number, to: number, count: number, total: number) =>
      polled(world, view(), from, to, count, total),
  };
}

/** The last line that an instance wrote, for the sentence about its end. */
export function lastWords({ written: text }: ModuleWorld): string {
  const lines = text.trimEnd().split('\n');
  const panic = lines.find((line) => /^(panic|fatal error|thread .* panicked)/.test(line)) ?? lines.at(-1) ?? '';
  return panic === '' ? '' : `: ${panic.slice(0, 300)}`;
}

function written(world: ModuleWorld, memory: DataView, vectors: number, count: number, total: number): number {
  let length = 0;
  for (let i = 0; i < count; i++) {
    const at = memory.getUint32(vectors + 8 * i, true);
    const size = memory.getUint32(vectors + 8 * i + 4, true);
    const bytes = new Uint8Array(memory.buffer, at, size);
    world.written = (world.written + new TextDecoder().decode(bytes)).slice(-WRITTEN_MAX);
    length += size;
  }
  memory.setUint32(total, length, true);
  return SUCCESS;
}

/** All goroutines wait: time moves on to the one that waits the shortest. */
function polled(world: ModuleWorld, memory: DataView, from: number, to: number, count: number, total: number): number {
  let shortest: bigint | undefined;
  let whose = 0;
  for (let i = 0; i < count; i++) {
    const at = from + SUBSCRIPTION_BYTES * i;
    if (memory.getUint8(at + 8) !== CLOCK_SUBSCRIPTION) continue;
    const wanted = memory.getBigUint64(at + 24, true);
    const isAbsolute = (memory.getUint16(at + 40, true) & ABSOLUTE) !== 0;
    const now = EPOCH_NANOS + world.nanos;
    const wait = !isAbsolute ? wanted : wanted > now ? wanted - now : 0n;
    if (shortest !== undefined && wait >= shortest) continue;
    shortest = wait;
    whose = at;
  }
  if (shortest === undefined || shortest > WAIT_MAX_NANOS) {
    throw new ModuleExit('everything in the module waits for what never comes');
  }
  // A wait of no time would come again and again.
  world.nanos += shortest > WAIT_MIN_NANOS ? shortest : WAIT_MIN_NANOS;
  if (world.nanos > world.deadline) {
    throw new ModuleExit('a call does not come back: it waits for what only another call can bring');
  }
  memory.setBigUint64(to, memory.getBigUint64(whose, true), true);
  memory.setUint16(to + 8, 0, true);
  memory.setUint8(to + 10, CLOCK_SUBSCRIPTION);
  memory.setUint32(total, 1, true);
  return SUCCESS;
}
