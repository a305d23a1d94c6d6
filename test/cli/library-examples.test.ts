// The programs in examples/library run as their readers would run them: copied beside an installed raft-sim.
//
// They import the built package by its name, so that what they use is what the package exports.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import { ended, freshFolder, type Ended } from './binary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIBRARY = join(root, 'examples/library');

/** A folder in which raft-sim is installed. */
function installed(): string {
  const folder = freshFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/raft-sim'));
  return folder;
}

/** Runs a program of examples/library. */
function run(program: string, ...words: readonly string[]): Promise<Ended> {
  const folder = installed();
  cpSync(join(LIBRARY, program), join(folder, program));
  return ended(spawn(process.execPath, [program, ...words], { cwd: folder }));
}

/** Runs a piece of code. */
function ran(code: string): Promise<Ended> {
  const folder = installed();
  writeFileSync(join(folder, 'example.mjs'), code);
  return ended(spawn(process.execPath, ['example.mjs'], { cwd: folder }));
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
      run('campaign.mjs', '4'),
      run('campaign.mjs', '4', 'commit-median-wrong'),
    ]);
    expect([correct.code, correct.err]).toEqual([0, '']);
    expect(correct.out).toMatch(/^4 seeds, every promise kept\ngoals reached: \d+ of \d+\n$/);
    expect([faulty.code, faulty.err]).toEqual([1, '']);
    expect(faulty.out).toMatch(/^[\w-]+ broken by \d+ of 4 seeds, first by: seed \d+, .*commit-median-wrong/);
  });

  it('shrink.mjs: the scenario is short, and breaks the promise again', async () => {
    const { code, out, err } = await run('shrink.mjs');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^seed \d+: .*\n\d steps on \d servers?, after \d+ tries\n\nname: exactly-once is broken/);
    expect(out).toMatch(/\nexpect:\n {2}violated: exactly-once\n\nplayed: it breaks the promise again\n$/);
  });

  it('the examples of docs/api.md and README.md run as they stand', async () => {
    const pages = ['docs/api.md', 'README.md'].map((page) => readFileSync(join(root, page), 'utf8')).join('\n');
    const examples = [...pages.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code as string);
    expect(examples.length).toBeGreaterThan(4);
    const names = Object.keys(library);
    const programs = examples.map((code) => {
      const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
      return code.includes('import ') ? code : `import { ${used.join(', ')} } from 'raft-sim';\n${code}`;
    });
    const all = await Promise.all(programs.map((code) => ran(code)));
    expect(all.map(({ code, err }) => [code, err])).toEqual(all.map(() => [0, '']));
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
