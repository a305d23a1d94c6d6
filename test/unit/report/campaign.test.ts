// The report of a campaign in all its forms: within the limits of whoever reads it, whatever stands in its texts.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodeOfReport } from '../../../src/cli/fuzz/fuzz-exit.ts';
import { fuzzLines, regressionLines, standingLine } from '../../../src/cli/fuzz/fuzz-text.ts';
import { paintWith } from '../../../src/cli/ui/paint.ts';
import { shapeOf } from '../../../src/cli/ui/summary.ts';
import { findingsOf, type CampaignReport, type FailureGroup } from '../../../src/report/campaign.ts';
import { campaignGithub } from '../../../src/report/github.ts';
import { campaignJson } from '../../../src/report/json.ts';
import { campaignJunit } from '../../../src/report/junit.ts';
import { campaignMarkdown } from '../../../src/report/markdown.ts';
import { runs, seeded } from '../../support/seed.ts';

const group = (over: Partial<FailureGroup> = {}): FailureGroup => ({
  name: 'vote-once-1a2b3c4d',
  kind: 'violation',
  property: 'vote-once',
  why: 'n1 voted twice',
  seeds: ['7'],
  smallest: undefined,
  plan: 'seed 7, 3 nodes, walk',
  command: 'raft-sim fuzz --seeds 7',
  ...over,
});

const shrunk = (scenario: string): FailureGroup['smallest'] => ({
  seed: '7',
  steps: 3,
  deliveries: 1,
  externals: 2,
  nodes: 3,
  tries: 10,
  isMinimal: true,
  scenario,
});

const report = (over: Partial<CampaignReport> = {}): CampaignReport => ({
  seeds: '1..100',
  isPartial: false,
  missing: [],
  regressions: { played: 0, failed: [] },
  figures: {
    runs: 100,
    steps: 5000,
    virtualMicros: 1_000_000,
    madeTwice: 1,
    situations: 123,
    goals: { 'leader-elected': 100, 'crash-in-step': 0 },
    stances: { 'leader, newest term, best log': 100, 'candidate, a term behind, another log': 0 },
    drawn: { 'nodes 3': 100 },
    unknown: {},
  },
  groups: [],
  notShrunk: {},
  ...over,
});

const failedRegression = { file: './scenarios/regressions/b.yaml', line: 7, column: 3, expected: 'n2', found: 'n1' };
const none: ReadonlyMap<string, string> = new Map();
const shape = shapeOf({ width: 80, paint: paintWith(false) });
const telling = {
  folderOf: (name: string) => `reports/${name}`,
  program: 'node bin/raft-sim.js',
  speed: { millis: 2000, searchMillis: 1000, runsNow: 50 },
  signal: undefined,
  isQuiet: false,
  areRegressionsPrinted: false,
};
const text = (of: CampaignReport, more: Partial<typeof telling> = {}): string =>
  fuzzLines(of, { ...telling, ...more }, shape).join('\n');

describe('the exit code is that of the gravest', () => {
  const worker = group({ kind: 'worker', property: 'worker' });
  const liveness = group({ property: 'bounded-liveness' });
  const safety = group();
  const difference = group({ kind: 'difference', property: 'determinism' });
  const exception = group({ kind: 'exception', property: 'TypeError' });
  it.each([
    [0, []],
    [3, [worker]],
    [4, [worker, liveness]],
    [1, [worker, liveness, safety]],
    [5, [worker, liveness, safety, difference]],
    [70, [worker, liveness, safety, difference, exception]],
  ])('%i', (code, groups) => {
    expect(exitCodeOfReport(report({ groups }))).toBe(code);
    expect(exitCodeOfReport(report({ groups: groups.toReversed() }))).toBe(code);
  });

  it('a failed regression is a failure, a missing shard is never green', () => {
    const regressions = { played: 1, failed: [failedRegression] };
    expect(exitCodeOfReport(report({ regressions, groups: [worker] }))).toBe(1);
    expect(exitCodeOfReport(report({ regressions, groups: [exception] }))).toBe(70);
    expect(exitCodeOfReport(report({ missing: ['2/3'] }))).toBe(2);
    expect(exitCodeOfReport(report({ missing: ['2/3'], groups: [worker] }))).toBe(3);
  });
});

