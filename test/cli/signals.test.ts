// Signals, readers that go away, disks that are full: the program ends in good order and keeps what it found.
//
// A run of ten virtual hours takes minutes; it is stopped as soon as its first lines are there.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ended, filesIn, freshFolder, raftSim, start, words, type Ended } from './binary.ts';

const LONG = words('run --seed 42 --for 10h');
const BIN = fileURLToPath(new URL('../../bin/raft-sim.js', import.meta.url));

/** Starts a long run and sends the signals, the first one when the trace shows that steps are taken. */
async function interrupted(
  more: readonly string[],
  ...signals: readonly NodeJS.Signals[]
): Promise<Ended & { cwd: string }> {
  const cwd = freshFolder();
  const child = start([...LONG, '--trace', 't.ndjson', ...more], { cwd });
  const partial = join(cwd, `t.ndjson.${child.pid}.partial`);
  const end = ended(child);
  const isRunning = (): boolean => existsSync(partial) && readFileSync(partial).length > 1_000_000;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (!isRunning() && child.exitCode === null) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  for (const signal of signals) child.kill(signal);
  return { ...(await end), cwd };
}

describe('a signal', () => {
  it.concurrent('Ctrl-C: a summary of what was done, a whole trace, 130', async () => {
    const told = await interrupted([], 'SIGINT');
    expect(told.code).toBe(130);
    expect(told.err).toMatch(/SIGINT: stopping; what was found is kept\. Once more stops at once\./);
    expect(told.out).toMatch(/\? bounded-liveness +undecided: the faults never ended/);
    const [, step] = /^\? interrupted at step (\d+), nothing broken so far · seed 42/m.exec(told.out) ?? [];
    expect(Number(step)).toBeGreaterThan(0);
    expect(filesIn(told.cwd)).toEqual(['t.ndjson']);
    const replayed = await raftSim(words('replay t.ndjson --json'), { cwd: told.cwd });
    expect(JSON.parse(replayed.out)).toMatchObject({ outcome: 'clean', intact: true, steps: Number(step) });
  });

  it.concurrent.each<[NodeJS.Signals, number]>([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ])('%s: the same, %i, also as JSON', async (signal, code) => {
    const told = await interrupted(['--json'], signal);
    expect(told.code).toBe(code);
    expect(JSON.parse(told.out)).toMatchObject({ outcome: 'interrupted', seed: '42', violation: null });
    expect(filesIn(told.cwd)).toEqual(['t.ndjson']);
  });

  it.concurrent('twice: the end, at once', async () => {
    const cwd = freshFolder();
    const child = start(LONG, { cwd });
    const end = ended(child);
    child.stderr.on('data', () => child.kill('SIGINT'));
    // The first one comes as soon as the page begins; the second when the program says that it has seen the first.
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, signal, out } = await end;
    expect(code === 130 || signal === 'SIGINT').toBe(true);
    expect(out.length).toBeLessThan(5000);
  });
});

describe('a reader that goes away', () => {
  const shell = (line: string, cwd = freshFolder()): Promise<Ended> =>
    ended(spawn('bash', ['-c', `set -o pipefail; ${line}`], { cwd, env: { ...process.env, NO_COLOR: '1', BIN } }));
  const binary = `'${process.execPath}' "$BIN"`;

  it.concurrent('early: no stack, and the exit code stays true', async () => {
    const told = await shell(`${binary} run --seed 42 --for 5s --variant ack-before-persist | head -1`);
    expect(told).toMatchObject({ code: 1, out: expect.stringMatching(/^seed 42 · .*\n$/) as string, err: '' });
  });

  it.concurrent('before the first line', async () => {
    const told = await shell(`${binary} list parameters | true; ${binary} --help | true`);
    expect(told).toMatchObject({ code: 0, out: '', err: '' });
  });

  it.concurrent('in the middle of many lines', async () => {
    const told = await shell(
      `${binary} run --seed 42 --for 3s --quiet --trace t && ${binary} replay t --show | head -3 | wc -l`,
    );
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/\n3\n$/);
  });

  it.concurrent('of both streams', async () => {
    const told = await shell(`${binary} rum 2>&1 | true`);
    expect(told).toMatchObject({ code: 2, out: '', err: '' });
  });

  it.concurrent('a full disk instead of a reader', async () => {
    const told = await shell(`${binary} list goals > /dev/full`);
    expect(told.code).toBe(2);
    expect(told.err).toMatch(/^raft-sim: cannot write to standard output: .*no space left/);
  });
});

describe('a failure of raft-sim itself', () => {
  const preload = (code: string): readonly string[] => ['--import', `data:text/javascript,${encodeURIComponent(code)}`];

  it.concurrent('a defect: 70, and how to report it', async () => {
    const told = await raftSim(words('list goals --json'), {
      node: preload('JSON.stringify = () => { throw new Error("planted"); };'),
    });
    expect(told).toMatchObject({ code: 70, out: '' });
    expect(told.err).toMatch(/^raft-sim: a defect of raft-sim itself: planted\n +at /);
    expect(told.err).toMatch(/Please open an issue.* with this text, the command and the version:\n {2}raft-sim \d/);
    expect(told.err).toMatch(/\n {2}raft-sim list goals --json\n$/);
  });

  it.concurrent('a defect in the middle of a run: the command has the seed that was drawn', async () => {
    const world = new URL('../../dist/sim/world.js', import.meta.url).href;
    const told = await raftSim(words('run --for 5s --json'), {
      node: preload(
        `const { World } = await import('${world}'); World.prototype.next = () => { throw new TypeError('planted'); };`,
      ),
    });
    expect(told).toMatchObject({ code: 70, out: '' });
    expect(told.err).toMatch(/defect of raft-sim itself: planted/);
    expect(told.err).toMatch(/\n {2}raft-sim run --seed \d+ --nodes 5 --profile whole --for 5s\n$/);
  });

  it.concurrent('two runs of one plan that differ: 5', async () => {
    const fingerprint = new URL('../../dist/base/fingerprint.js', import.meta.url).href;
    const told = await raftSim(words('run --seed 42 --for 5s --variant ack-before-persist'), {
      node: preload(`
        const { Fingerprint } = await import('${fingerprint}');
        const { fold } = Fingerprint.prototype;
        let calls = 0;
        Fingerprint.prototype.fold = function (a, b) { fold.call(this, ++calls === 20 ? a + 1 : a, b); };
      `),
    });
    expect(told.code).toBe(5);
    expect(told.out).toMatch(/✗ durability-honesty broken at step/);
    expect(told.err).toMatch(
      /two runs of this plan differ: after \d+ steps the fingerprint was [0-9a-f]{16}, then\n[0-9a-f]{16}\./,
    );
  });
});
