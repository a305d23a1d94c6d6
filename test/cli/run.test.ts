// `raft-sim run` on the real binary, without a terminal: what it prints, writes and ends with.
//
// Seeds are not pinned to outcomes here: a faulty node that acknowledges too early is caught within moments under any
// seed, and a cluster that gets no time to recover is never whole at the end.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goalNames } from '../../src/check/goals.ts';
import { propertyNames } from '../../src/run/properties.ts';
import { version } from '../../src/cli/version.ts';
import { filesIn, freshFolder, raftSim, words, type Ended } from './binary.ts';

interface RunDocument {
  readonly seed: string;
  readonly fingerprint: string;
  readonly steps: number;
  readonly outcome: string;
  readonly command: string;
  readonly violation: { readonly property: string; readonly replayFile: string } | null;
}

const BROKEN = words('run --seed 42 --for 5s --variant ack-before-persist');
const NEVER_WHOLE = words(
  'run --seed 4 --nodes 3 --profile partitions --for 20s --variant reject-hint-always-last-index',
);

const documentOf = (told: Ended): RunDocument => JSON.parse(told.out) as RunDocument;
const fingerprintIn = (text: string): string => /fingerprint ([0-9a-f]{16})/.exec(text)?.[1] ?? 'none';

describe('a run that keeps every promise', () => {
  it.concurrent('shows seed, parameters, figures, promises, goals, fingerprint and the command', async () => {
    const told = await raftSim(words('run --seed 42 --for 2s --settle 1s'));
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/^seed 42 · 5 nodes · profile whole · 2s\n/);
    expect(told.out).toMatch(/node +commit notices, pre-vote, check quorum, joint consensus/);
    expect(told.out).toMatch(/network +loss 5% {2}duplicate 2%/);
    expect(told.out).toMatch(/timing +settle 1s/);
    for (const label of words(
      'time steps messages faults disks servers membership snapshots elections entries operations reads goals',
    )) {
      expect(told.out).toMatch(new RegExp(`^  ${label} +[\\d]`, 'm'));
    }
    for (const property of propertyNames) expect(told.out).toMatch(new RegExp(`[✓?–] ${property}`));
    expect(told.out).toContain(`of ${goalNames.length} reached`);
    expect(told.out).toMatch(/✓ every promise kept · seed 42 · fingerprint [0-9a-f]{16}\n/);
    expect(told.out).toContain('raft-sim run --seed 42 --nodes 5 --profile whole --for 2s --settle 1s\n');
    const page = told.out.split('\n').filter((line) => !line.includes('raft-sim run'));
    for (const line of page) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.concurrent('draws a seed if there is none, and its command repeats the run', async () => {
    const first = documentOf(await raftSim(words('run --for 1s --loss 7% --delay-max 20ms --no-noop --json')));
    expect(first.seed).toMatch(/^\d{1,9}$/);
    expect(first.command).toBe(
      `raft-sim run --seed ${first.seed} --nodes 5 --profile whole --for 1s --no-noop --delay-max 20ms --loss 7%`,
    );
    const again = documentOf(await raftSim([...words(first.command).slice(1), '--json']));
    expect(again.fingerprint).toBe(first.fingerprint);
  });

  it.concurrent('is plain where nothing but a bug or a preset asks for it, and its command says so', async () => {
    const plain = documentOf(await raftSim(words('run --seed 7 --for 1s --preset plain --profile chaos --json')));
    expect(plain.command).toBe('raft-sim run --seed 7 --nodes 5 --profile chaos --for 1s --preset plain');
    const bug = documentOf(
      await raftSim(words('run --seed 7 --steps 50 --variant snapshot-term-of-next-entry --json')),
    );
    expect(bug.command).toContain('--profile chaos --steps 50 --variant');
    expect(bug.command).not.toContain('--preset');
  });

  it.concurrent.each([['007'], ['18446744073709551617'], ['hello world'], ["it's"], ['zürich ✓'], ['--my-seed']])(
    'takes the seed %s as it is',
    async (seed) => {
      const told = await raftSim(['run', '--seed', seed, '--for', '500ms', '--profile', 'calm']);
      expect(told.code).toBe(0);
      expect(told.out).toMatch(`seed ${seed} · 5 nodes`);
    },
  );

  it.concurrent('quotes what a shell would take apart', async () => {
    const told = await raftSim(['run', '--seed', "it's 5 o'clock", '--for', '100ms', '--profile', 'calm']);
    expect(told.out).toContain(`run --seed 'it'\\''s 5 o'\\''clock' --nodes 5`);
  });

  it.concurrent('is the same run with and without a trace, and the trace is whole', async () => {
    const cwd = freshFolder();
    const plain = await raftSim(words('run --seed 9 --for 2s --quiet'), { cwd });
    const traced = await raftSim(words('run --seed 9 --for 2s --quiet --trace t.ndjson'), { cwd });
    expect(traced).toEqual(plain);
    expect(filesIn(cwd)).toEqual(['t.ndjson']);
    const replayed = await raftSim(words('replay t.ndjson --quiet'), { cwd });
    expect(replayed.code).toBe(0);
    expect(fingerprintIn(replayed.out)).toBe(fingerprintIn(plain.out));
  });

  it.concurrent('prints one line with --quiet', async () => {
    const told = await raftSim(words('run --seed 42 --for 1s --settle 500ms --quiet'));
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/^✓ every promise kept · seed 42 · fingerprint [0-9a-f]{16}\n$/);
  });

  it.concurrent('prints one JSON document with --json', async () => {
    const told = await raftSim(words('run --seed 42 --nodes 3 --profile lossy --steps 2000 --json'));
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out.split('\n')).toHaveLength(2);
    const document = documentOf(told);
    expect(document).toMatchObject({
      schema: 'raft-sim/run@1',
      version,
      seed: '42',
      nodes: 3,
      profile: 'lossy',
      variant: null,
      steps: 2000,
      outcome: 'pass',
      violation: null,
      plan: { seed: '42', nodes: 3, length: { steps: 2000 } },
      command: 'raft-sim run --seed 42 --nodes 3 --profile lossy --steps 2000',
    });
    for (const key of words('fingerprint virtualMicros realMillis verdicts counters goals summary')) {
      expect(document).toHaveProperty(key);
    }
  });

  it.concurrent('checks only the promises that are asked for', async () => {
    const told = await raftSim(words('run --seed 1 --for 1s --property log-matching vote-once --json'));
    const { verdicts } = JSON.parse(told.out) as { verdicts: readonly { readonly property: string }[] };
    expect(verdicts.map(({ property }) => property)).toEqual(['log-matching', 'vote-once']);
    expect(documentOf(told).command).toContain('--property log-matching vote-once');
  });

  it.concurrent('says what is undecided, and fails for it only if asked to', async () => {
    const undecided = words('run --seed 1 --for 1s');
    const told = await raftSim(undecided);
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/\? bounded-liveness +undecided: the run ended/);
    expect(told.out).toMatch(/\? nothing broken, 1 promise undecided · seed 1/);
    expect((await raftSim([...undecided, '--fail-on', 'unknown'])).code).toBe(1);
  });
});

