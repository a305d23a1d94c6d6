// The real program, started as users start it: its exit code, its two streams, its files.
//
// Every start gets a folder of its own, so that `reports/` never lands in the tree. Under a terminal means under the
// command `script`; a machine without it skips those tests and says so.

import { fork, spawn, spawnSync, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/raft-sim.js', import.meta.url));

/** Only a program that hangs comes to this; no test is about how fast a machine is. */
const TIME_LIMIT = 500_000;

/** How far long work has come, a line now and then: how many of them there are only the machine decides. */
const PROGRESS = /^[^\n]* · [\d ]+(?: (?:seeds|steps))?\/s · [^\n]*\n/gm;

/** Runs the program again and again. */
const WARM = fileURLToPath(new URL('warm-program.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Arguments for node itself. */
  readonly node?: readonly string[];
}

const folders: string[] = [];

/** An empty folder that is gone when the tests of the file are over. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'raft-sim-test-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  warm?.kill();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function start(words: readonly string[], options: StartOptions = {}): ChildProcessWithoutNullStreams {
  const { cwd = freshFolder(), env = {}, input = '', node = [] } = options;
  const child = spawn(process.execPath, [...node, BIN, ...words], {
    cwd,
    env: { ...process.env, CI: '', NO_COLOR: '1', npm_command: '', ...env },
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return child;
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, out: texts.out, err: texts.err.replace(PROGRESS, '') }),
    );
  });
}

/** Runs `raft-sim` with these words to its end, in a process of its own where the test says more than a folder. */
export function raftSim(words: readonly string[], options: StartOptions = {}): Promise<Ended> {
  const { cwd = freshFolder(), env, input, node } = options;
  if (env !== undefined || input !== undefined || node !== undefined) return ended(start(words, options));
  const told = queue.then(() => runWarm(words, cwd));
  queue = told.catch(() => undefined);
  return told;
}

// To load the program costs more than most tests do with it: one process a file of tests runs it again and again.
let warm: ChildProcess | undefined;
let queue: Promise<unknown> = Promise.resolve();

function runWarm(words: readonly string[], cwd: string): Promise<Ended> {
  warm ??= fork(WARM, [], { env: { ...process.env, CI: '', NO_COLOR: '1', npm_command: '' }, execArgv: [] });
  const child = warm;
  return new Promise((resolve, reject) => {
    const exited = (code: number | null, signal: NodeJS.Signals | null): void => {
      warm = undefined;
      reject(new Error(`the program left with ${code ?? signal} at: ${words.join(' ')}`));
    };
    child.once('exit', exited);
    child.once('message', (told: Ended) => {
      child.off('exit', exited);
      resolve({ ...told, err: told.err.replace(PROGRESS, '') });
    });
    child.send({ words, cwd });
  });
}

/** Splits a command line without quotes. */
export const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

export const filesIn = (folder: string): string[] => readdirSync(folder).toSorted();

export const hasScript = spawnSync('script', ['--version']).status === 0;

const CTRL_C = '\x03';

/**
 * Runs `raft-sim` under a terminal with this many columns; both streams come as one. Presses Ctrl-C once the terminal has
 * shown what is waited for.
 */
export async function underTerminal(
  line: string,
  columns: number,
  options: StartOptions & { readonly until?: RegExp } = {},
): Promise<Ended> {
  const { cwd = freshFolder(), env = {}, until } = options;
  const command = `stty cols ${columns} rows 24; exec '${process.execPath}' '${BIN}' ${line}`;
  const child = spawn('script', ['--quiet', '--return', '--echo', 'never', '--command', command, '/dev/null'], {
    cwd,
    env: { ...process.env, CI: '', NO_COLOR: '', FORCE_COLOR: '', TERM: 'xterm', npm_command: '', ...env },
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  let shown = '';
  child.stdout.on('data', (piece: Buffer) => {
    shown += piece.toString();
    if (until?.test(shown) === true) child.stdin.write(CTRL_C);
  });
  const told = await ended(child);
  return { ...told, out: told.out.replaceAll('\r\n', '\n') };
}
