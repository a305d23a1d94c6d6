// `raft-sim adapter new`: what it writes runs as it is. What takes no compiler, or a second of one, is tried here; the
// rest in test/long.

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skeletonLanguages } from '../../src/cli/adapter/languages.ts';
import { hasProgram } from '../support/toolchains.ts';
import { ended, freshFolder, start } from './binary.ts';

const files: Readonly<Record<string, readonly string[]>> = {
  go: ['go.mod', 'main.go', 'raftsim'],
  rust: ['Cargo.lock', 'Cargo.toml', 'raftsim', 'src'],
  c: ['raft.c', 'raft_sim.c', 'raft_sim.h'],
  typescript: ['raft.ts'],
  python: ['my_raft.py', 'raft_sim.py'],
};

describe('a skeleton', () => {
  it.concurrent.each(skeletonLanguages)('in %s has its sources, and nothing that was built', async (language) => {
    const cwd = freshFolder();
    const told = await ended(start(['adapter', 'new', language, 'mine'], { cwd }));
    expect(told.code, told.err).toBe(0);
    expect(told.out).toMatch(/^wrote mine\n/);
    expect(told.out).toMatch(/adapter check .*mine\//);
    expect(readdirSync(join(cwd, 'mine')).toSorted()).toEqual(files[language]);
    if (language !== 'go') return;
    const again = await ended(start(['adapter', 'new', language, 'mine'], { cwd }));
    expect(again.code).toBe(2);
    expect(again.err).toContain('mine is there already, expected a new folder');
  });

  it('in C runs as a child that speaks in frames, and its runs repeat', async (context) => {
    if (!hasProgram('cc', '--version')) context.skip('there is no cc on this machine');
    const cwd = freshFolder();
    await ended(start(['adapter', 'new', 'c', 'mine'], { cwd }));
    execFileSync('cc', ['-O1', '-o', 'raft', 'raft.c', 'raft_sim.c'], { cwd: join(cwd, 'mine') });
    const told = await ended(start(['adapter', 'check', './mine/raft'], { cwd }));
    expect(told.code, told.out + told.err).toBe(0);
    expect(told.out).toContain('a small Raft in C: level L3 of L3');
    expect(told.out).toContain('✓ runs repeat: twice, beside another run, in a fresh process');
  });
});
