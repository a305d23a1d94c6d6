// The thread beside a child process: it waits for lines while the simulator stands still.
//
// The simulator is synchronous and a pipe is not. This thread owns the pipe; the simulator sleeps on a shared word
// until there is a line or a frame, the child is gone, or its patience ends. It judges nothing of what it carries, and
// a child that it ends takes all with it that it had started.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { kill } from 'node:process';
import { workerData } from 'node:worker_threads';
import { ENDED, type ThreadData, type ThreadEvent, type ThreadRequest } from './link.ts';

const { command, woken, bytesMax, port } = workerData as ThreadData;
const flag = new Int32Array(woken);

const [program = '', ...words] = command;
const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });

function tell(event: ThreadEvent): void {
  port.postMessage(event);
  Atomics.add(flag, 0, 1);
  Atomics.notify(flag, 0);
}

/** The beginning of virtual time on the real clock, in milliseconds: of a system that keeps its own time. */
let beganAt = performance.now();
let inFrames = false;
/** What has come of the next line or frame, in pieces. */
let pieces: Buffer[] = [];
let waiting = 0;
let errors = '';
const ERRORS_MAX = 2_000;
const NEWLINE = 10;
const LENGTH_BYTES = 4;

child.stdout.on('data', (bytes: Buffer) => {
  pieces.push(bytes);
  waiting += bytes.length;
  if (inFrames ? waiting < LENGTH_BYTES : !bytes.includes(NEWLINE)) {
    if (waiting > bytesMax) flooded(waiting);
    return;
  }
  let rest = pieces.length === 1 ? bytes : Buffer.concat(pieces);
  for (let next = taken(rest); next !== undefined; next = taken(rest)) rest = next;
  pieces = rest.length > 0 ? [rest] : [];
  waiting = rest.length;
});

/** Tells the first line or frame, and returns what is behind it; undefined if it is not whole yet. */
function taken(bytes: Buffer): Buffer | undefined {
  if (!inFrames) {
    const lineEnd = bytes.indexOf(NEWLINE);
    if (lineEnd < 0) return undefined;
    if (lineEnd > bytesMax) return flooded(lineEnd);
    tell({ kind: 'line', line: bytes.toString('utf8', 0, lineEnd) });
    return bytes.subarray(lineEnd + 1);
  }
  if (bytes.length < LENGTH_BYTES) return undefined;
  const frameEnd = LENGTH_BYTES + bytes.readUInt32LE(0);
  if (frameEnd > bytesMax) return flooded(frameEnd);
  if (bytes.length < frameEnd) return undefined;
  tell({ kind: 'frame', bytes: new Uint8Array(bytes.subarray(LENGTH_BYTES, frameEnd)) });
  return bytes.subarray(frameEnd);
}

function flooded(length: number): Buffer {
  tell({ kind: 'flood', length });
  pieces = [];
  waiting = 0;
  return Buffer.alloc(0);
}

child.stderr.setEncoding('utf8');
child.stderr.on('data', (text: string) => {
  errors = (errors + text).slice(-ERRORS_MAX);
});
child.stdin.on('error', () => {
  // A child that is gone says so by its end.
});
child.on('error', (error) => tell({ kind: 'gone', how: error.message, errors }));
// What it forked may hold its pipes open: its own end counts, once what it wrote last has had time to come.
const GOODBYE_MILLIS = 50;
child.on('exit', (code, signal) => {
  const how = signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`;
  const timer = setTimeout(gone, GOODBYE_MILLIS);
  child.on('close', () => {
    clearTimeout(timer);
    gone();
  });
  let isTold = false;
  function gone(): void {
    if (!isTold) tell({ kind: 'gone', how, errors });
    isTold = true;
  }
});

/** Ends a process and, where the system lists them, all that it has started, the youngest first. */
function end(pid: number): void {
  let started = '';
  try {
    started = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    // Not Linux, or it is gone.
  }
  for (const one of started.split(' ')) if (one !== '') end(Number(one));
  try {
    kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

port.on('message', (request: ThreadRequest) => {
  if (typeof request === 'object' && request !== null && 'beginAt' in request) {
    beganAt = performance.now() - request.beginAt / 1_000;
    return;
  }
  if (typeof request === 'object' && request !== null && 'tellAt' in request) {
    const left = beganAt + request.tellAt / 1_000 - performance.now();
    // Also a moment that is over lets what was written come first.
    setTimeout(() => tell({ kind: 'time' }), Math.max(0, left));
    return;
  }
  if (typeof request === 'object' && request !== null && 'frames' in request) {
    inFrames = true;
    return;
  }
  if (request !== null) {
    child.stdin.write(request);
    return;
  }
  if (child.pid !== undefined) end(child.pid);
  port.close();
  Atomics.store(flag, 0, ENDED);
  Atomics.notify(flag, 0);
});
