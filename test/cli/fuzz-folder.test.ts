// The folder of a campaign: never used twice by accident, emptied of a campaign's own files only; and the same findings
// under the same names, however much time shrinking had.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, freshFolder, raftSim, words, type Ended } from './binary.ts';

const BUG = '--variant vote-not-persisted-before-reply --nodes 3 --workers 1';
const run = (line: string, cwd: string): Promise<Ended> => raftSim(words(line), { cwd });

describe('a folder that holds a campaign', () => {
  it('is refused without --resume, whole as it was; --force empties only what a campaign left', async () => {
    const cwd = freshFolder();
    const first = await run(`fuzz --seeds 1..8 ${BUG} --no-shrink`, cwd);
    expect(first.code).toBe(1);
    const reports = join(cwd, 'reports');
    const before = filesIn(reports);
    const [finding = ''] = before.filter((name) => name !== 'campaign.json');
    const saved = readFileSync(join(reports, 'campaign.json'), 'utf8');

    const second = await run('fuzz --seeds 1..2 --nodes 3', cwd);
    expect(second).toMatchObject({ code: 2, out: '' });
    expect(second.err).toBe(
      'raft-sim: reports/campaign.json is there already: --resume goes on with that campaign, --force empties the ' +
        'folder of it, --reports names another folder\n',
    );
    expect(filesIn(reports)).toEqual(before);
    expect(readFileSync(join(reports, 'campaign.json'), 'utf8')).toBe(saved);

    writeFileSync(join(reports, 'README.md'), 'ours');
    writeFileSync(join(reports, finding, 'notes.txt'), 'ours');
    mkdirSync(join(reports, 'old-notes'));
    writeFileSync(join(reports, 'old-notes/summary.md'), 'ours');
    writeFileSync(join(reports, 'campaign.json.7.partial'), '{');
    const third = await run('fuzz --seeds 1..2 --nodes 3 --force', cwd);
    expect(third.code).toBe(0);
    expect(filesIn(reports)).toEqual(['README.md', 'campaign.json', finding, 'old-notes'].toSorted());
    expect(filesIn(join(reports, finding))).toEqual(['notes.txt']);
    expect(existsSync(join(reports, 'old-notes/summary.md'))).toBe(true);
  });
});

describe('findings', () => {
  it('have the same names with any --shrink-time, in folders and in JUnit, and little is printed of a long one', async () => {
    const cwd = freshFolder();
    const line = 'fuzz --seeds 1,3,5 --variant vote-no-log-check --nodes 3 --workers 1';
    const namesIn = (file: string): string[] =>
      Array.from(readFileSync(join(cwd, file), 'utf8').matchAll(/<testcase name="([^"]*)"/g), ([, name = '']) => name);
    const short = await run(`${line} --shrink-time 1us --reports a --reporter text --reporter junit=a.xml`, cwd);
    const none = await run(`${line} --no-shrink --reports b --reporter junit=b.xml`, cwd);
    expect([short.code, none.code]).toEqual([1, 1]);
    expect(namesIn('a.xml').length).toBeGreaterThan(0);
    expect(namesIn('a.xml')).toEqual(namesIn('b.xml'));
    expect(filesIn(join(cwd, 'a'))).toEqual(filesIn(join(cwd, 'b')));
    expect(short.out).toMatch(/shrunk +.*the time for\s+shrinking was over\n/);
    expect(short.out).toMatch(/scenario +[\d ]+ lines, too many to be shown here\n/);
    expect(short.out.split('\n').length).toBeLessThan(60);
  });
});
