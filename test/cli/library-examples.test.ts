// The programs in examples/library run as their readers would run them: copied beside an installed raft-sim.
//
// They import the built package by its name, so that what they use is what the package exports.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ended, freshFolder, type Ended } from './binary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIBRARY = join(root, 'examples/library');

/** Runs `node <words>` in a folder with the programs and an installed raft-sim. */
function run(program: string, ...words: readonly string[]): Promise<Ended> {
  const folder = freshFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/raft-sim'));
  cpSync(join(LIBRARY, program), join(folder, program));
  return ended(spawn(process.execPath, [program, ...words], { cwd: folder }));
}

describe('examples/library', () => {
  it('own-property.mjs: a property of one’s own ends the run', async () => {
    const { code, out, err } = await run('own-property.mjs');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^steady-leadership broken at step \d+: n\d is elected [\d.]+ ms after the leader before it\n/);
    expect(out).toMatch(/\nseed 1, fingerprint [\da-f]{16}\n$/);
  });

  it('campaign.mjs: the correct node keeps every promise, a variant does not', async () => {
    const [correct, faulty] = await Promise.all([
      run('campaign.mjs', '10'),
      run('campaign.mjs', '10', 'commit-median-wrong'),
    ]);
    expect([correct.code, correct.err]).toEqual([0, '']);
    expect(correct.out).toMatch(/^10 seeds, every promise kept\ngoals reached: \d+ of \d+\n$/);
    expect([faulty.code, faulty.err]).toEqual([1, '']);
    expect(faulty.out).toMatch(/^[\w-]+ broken by \d+ of 10 seeds, first by: seed \d+, .*commit-median-wrong/);
  });

  it('shrink.mjs: the scenario is short, and breaks the promise again', async () => {
    const { code, out, err } = await run('shrink.mjs');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^seed \d+: .*\n\d steps on \d servers?, after \d+ tries\n\nname: exactly-once is broken/);
    expect(out).toMatch(/\nexpect:\n {2}violated: exactly-once\n\nplayed: it breaks the promise again\n$/);
  });

  it('every program is listed in its README, and run here', () => {
    const programs = readdirSync(LIBRARY).filter((name) => name.endsWith('.mjs'));
    const [listing, tests] = [join(LIBRARY, 'README.md'), fileURLToPath(import.meta.url)].map((path) =>
      readFileSync(path, 'utf8'),
    );
    for (const name of programs) {
      expect(listing).toContain(`[${name}](${name})`);
      expect(tests).toContain(`run('${name}'`);
    }
  });
});