describe('Markdown', () => {
  it('stays within what GitHub takes, whole groups only', () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      group({ name: `vote-once-${i}`, smallest: shrunk(`name: ${'ä'.repeat(20_000)}`) }),
    );
    const told = campaignMarkdown(report({ groups: many, notShrunk: { 'vote-once': 7 } }), none);
    expect(Buffer.byteLength(told)).toBeLessThan(1024 * 1024);
    expect(Buffer.byteLength(told)).toBeGreaterThan(500_000);
    expect(told.match(/^```/gm)?.length).toBe(4 * (told.match(/^## /gm)?.length ?? 0));
    expect(told).toContain('There is no room for the other ways to fail here');
    expect(told).toContain('7 more findings of vote-once were not shrunk.');
  });

  it(seeded('keeps texts apart from its own marks'), () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (odd) => {
        const told = campaignMarkdown(report({ groups: [group({ why: odd, smallest: shrunk(odd) })] }), none);
        expect(told.split('\n').filter((line) => line.startsWith('## '))).toHaveLength(
          1 + odd.split('\n').filter((line) => line.startsWith('## ')).length,
        );
      }),
      runs(200),
    );
    const told = campaignMarkdown(
      report({ groups: [group({ why: 'a | b <img> `c`\n# d', smallest: shrunk('```\n') })] }),
      none,
    );
    expect(told).toContain('a \\| b \\<img\\> \\`c\\` \\# d\n');
    expect(told).toContain('````yaml\n```\n````\n');
  });

  it('tells what is missing and what was not run', () => {
    const told = campaignMarkdown(report({ missing: ['2/3'], isPartial: true }), none);
    expect(told).toContain('**Shards are missing:** 2/3.');
    expect(told).toContain('Not all of these seeds were run.');
    expect(told).toContain('Goals that no run reached: `crash-in-step`.');
  });
});

describe('annotations', () => {
  it('are ten at most, the rest is counted', () => {
    const groups = Array.from({ length: 14 }, (_, i) => group({ name: `vote-once-${i}` }));
    const regressions = { played: 3, failed: [failedRegression] };
    const lines = campaignGithub(report({ groups, regressions })).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines[0]).toBe(
      '::error file=scenarios/regressions/b.yaml,line=7,col=3,title=a regression::expected n2, found n1',
    );
    expect(lines.at(-1)).toBe('::notice::and 5 more, which the log tells');
  });

  it(seeded('never break a line'), () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (odd) => {
        const told = campaignGithub(report({ groups: [group({ why: odd, name: odd })] }));
        expect(told).toMatch(/^::error title=[^\r\n,:]*::[^\r\n]*\n$/);
      }),
      runs(200),
    );
    expect(campaignGithub(report({ groups: [group({ why: 'x'.repeat(100_000) })] })).length).toBeLessThan(5000);
    expect(campaignGithub(report({ missing: ['2/3'] }))).toBe('::warning::shards are missing: 2/3\n');
  });
});

describe('JUnit', () => {
  it('has a case for each way to fail, each failed regression, each missing shard', () => {
    const regressions = { played: 3, failed: [failedRegression] };
    const told = campaignJunit(
      report({ groups: [group({ smallest: shrunk('a: <&>') })], regressions, missing: ['2/3'] }),
    );
    expect(told).toContain('<testsuite name="seeds 1..100" tests="4" failures="2" errors="1">');
    expect(told.match(/<testcase /g)).toHaveLength(4);
    expect(told).toContain('a: &lt;&amp;&gt;</failure>');
    expect(told).toContain('<error type="missing" message="shard 2/3 is missing"></error>');
  });

  it('has one case that passed for a green campaign', () => {
    expect(campaignJunit(report())).toContain('<testcase name="every promise, 100 seeds" classname="raft-sim"/>');
  });
});

describe('JSON', () => {
  it('is the report, with a schema and the number of findings', () => {
    const of = report({ groups: [group({ seeds: ['7', '9'] })], notShrunk: { 'vote-once': 3 } });
    expect(findingsOf(of)).toBe(5);
    expect(campaignJson(of, '1.2.3')).toMatchObject({
      schema: 'raft-sim/campaign-report@1',
      version: '1.2.3',
      findings: 5,
    });
  });
});

