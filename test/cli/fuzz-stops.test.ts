// Campaigns that are stopped: by Ctrl-C in good order, by a kill at any moment with whole files only.
//
// Whatever the moment, the campaign can be gone on with, and comes to the report of one that nobody stopped. The moments
// are drawn anew each time: real time cannot be repeated anyway.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '../../src/trace/format.ts';
import { readScenario } from '../../src/scenario/load.ts';
import { ended, filesIn, freshFolder, raftSim, start, words, type Ended } from './binary.ts';

const BUG = '--variant vote-not-persisted-before-reply --nodes 3';
const nearest = (): undefined => undefined;
const sumsOf = (folder: string): string => join(folder, 'reports/campaign.json');

interface Sums {
  readonly sum: { readonly tally: { readonly runs: number; readonly findings: readonly unknown[] } };
}

const runsIn = (folder: string): number =>
  existsSync(sumsOf(folder)) ? (JSON.parse(readFileSync(sumsOf(folder), 'utf8')) as Sums).sum.tally.runs : -1;

interface Stop {
  readonly cwd: string;
  readonly signal: NodeJS.Signals;
  /** After so many seeds, and then so many milliseconds. */
  readonly runs?: number;
  readonly millis?: number;
  readonly node?: readonly string[];
}

/** Starts a campaign and sends the signal a moment after it has come so far. */
async function stopped(line: string, { cwd, signal, runs = 0, millis = 0, node = [] }: Stop): Promise<Ended> {
  const child = start(words(line), { cwd, node });
  const end = ended(child);
  while (runsIn(cwd) < runs && child.exitCode === null) await setTimeout(10);
  await setTimeout(millis);
  child.kill(signal);
  return end;
}

describe('a signal', () => {
  it.concurrent('Ctrl-C: the seeds that run are finished, the report is whole, 130; and --resume goes on', async () => {
    const cwd = freshFolder();
    const told = await stopped('fuzz --seeds 1..1000000', { cwd, signal: 'SIGINT', runs: 1 });
    expect(told.code).toBe(130);
    expect(told.err).toMatch(/SIGINT: the seeds that run are finished, .*Once more stops at once\.\n$/);
    const [, runs] =
      /\? every (?:other )?promise kept by ([\d ]+) seeds?,(?: 1 promise not applicable,)? interrupted; not all of 1\.\.1000000 /.exec(
        told.out,
      ) ?? [];
    const n = Number(runs?.replaceAll(' ', ''));
    expect(n).toBeGreaterThan(0);
    expect(runsIn(cwd)).toBe(n);
    expect(filesIn(join(cwd, 'reports'))).toEqual(['campaign.json']);
    const more = await stopped('fuzz --resume --json', { cwd, signal: 'SIGINT', runs: n + 1 });
    const { figures } = JSON.parse(more.out) as { figures: { runs: number } };
    expect(figures.runs).toBeGreaterThan(n);
  });

  it.concurrent('SIGTERM while failures are shrunk: those have no replay yet, 143', async () => {
    const cwd = freshFolder();
    const line = 'fuzz --seeds 1..32 --variant duplicate-votes-counted --workers 3 --json'; // shrunk for seconds
    const told = await stopped(line, { cwd, signal: 'SIGTERM', runs: 32 });
    expect(told.code).toBe(143);
    const { groups } = JSON.parse(told.out) as { groups: { smallest?: object }[] };
    expect(groups.some(({ smallest }) => smallest === undefined)).toBe(true);
    for (const group of filesIn(join(cwd, 'reports')).filter((name) => name !== 'campaign.json')) {
      expect(filesIn(join(cwd, 'reports', group))).toContain('summary.md');
    }
  });

  it.concurrent('twice: the end, at once', async () => {
    const child = start(words('fuzz --seeds 1..1000000'));
    const end = ended(child);
    child.stderr.on('data', () => child.kill('SIGINT'));
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, signal, out } = await end;
    expect(code === 130 || signal === 'SIGINT').toBe(true);
    expect(out).not.toContain('every promise');
  });
});

/** Reads every file as what its name says; a partial file may be anything, and is nothing. */
function checkFiles(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (name.endsWith('.partial') || !/\.\w+$/.test(name)) continue;
    const text = readFileSync(path, 'utf8');
    if (name.endsWith('.json')) JSON.parse(text);
    else if (name.endsWith('.yaml')) readScenario(text, { file: name, nearest });
    else if (name.endsWith('.ndjson')) expect(decodeTrace(text, name, { nearest }).end.steps).toBeGreaterThan(0);
    else if (name.endsWith('.html')) expect(text).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    else expect(text).toMatch(/^# [^]*```sh\nraft-sim fuzz --seeds .*\n```\n$/);
  }
}

/** A disk so slow that many a kill comes in the middle of a file. */
const SLOW_DISK = `
  const { default: fs } = await import('node:fs');
  const { syncBuiltinESMExports } = await import('node:module');
  const { writeSync } = fs;
  const clock = new Int32Array(new SharedArrayBuffer(4));
  fs.writeSync = (file, bytes, done) => {
    Atomics.wait(clock, 0, 0, 1);
    return writeSync(file, bytes, done, Math.min(2000, bytes.length - done));
  };
  syncBuiltinESMExports();
`;

describe('a kill', () => {
  it('at any moment leaves whole files, and the next start comes to the report of an undisturbed campaign', async () => {
    const line = `fuzz --seeds 1..64 ${BUG} --workers 1`;
    const [whole, cwd] = [freshFolder(), freshFolder()];
    const node = ['--import', `data:text/javascript,${encodeURIComponent(SLOW_DISK)}`];
    const begun = performance.now();
    const undisturbed = await raftSim([...words(line), '--json'], { cwd: whole, node });
    const millis = performance.now() - begun;
    let kills = 0;
    for (; kills < 8; kills++) {
      const { signal } = await stopped(`${line} --resume`, {
        cwd,
        signal: 'SIGKILL',
        runs: -1,
        millis: Math.random() * millis,
        node,
      });
      if (existsSync(join(cwd, 'reports'))) checkFiles(join(cwd, 'reports'));
      if (signal === null) break;
    }
    const last = await raftSim([...words(line), '--resume', '--json'], { cwd });
    expect(last).toMatchObject({ code: 1, out: undisturbed.out });
    const kept = (folder: string): string[] =>
      readdirSync(join(folder, 'reports'), { recursive: true, encoding: 'utf8' })
        .filter((name) => !name.endsWith('.partial'))
        .toSorted();
    expect(kept(cwd)).toEqual(kept(whole));
    for (const name of kept(whole).filter((file) => /\.\w+$/.test(file))) {
      const textIn = (folder: string): string => readFileSync(join(folder, 'reports', name), 'utf8');
      expect(textIn(cwd), name).toBe(textIn(whole));
    }
  });

  it('loses a few seconds at most, and what is left is a report', async () => {
    const cwd = freshFolder();
    await stopped('fuzz --seeds 1..1000000', { cwd, signal: 'SIGKILL', runs: 1 });
    writeFileSync(join(cwd, 'reports/campaign.json.1.partial'), '{"schema":');
    const merged = await raftSim(words('merge-reports reports --json'), { cwd });
    expect(merged.code).toBe(0);
    expect(JSON.parse(merged.out)).toMatchObject({ isPartial: true, missing: [], figures: { runs: runsIn(cwd) } });
  });
});
