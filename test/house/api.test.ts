// The public API is documented: an export, or a member of one, without a docstring fails here with its place.
//
// Whether the page and the report are fresh is asked in docs.test.ts; here the tool behind them is given declarations
// with one mistake each, so that a check that stopped working is noticed.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

type ApiTexts = (root: string) => Readonly<Record<string, string>>;

const root = new URL('../..', import.meta.url).pathname;
const { apiTexts } = (await import(pathToFileURL(join(root, 'scripts/api-page.mjs')).href)) as { apiTexts: ApiTexts };

/** The texts of a package whose declarations are these. */
function planted(declarations: string): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'raft-sim-planted-'));
  try {
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'raft-sim', version: '0.0.0' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { types: [] } }));
    writeFileSync(join(folder, 'dist/index.d.ts'), declarations);
    return apiTexts(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('the public API', () => {
  it('has a docstring for every export and every member (npm run build first)', () => {
    expect(Object.keys(apiTexts(root))).toEqual(['docs/api.md', 'docs/reference/api-report.md']);
  });

  it('without docstrings it fails, with the place of each', () => {
    const declarations = [
      'export declare function f(): void;',
      '/** A. */',
      'export interface A {',
      '  b: string;',
      '}',
      'export type C = 1;',
      '/** D {@e */',
      'export type D = 1;',
    ];
    const problems = messageOf(() => planted(declarations.join('\n')));
    expect(problems).toContain('4 problems');
    for (const problem of [':1: Missing documentation for "f"', ':4: Missing documentation for "b"']) {
      expect(problems).toContain(`dist/index.d.ts${problem}`);
    }
    expect(problems).toContain('Missing documentation for "C"');
    expect(problems).toContain('(tsdoc-');
  });

  it('shows what changed in a signature', () => {
    const before = planted('/** Adds. @throws Nothing */\nexport declare function add(a: number): number;');
    const after = planted('/** Adds. @throws Nothing */\nexport declare function add(a: number, b?: number): number;');
    for (const page of ['docs/api.md', 'docs/reference/api-report.md']) {
      expect(before[page]).toContain('function add(a: number): number;');
      expect(after[page]).toContain('function add(a: number, b?: number): number;');
    }
  });
});