describe('a run that breaks a promise', () => {
  it.concurrent('tells promise, step, facts and last steps, and writes the file that replays it', async () => {
    const cwd = freshFolder();
    const told = await raftSim(BROKEN, { cwd });
    expect(told).toMatchObject({ code: 1, err: '' });
    const [, step = ''] =
      /^✗ durability-honesty broken at step (\d+) · seed 42 · fingerprint [0-9a-f]{16}$/m.exec(told.out) ?? [];
    expect(Number(step)).toBeGreaterThan(0);
    expect(told.out).toMatch(/^ {2}promised +No message leaves that claims/m);
    expect(told.out).toMatch(/^ {2}found +n\d/m);
    expect(told.out).toMatch(new RegExp(`^  #${step} `, 'm'));
    expect(told.out.match(/^ {2}#\d+ /gm)).toHaveLength(12);

    const name = `durability-honesty-42-${fingerprintIn(told.out).slice(0, 8)}.trace.ndjson`;
    expect(filesIn(join(cwd, 'reports'))).toEqual([name]);
    expect(told.out).toContain(`raft-sim replay reports/${name}\n`);
    const replayed = await raftSim(['replay', `reports/${name}`], { cwd });
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain(`✗ durability-honesty broken at step ${step}, as recorded`);
  });

  it.concurrent('tells the essential with --quiet', async () => {
    const told = await raftSim([...BROKEN, '--quiet']);
    expect(told.code).toBe(1);
    expect(told.out).toMatch(/^✗ durability-honesty broken at step \d+ · seed 42 · fingerprint/);
    expect(told.out).toMatch(/found +n\d/);
    expect(told.out).toMatch(/replay +raft-sim replay reports/);
    expect(told.out).not.toContain('#');
  });

  it.concurrent('names the replay in --json and where it is wanted', async () => {
    const cwd = freshFolder();
    const told = await raftSim([...BROKEN, '--json', '--reports', 'a/b'], { cwd });
    expect(told).toMatchObject({ code: 1, err: '' });
    const { outcome, violation } = documentOf(told);
    expect(outcome).toBe('violation');
    expect(violation).toMatchObject({ property: 'durability-honesty' });
    expect(filesIn(join(cwd, 'a/b')).map((name) => `a/b/${name}`)).toEqual([violation?.replayFile]);
  });

  it.concurrent('exits with 4 if only liveness is broken', async () => {
    const cwd = freshFolder();
    const told = await raftSim([...NEVER_WHOLE, '--json'], { cwd });
    expect(told.code).toBe(4);
    expect(documentOf(told)).toMatchObject({ outcome: 'liveness', violation: { property: 'bounded-liveness' } });
    const replayed = await raftSim(['replay', documentOf(told).violation?.replayFile ?? '', '--quiet'], { cwd });
    expect(replayed.code).toBe(4);
  });

  it.concurrent('makes a file name of any seed', async () => {
    const cwd = freshFolder();
    await raftSim(['run', '--seed', '../Über — zwölf ✗ Boxkämpfer!', ...BROKEN.slice(3), '--quiet'], { cwd });
    const [name = ''] = filesIn(join(cwd, 'reports'));
    expect(name).toMatch(/^durability-honesty-ber-zw-lf-boxk-mpfer-[0-9a-f]{8}\.trace\.ndjson$/);
  });

  it.concurrent('loses nothing if reports/ cannot be written: the file lands elsewhere', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'reports'), 'a file where a folder is needed');
    const told = await raftSim(BROKEN, { cwd });
    expect(told.code).toBe(1);
    expect(told.out).toMatch(/✗ durability-honesty broken at step/);
    expect(told.err).toMatch(/cannot write reports\/durability.*: a file stands where a folder is needed/);
    const [, other = ''] = /^the replay is in (.*) instead$/m.exec(told.err) ?? [];
    expect((await raftSim(['replay', other, '--quiet'])).code).toBe(1);
    rmSync(join(other, '..'), { recursive: true });
  });

  it.concurrent('says how to repeat it if it can be written nowhere', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'reports'), '');
    const told = await raftSim(BROKEN, { cwd, env: { TMPDIR: join(cwd, 'missing') } });
    expect(told.code).toBe(1);
    expect(told.err).toMatch(/nor can it be written to .*missing/);
    expect(told.err).toMatch(/this repeats it: raft-sim run --seed 42 .*--variant ack-before-persist/);
  });

  it.concurrent('goes on if the disk with the trace is full', async () => {
    const told = await raftSim(words('run --seed 42 --for 1s --settle 500ms --quiet --trace /dev/full'));
    expect(told.code).toBe(2);
    expect(told.out).toMatch(/every promise kept/);
    expect(told.err).toMatch(/cannot write \/dev\/full: the disk is full/);
  });

  it.concurrent('overwrites a replay of the same finding and leaves no other file', async () => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'reports'));
    await raftSim(BROKEN, { cwd });
    const [name = ''] = filesIn(join(cwd, 'reports'));
    const before = readFileSync(join(cwd, 'reports', name), 'utf8');
    await raftSim(BROKEN, { cwd });
    expect(filesIn(join(cwd, 'reports'))).toEqual([name]);
    expect(readFileSync(join(cwd, 'reports', name), 'utf8')).toBe(before);
  });
});
