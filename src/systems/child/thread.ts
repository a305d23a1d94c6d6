// The thread beside a child process: it waits for lines while the simulator stands still.
//
// The simulator is synchronous and a pipe is not. This thread owns the pipe; the simulator sleeps on a shared word
// until there is a line, the child is gone, or its patience ends. It judges nothing of what it carries.

import { spawn } from 'node:child_process';
import { workerData } from 'node:worker_threads';
import { ENDED, type ThreadData, type ThreadEvent } from './link.ts';

const { command, woken, bytesMax, port } = workerData as ThreadData;
const flag = new Int32Array(woken);

const [program = '', ...words] = command;
const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });

function tell(event: ThreadEvent): void {
  port.postMessage(event);
  Atomics.add(flag, 0, 1);
  Atomics.notify(flag, 0);
}

let waiting = '';
let errors = '';
const ERRORS_MAX = 2_000;

child.stdout.setEncoding('utf8');
child.stdout.on('data', (text: string) => {
  waiting += text;
  if (!text.includes('\n')) {
    if (waiting.length <= bytesMax) return;
    tell({ kind: 'flood', length: waiting.length });
    waiting = '';
    return;
  }
  for (let end = waiting.indexOf('\n'); end >= 0; end = waiting.indexOf('\n')) {
    tell({ kind: 'line', line: waiting.slice(0, end) });
    waiting = waiting.slice(end + 1);
  }
});
child.stderr.setEncoding('utf8');
child.stderr.on('data', (text: string) => {
  errors = (errors + text).slice(-ERRORS_MAX);
});
child.stdin.on('error', () => {
  // A child that is gone says so by its end.
});
child.on('error', (error) => tell({ kind: 'gone', how: error.message, errors }));
child.on('close', (code, signal) => {
  tell({ kind: 'gone', how: signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`, errors });
});

port.on('message', (request: string | null) => {
  if (request !== null) {
    child.stdin.write(request);
    return;
  }
  child.kill('SIGKILL');
  port.close();
  Atomics.store(flag, 0, ENDED);
  Atomics.notify(flag, 0);
});
