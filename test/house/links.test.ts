// Every relative link of every Markdown file leads to a file that exists, and every anchor to a heading of it.
//
// docs/README.md is the index: each file below docs/ is linked from there. Links to the network are not followed.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OTHERS = ['node_modules', 'dist', 'coverage', '.git'];

/** The files below a folder with this ending, as paths from the root. */
function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return OTHERS.includes(entry.name) ? [] : filesBelow(path, ending);
    return path.endsWith(ending) ? [path] : [];
  });
}

/** Without fenced blocks and code in a line, where brackets are no links. */
const prose = (markdown: string): string =>
  markdown.replaceAll(/^( *)(`{3,}|~{3,})[^]*?^\1\2 *$/gm, '').replaceAll(/`[^`\n]*`/g, '`code`');

const linksIn = (markdown: string): string[] => [
  ...[...prose(markdown).matchAll(/\]\(([^()\s]+)(?: "[^"]*")?\)/g)].map(([, target]) => target as string),
  ...[...prose(markdown).matchAll(/^\[[^\]]+\]: (\S+)/gm)].map(([, target]) => target as string),
];

/** The anchors that GitHub gives to the headings of a file. */
function anchorsIn(markdown: string): Set<string> {
  const slugger = new GithubSlugger();
  const text = markdown.replaceAll(/^( *)(`{3,}|~{3,})[^]*?^\1\2 *$/gm, '');
  const headings = [...text.matchAll(/^#{1,6} +(.*?) *#*$/gm)].map(([, heading]) => heading as string);
  return new Set(headings.map((heading) => slugger.slug(heading.replaceAll(/`|\[|\]\([^)]*\)|\*/g, ''))));
}

/** What is wrong with the links of a file; `read` gives a file's text, undefined if there is none. */
function linkProblems(path: string, markdown: string, read: (path: string) => string | undefined): string[] {
  return linksIn(markdown).flatMap((link) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [file = '', anchor] = decodeURIComponent(link).split('#');
    const target = file === '' ? path : join(dirname(path), file);
    const text = file === '' ? markdown : read(target);
    if (text === undefined) return [`${path}: ${link} leads to no file`];
    if (anchor === undefined || (target.endsWith('.md') && anchorsIn(text).has(anchor))) return [];
    return [`${path}: ${link} leads to no heading`];
  });
}

function readFile(path: string): string | undefined {
  const whole = join(ROOT, path);
  if (!existsSync(whole)) return undefined;
  return statSync(whole).isDirectory() ? '' : readFileSync(whole, 'utf8');
}

describe('links', () => {
  const pages = filesBelow('.', '.md');

  it.each(pages)('of %s lead somewhere', (page) => {
    expect(linkProblems(page, readFile(page) ?? '', readFile)).toEqual([]);
  });

  it('that lead nowhere are noticed', () => {
    const files: Readonly<Record<string, string>> = {
      'b.md': '# One\n\n# One\n\n```sh\n# No heading\n```\n\n## A `b`, c',
    };
    const read = (path: string): string | undefined => files[path];
    const links =
      '[](c.md) [](b.md#two) [](b.md#one-1) [](b.md#a-b-c) [](#here) [](b.md#no-heading) `[](d.md)` [](https://e)';
    expect(linkProblems('a.md', `${links}\n\n[x]: e.md\n`, read)).toEqual([
      'a.md: c.md leads to no file',
      'a.md: b.md#two leads to no heading',
      'a.md: #here leads to no heading',
      'a.md: b.md#no-heading leads to no heading',
      'a.md: e.md leads to no file',
    ]);
  });

  it('the index of docs/ has every file below it', () => {
    const linked = linksIn(readFile('docs/README.md') ?? '').map((link) => join('docs', link));
    const all = filesBelow('docs', '').filter((path) => path !== 'docs/README.md');
    expect(all.filter((path) => !linked.includes(path))).toEqual([]);
    expect(all.length).toBeGreaterThan(5);
    expect(new Set(linked).size, 'each file once').toBe(linked.length);
  });

  it('the README leads to the index', () => {
    expect(linksIn(readFile('README.md') ?? '').map((link) => relative('.', link))).toContain('docs/README.md');
  });
});
