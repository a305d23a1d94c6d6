// A Redis of one's own for a file of tests: on a free port, in a folder that goes with it, without a file of its own.
//
// A machine that has no redis-server, or no bullmq beside it, skips what needs one, and says so in the names of the tests.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const has = (name: string): boolean => existsSync(new URL(`../../node_modules/${name}`, import.meta.url));

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0 && has('bullmq') && has('ioredis');

export interface Redis {
  readonly url: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), 'raft-sim-redis-'));
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
  });
  return { url: `redis://127.0.0.1:${port}`, stop: (signal = 'SIGKILL') => stopped(child, signal, folder) };
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals, folder: string): Promise<void> {
  const isOver = child.exitCode !== null || child.signalCode !== null;
  const gone = isOver ? Promise.resolve() : once(child, 'exit');
  child.kill(signal);
  await gone;
  rmSync(folder, { recursive: true, force: true });
}