describe('text', () => {
  it('a good end, an interrupted one, one that lacks shards, none at all', () => {
    expect(text(report())).toMatch(/\n✓ every promise kept by 100 seeds$/);
    expect(text(report(), { isQuiet: true })).toBe('✓ every promise kept by 100 seeds');
    expect(fuzzLines(report({ isPartial: true }), { ...telling, signal: 'SIGINT', isQuiet: true }, shape)).toEqual([
      '? every promise kept by 100 seeds, interrupted; not all of 1..100 were run',
    ]);
    expect(text(report({ missing: ['2/3'] }), { isQuiet: true })).toBe(
      '✗ missing: 2/3\n? every promise kept by 100 seeds',
    );
    const empty = report({ figures: { ...report().figures, runs: 0 } });
    expect(text(empty, { isQuiet: true })).toBe('? no seed was run');
  });

  it('what was found, in words that can be typed again', () => {
    const told = text(report({ groups: [group({ smallest: shrunk('name: x\n') })], notShrunk: { 'vote-once': 3 } }));
    expect(told).toContain(
      '\n  replay      node bin/raft-sim.js scenario run reports/vote-once-1a2b3c4d/replay.yaml --show\n',
    );
    expect(told).toContain('\n  repeat      node bin/raft-sim.js fuzz --seeds 7\n');
    expect(told).toContain('\n  also        3 more findings of vote-once, not shrunk: the first of a property\n');
    expect(told).toMatch(/\n✗ 4 of 100 seeds failed, in 1 way$/);
    expect(told).toContain('2.00 s, 50 seeds a second');
  });

  it('a seed that failed in two ways once', () => {
    const groups = [group({ seeds: ['7', '9'] }), group({ name: 'vote-once-0', seeds: ['9'] })];
    expect(findingsOf(report({ groups }))).toBe(3);
    expect(text(report({ groups }))).toMatch(/\n✗ 2 of 100 seeds failed, in 2 ways$/);
  });

  it('how servers stood, and how none ever did', () => {
    const lines = text(report()).replace(/\n +/g, ' ');
    expect(lines).toContain(
      'stances     1 of 2 ways for a server to stand; not: candidate, a term behind, another log',
    );
    expect(campaignMarkdown(report(), none)).toContain(
      '\n1 of 2 stances of a server were seen; never: candidate, a term behind, another log.\n',
    );
    const figures = { ...report().figures, stances: { 'leader, newest term, best log': 100 } };
    expect(text(report({ figures }))).toContain('stances     1 of 1 ways for a server to stand\n');
    expect(campaignMarkdown(report({ figures }), none)).not.toContain('stances');
  });

  it('regressions', () => {
    const regressions = { played: 3, failed: [failedRegression] };
    expect(regressionLines(report({ regressions }), true, shape)).toContain('✗ 3 regressions, 1 failed');
    const good = report({ regressions: { played: 3, failed: [] } });
    expect(regressionLines(good, false, shape)).toEqual(['✓ 3 regressions, all passed']);
    expect(regressionLines(good, true, shape)).toEqual([]);
  });

  it('where it stands: what is left is the sooner of both ends', () => {
    const standing = {
      runs: 1500,
      runsNow: 500,
      stepsNow: 1_000_000,
      situations: 51_234_567,
      failures: 1,
      millis: 2000,
      budget: 60_000,
      seedsNow: 1000,
      toShrink: undefined,
    };
    expect(standingLine(standing)).toBe(
      '1 500 seeds · 250 seeds/s · 500 000 steps/s · about 51 200 000 situations · 1 finding · 2.00 s left',
    );
    expect(standingLine({ ...standing, seedsNow: undefined })).toMatch(/ · 58\.0 s left$/);
    expect(standingLine({ ...standing, seedsNow: undefined, budget: undefined })).toMatch(/ · 1 finding$/);
    expect(standingLine({ ...standing, budget: 1999 })).toMatch(/ · 1 finding · the last seeds$/);
    expect(standingLine({ ...standing, toShrink: 2 })).toMatch(/ · shrinking, 2 to go$/);
    expect(standingLine({ ...standing, runs: 1, runsNow: 0, stepsNow: 0, millis: 0 })).toMatch(/^1 seed · 0 seeds\/s/);
  });
});
