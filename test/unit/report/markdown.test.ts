// Scenarios as Markdown: what passed is counted, what did not is told in full, and no text breaks the page.

import { describe, expect, it } from 'vitest';
import { scenariosMarkdown } from '../../../src/report/markdown.ts';
import { notRun, type ScenarioResult } from '../../../src/report/result.ts';
import { defective, failed, passed, wrong } from './results.ts';

const page = (results: readonly ScenarioResult[], interrupted = false): string =>
  scenariosMarkdown({ results, realMillis: 1, interrupted });

describe('scenarios as Markdown', () => {
  it('say that all passed, in a table', () => {
    expect(page([passed('a.yaml'), passed('b.yaml')])).toBe(
      '# raft-sim scenario run\n\n| passed | failed | mistake | defect | not run |\n| --- | --- | --- | --- | --- |\n' +
        '| 2 | 0 | 0 | 0 | 0 |\n\nEvery scenario passed.\n',
    );
  });

  it('have a chapter for each that did not, with its last steps and its servers', () => {
    const text = page([passed('a.yaml'), failed('b.yaml'), wrong('c.yaml'), defective('d.yaml')]);
    expect(text).toContain('| 1 | 1 | 1 | 1 | 0 |');
    expect(text.match(/^## .*/gm)).toHaveLength(3);
    expect(text).toContain('```text\nb.yaml:6:36: expect: logs: n2\n');
    expect(text).toContain('```text\n  #1 a step\n```\n');
    expect(text).toContain('```text\n  node  role\n  n1    leader\n```\n');
    expect(text).not.toContain('Every scenario passed');
  });

  it('say that not all were played', () => {
    expect(page([passed('a.yaml'), notRun('b.yaml')], true)).toContain('Not all of these scenarios were played.');
  });

  it('escape a name and fence a text with backquotes', () => {
    const text = page([failed('a.yaml', { what: '```' })]);
    expect(text).toMatch(/^````text$/m);
    expect(page([{ ...failed('a.yaml'), name: '<b> *x*' }])).toContain('## \\<b\\> \\*x\\*\n');
  });

  it('stay within what GitHub takes', () => {
    const many = Array.from({ length: 300 }, (_, i) => failed(`${i}.yaml`, { found: 'x'.repeat(10_000) }));
    const text = page(many);
    expect(new TextEncoder().encode(text).length).toBeLessThan(1_048_576);
    expect(text).toMatch(/There is no room for the other scenarios here\.\n$/);
  });
});
