// Documentation that comes from the program's tables is fresh, and speaks of files and commands that exist.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'reports/README.md',
  'scenarios/README.md',
];
for (const file of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.md')) pages.push(`docs/${file}`);
}

describe('documentation', () => {
  test('generated pages and blocks are fresh (npm run docs)', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-docs.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  }, 120_000);

  test.each(pages)('%s links to files that exist', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, path]) => path as string);
    const missing = links.filter((path) => !existsSync(join(root, dirname(page), path)));
    expect(missing).toEqual([]);
  });

  test('the README names only files, scripts and commands that are there', () => {
    const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts;
    const text = `${readFileSync(join(root, 'README.md'), 'utf8')}${readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')}`;
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name as string);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
