// Every skeleton of `raft-sim adapter new` is built as its words say, and checked; one whose compiler is missing is
// skipped, and says so.
//
// npm run test:long

import { execSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ended, freshFolder, start } from '../cli/binary.ts';
import { hasProgram, wasmClang } from '../support/toolchains.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const missing: Readonly<Record<string, () => string | undefined>> = {
  go: () => (hasProgram('go', 'version') ? undefined : 'there is no go on this machine'),
  rust: () => (hasProgram('cargo', '--version') ? undefined : 'there is no cargo on this machine'),
  c: () => (hasProgram('cc', '--version') ? undefined : 'there is no cc on this machine'),
  typescript: () => undefined,
  python: () => (hasProgram('python3', '--version') ? undefined : 'there is no python3 on this machine'),
};

describe('a skeleton', () => {
  it.each(Object.keys(missing))('in %s is built and checked by the commands that it comes with', async (language) => {
    await tried(language, /^build it: (.*)$/m, (told) => /adapter check (\S+|'[^']+')$/m.exec(told)?.[1] ?? '');
  });

  it('in C is WebAssembly, too', async (context) => {
    const clang = wasmClang();
    if (clang === undefined) return context.skip('there is no clang for wasm32-wasi on this machine');
    await tried('c', /^as WebAssembly: (.*), and --system/m, () => './mine/raft.wasm', clang);
  });

  async function tried(
    language: string,
    build: RegExp,
    systemOf: (told: string) => string,
    clang = 'clang',
  ): Promise<void> {
    const lacks = missing[language]?.();
    if (lacks !== undefined) {
      console.log(`skipped ${language}: ${lacks}`);
      return;
    }
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(ROOT, join(cwd, 'node_modules', 'raft-sim'));
    symlinkSync(join(ROOT, 'node_modules', 'typescript'), join(cwd, 'node_modules', 'typescript'));
    symlinkSync(join(ROOT, 'node_modules', '.bin'), join(cwd, 'node_modules', '.bin'));
    const { out } = await ended(start(['adapter', 'new', language, 'mine'], { cwd }));
    const words = build.exec(out)?.[1];
    if (words !== undefined) execSync(words.replace('clang', clang), { cwd, stdio: 'pipe' });
    const system = systemOf(out).replaceAll("'", '');
    const told = await ended(start(['adapter', 'check', system], { cwd }));
    expect(told.code, told.out + told.err).toBe(0);
    expect(told.out).toContain('level L3 of L3');
    expect(told.out).toContain('✓ runs repeat');
  }
});
