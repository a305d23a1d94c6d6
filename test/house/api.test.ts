// The tool behind the API page refuses what is not documented: an export, or a member of one, without a docstring.
//
// Whether our own API is documented, and its page and report are fresh, is asked in docs.test.ts. Here the tool is given
// declarations with mistakes, so that a check that stopped working is noticed.

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

describe('the API page', () => {
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

  it('has each signature on the page and in the report', () => {
    const texts = planted('/** Adds. @throws Nothing */\nexport declare function add(a: number, b?: number): number;');
    expect(Object.keys(texts)).toEqual(['docs/api.md', 'docs/reference/api-report.md']);
    for (const text of Object.values(texts)) expect(text).toContain('function add(a: number, b?: number): number;');
    expect(texts['docs/api.md']).toMatch(/### add\n\nAdds\.\n[^]*\nThrows Nothing\n/);
  });
});
