// `raft-sim scenario run` that is stopped, or whose workers fail: nothing that was found is lost.
//
// Failures of raft-sim itself are planted by a module that is loaded into every thread before the program.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, filesIn, freshFolder, raftSim, start, words, type Ended } from './binary.ts';
import { folderWith } from './scenario-stories.ts';

const WINDOW = new URL('../../dist/sim/schedule/directed.js', import.meta.url).href;

/** Lets a piece of code run where a window of time ends. */
function planted(code: string): readonly string[] {
  const file = join(freshFolder(), 'planted.mjs');
  writeFileSync(
    file,
    `import { existsSync } from 'node:fs';
    const { DirectedScheduler } = await import('${WINDOW}');
    DirectedScheduler.prototype.endWindow = () => { ${code} };`,
  );
  return ['--import', file];
}

const play = (line: string, cwd: string, node: readonly string[]): Promise<Ended> =>
  raftSim(['scenario', 'run', ...words(line)], { cwd, node });

describe('a defect in one file', () => {
  it.concurrent.each([
    ['that throws', 'throw new TypeError("planted")', 'planted'],
    [
      'that kills its worker',
      'process.exit(3)',
      'the worker that played liveness.yaml died: it ended with exit code 3',
    ],
  ])('%s: 70 with its name, and the others are played', async (_how, code, message) => {
    const cwd = folderWith('fails', 'liveness', 'passes', 'shows');
    const told = await play('. --workers 1 --variant none --quiet', cwd, planted(code));
    expect(told.code).toBe(70);
    expect(told.out).toMatch(/^✗ liveness +a defect of raft-sim$/m);
    expect(told.out).toMatch(/^✗ 1 failed, 1 defect, 2 passed · /m);
    expect(told.err).toContain(`raft-sim: a defect of raft-sim itself: ${message}\n`);
    expect(told.err).toMatch(/\n {2}raft-sim scenario run liveness\.yaml --variant none\n$/);
  });
});

describe('two plays of one story that differ', () => {
  it.concurrent('are a defect: 70', async () => {
    const file = join(freshFolder(), 'planted.mjs');
    writeFileSync(
      file,
      `const { Fingerprint } = await import('${new URL('../../dist/base/fingerprint.js', import.meta.url).href}');
      const { fold } = Fingerprint.prototype;
      let calls = 0;
      Fingerprint.prototype.fold = function (a, b) { fold.call(this, ++calls === 20 ? a + 1 : a, b); };`,
    );
    const told = await play('fails.yaml', folderWith('fails'), ['--import', file]);
    expect(told.code).toBe(70);
    expect(told.err).toMatch(
      /two plays of one story differ: after 18 steps the fingerprint was [0-9a-f]{16}, then [0-9a-f]{16}\n/,
    );
  });
});

describe('a signal', () => {
  /**
   * Starts long stories behind a short one, and sends signals once the short one is told. A long story ends only when
   * the program has said that it has seen the first signal.
   */
  async function interrupted(...signals: readonly NodeJS.Signals[]): Promise<Ended> {
    const cwd = folderWith(['a.yaml', SHORT], ['b.yaml', LONG], ['c.yaml', LONG], ['d.yaml', LONG], ['e.yaml', SHORT]);
    const seen = join(freshFolder(), 'seen');
    const node = planted(`
      const clock = new Int32Array(new SharedArrayBuffer(4));
      while (!existsSync(${JSON.stringify(seen)})) Atomics.wait(clock, 0, 0, 5);
    `);
    const child = start(words('scenario run . --workers 1'), { cwd, node });
    const end = ended(child);
    child.stdout.once('data', () => child.kill(signals[0]));
    child.stderr.once('data', () => {
      if (signals.length > 1) child.kill(signals[1]);
      else writeFileSync(seen, '');
    });
    return end;
  }

  it.concurrent('lets run what runs, tells what came of it, 130', async () => {
    const told = await interrupted('SIGINT');
    expect(told.code).toBe(130);
    expect(told.err).toBe('\nSIGINT: no further scenario begins. Once more stops at once.\n');
    expect(told.out).toMatch(/^✓ a .*\n(?:✓ b .*\n)?\n\? interrupted: [12] passed, [34] not run · /);
  });

  it.concurrent('ends a window of a billion milliseconds, and leaves no file behind', async () => {
    const weeks = 'name: weeks\nwhy: A window without an end.\nsteps: [run: 1000000000ms]\n';
    const cwd = folderWith(['a.yaml', SHORT], ['b.yaml', weeks]);
    const child = start(words('scenario run . --workers 1'), { cwd });
    const end = ended(child);
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const { code, out, err } = await end;
    expect([code, err]).toEqual([143, '\nSIGTERM: no further scenario begins. Once more stops at once.\n']);
    expect(out).toMatch(/^✓ a .*\n\n\? interrupted: 1 passed, 1 not run · /);
    expect(filesIn(cwd)).toEqual(['a.yaml', 'b.yaml']);
  });

  it.concurrent('SIGTERM: 143', async () => {
    expect((await interrupted('SIGTERM')).code).toBe(143);
  });

  it.concurrent('twice: the end, at once', async () => {
    const { code, signal } = await interrupted('SIGINT', 'SIGINT');
    expect(code === 130 || signal === 'SIGINT').toBe(true);
  });
});

const SHORT = 'name: short\nwhy: Over before it is noticed.\nsteps: [heal]\n';
const LONG = `name: long
why: Has a window, at whose end it waits for the test.
steps:
  - run: 10ms
`;
