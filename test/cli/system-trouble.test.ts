// What the system denies is neither a defect nor a mistake in a file: one sentence, and 2.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { systemTrouble } from '../../src/cli/system-trouble.ts';
import { ended, freshFolder, type Ended } from './binary.ts';

const BIN = fileURLToPath(new URL('../../bin/raft-sim.js', import.meta.url));

const shell = (line: string): Promise<Ended> =>
  ended(
    spawn('bash', ['-c', line], {
      cwd: freshFolder(),
      env: { ...process.env, NO_COLOR: '1', BIN, NODE: process.execPath },
    }),
  );

describe('the program', () => {
  it.concurrent.each(['run --seed 1 --for 10ms --reports /tmp', 'scenario run .', 'fuzz --seeds 1 --reports /tmp/x'])(
    'in a folder that is gone: raft-sim %s',
    async (words) => {
      const told = await shell(`mkdir gone && cd gone && rmdir ../gone && "$NODE" "$BIN" ${words}`);
      expect(told.code).toBe(2);
      expect(told.err).toMatch(/^raft-sim: [^\n]*(?:is gone|there is no scenario in \.)[^\n]*\n$/);
    },
  );

  // How many files a Node needs to start depends on its version; one that has too few for itself dies before our code.
  it.concurrent.each([20, 24, 28, 32])('with %i files that it may open', async (files) => {
    const told = await shell(`ulimit -n ${files} && "$NODE" "$BIN" run --seed 1 --for 10ms`);
    if (told.code === 2) {
      expect(told.out).toBe('');
      expect(told.err).toMatch(/^raft-sim[^\n]*: too many files are open[^\n]*\(ulimit -n 1024\)\n$/);
    } else if (told.code === 0) expect(told.out).toContain('fingerprint');
    else {
      expect(told.code, told.err).not.toBe(70);
      expect(told.err).not.toContain('/dist/');
    }
  });
});

describe('an error', () => {
  const withCode = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

  it.each([
    [withCode('ENOENT', 'ENOENT: no such file or directory, uv_cwd'), /^the folder that it was started in is gone$/],
    [withCode('EMFILE'), /^too many files are open.*: raise the limit \(ulimit -n 1024\)$/],
    [new Error('died: EMFILE: too many open files'), /^too many files are open/],
    [withCode('ERR_WORKER_INIT_FAILED'), /^the system gives no more threads: use fewer --workers$/],
    [withCode('ERR_WORKER_OUT_OF_MEMORY'), /^a worker ran out of memory: use fewer --workers$/],
    [new Error('a command', { cause: withCode('ENFILE') }), /^too many files are open/],
  ])('%s is the system’s', (error, sentence) => {
    expect(systemTrouble(error)).toMatch(sentence);
    expect(exitCodeOf(error)).toBe(2);
  });

  it.each([[new Error('planted')], [withCode('ENOENT', 'ENOENT: no such file or directory, open x')], ['a text']])(
    '%s is not',
    (error) => {
      expect(systemTrouble(error)).toBeUndefined();
      expect(exitCodeOf(error)).toBe(70);
    },
  );
});
