// `raft-sim fuzz`, the real program: what it finds, what it leaves, and that workers, shards and nights change nothing.
//
// Reports are compared byte by byte. The seeds are few and fixed: what they find is the same on every machine.

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawPlan, planWords } from '../../src/campaign/swarm.ts';
import { filesIn, freshFolder, hasScript, raftSim, underTerminal, words, type Ended } from './binary.ts';

/** A bug whose failures are shrunk within a moment, and one that breaks several promises. */
const BUG = '--variant vote-not-persisted-before-reply --nodes 3';
const MANY = '--variant append-skips-prev-check --no-shrink';
const REPORTERS =
  '--reporter text --reporter json=report.json --reporter markdown=report.md --reporter junit=report.xml';
const COMPARED = ['report.json', 'report.md', 'report.xml'] as const;
const root = fileURLToPath(new URL('../..', import.meta.url));

const textOf = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');
const run = (line: string, cwd: string, env: Record<string, string> = {}): Promise<Ended> =>
  raftSim(words(line), { cwd, env });
const preload = (code: string): readonly string[] => ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
const built = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href;

/** The campaign that all others are compared with: one worker, one machine, one night. */
let whole: string;
let told: Ended;
let groups: readonly string[];
beforeAll(async () => {
  whole = freshFolder();
  told = await run(`fuzz --seeds 1..70 ${BUG} --workers 1 ${REPORTERS}`, whole);
  groups = filesIn(join(whole, 'reports')).filter((name) => name !== 'campaign.json');
});

function expectSameReports(folder: string): void {
  for (const file of COMPARED) expect(textOf(folder, file), file).toBe(textOf(whole, file));
}

describe('--dry-run', () => {
  it('tells what each seed draws, and neither runs nor writes anything', async () => {
    const folder = freshFolder();
    const { code, out, err } = await run('fuzz --seeds 1..40 --nodes 3..4 --dry-run', folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(40);
    lines.forEach((line, i) =>
      expect(line).toMatch(
        new RegExp(
          `^seed ${i + 1}, [34] nodes, (?:\\d of them spare, )?\\w+, \\d+(?:s| steps), .*election-timeout-min `,
        ),
      ),
    );
    expect(filesIn(folder)).toEqual([]);
  });

  it('tells those of a shard, and ten of a range without an end', async () => {
    const { out } = await run('fuzz --seeds 1.. --shard 2/3 --dry-run', freshFolder());
    const seeds = Array.from(out.matchAll(/^seed (\d+),/gm), ([, seed]) => Number(seed));
    expect(seeds).toEqual(Array.from({ length: 10 }, (_, i) => 33 + i));
  });

  it('draws what the run of the seed then has', async () => {
    const { out } = await run('fuzz --seeds 5 --dry-run', freshFolder());
    expect(out).toBe(`${planWords(drawPlan('5'))}\n`);
  });
});

describe('a campaign that finds something', () => {
  it('tells what, how often, and how to see it again; 1', () => {
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out).toMatch(
      /^raft-sim fuzz · seeds 1\.\.70 · variant vote-not-persisted-before-reply · nodes 3\.\.3 · 1 worker\n/,
    );
    expect(told.out).toMatch(/\n✗ durability-honesty broken\n {2}found +n\d /);
    expect(told.out).toMatch(
      /\n {2}replay +raft-sim scenario run reports\/durability-honesty-[0-9a-f]{8}\/replay.yaml/,
    );
    expect(told.out).toMatch(
      /\n {2}repeat +raft-sim fuzz --seeds \d+ --variant vote-not-persisted-before-reply --nodes 3\.\.3 --reports seed-\d+ --force\n/,
    );
    expect(told.out).toMatch(/\n {2}drawn +seed \d+, 3 nodes, (timed|walk|pct|delay), \d+( steps|s)\n/);
    expect(told.out).toMatch(/\n✗ \d+ of 70 seeds failed, in \d+ ways?\n$/);
  });

  it('leaves a folder for each way to fail, with a replay that passes and a trace that replays', async () => {
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups) {
      expect(group).toMatch(/^[a-z-]+-[0-9a-f]{8}$/);
      const folder = join(whole, 'reports', group);
      expect(filesIn(folder)).toEqual(['original.yaml', 'replay.yaml', 'report.html', 'summary.md', 'trace.ndjson']);
      expect(textOf(folder, 'summary.md')).toMatch(
        /^# [^]*```mermaid\nsequenceDiagram\n[^]*\n```\n[^]*```yaml\nname: /,
      );
    }
    const [group = ''] = groups;
    const played = await run(`scenario run reports/${group}/replay.yaml reports/${group}/original.yaml`, whole);
    expect(played.code).toBe(0);
    const replayed = await run(`replay reports/${group}/trace.ndjson --json`, whole);
    expect(JSON.parse(replayed.out)).toMatchObject({ outcome: 'reproduced', intact: true });
  });

  it.concurrent('repeats it with the command that it tells', async () => {
    const [, command = ''] = /\n {2}repeat +raft-sim (.*)\n/.exec(told.out) ?? [];
    const again = await run(`${command} --no-shrink --json`, freshFolder());
    expect(again.code).toBe(1);
    expect(JSON.parse(again.out)).toMatchObject({ findings: 1, groups: [{ property: 'durability-honesty' }] });
  });

  it.concurrent('ends early where it is told to, after a whole batch', async () => {
    const ended = await run(`fuzz --seeds 1..1000 ${BUG} --stop-on-first --no-shrink --json`, freshFolder());
    expect(JSON.parse(ended.out)).toMatchObject({ isPartial: true, figures: { runs: 32 } });
    const more = await run(`fuzz --seeds 1..1000 ${BUG} --max-failures 40 --no-shrink --quiet`, freshFolder());
    expect(more.out).toMatch(/✗ \d+ of (64|96) seeds failed, in \d ways?; not all of 1\.\.1000 were run\n$/);
  });
});

describe('the same report, byte by byte', () => {
  it.concurrent('of two workers', async () => {
    const folder = freshFolder();
    expect(await run(`fuzz --seeds 1..70 ${BUG} --workers 2 ${REPORTERS}`, folder)).toMatchObject({ code: 1 });
    expectSameReports(folder);
    expect(textOf(folder, 'reports/campaign.json')).toBe(textOf(whole, 'reports/campaign.json'));
    for (const group of groups) {
      for (const file of filesIn(join(whole, 'reports', group))) {
        expect(textOf(folder, `reports/${group}/${file}`)).toBe(textOf(whole, `reports/${group}/${file}`));
      }
    }
  });

  it.concurrent('of shards and one machine, where nothing is shrunk and several promises are broken', async () => {
    const folder = freshFolder();
    const line = `fuzz --seeds 5..70 ${MANY} --quiet`;
    await Promise.all([
      run(`${line} --reports all --reporter json=all.json`, folder),
      run(`${line} --reports shards/1 --shard 1/2`, folder),
      run(`${line} --reports shards/2 --shard 2/2`, folder),
    ]);
    const merged = await run('merge-reports shards --json', folder);
    expect(merged.out).toBe(textOf(folder, 'all.json'));
    const { groups: found, notShrunk } = JSON.parse(merged.out) as {
      groups: { property: string }[];
      notShrunk: object;
    };
    expect(new Set(found.map(({ property }) => property)).size).toBeGreaterThan(2);
    expect(Object.keys(notShrunk).length).toBeGreaterThan(1);
  });

  it.concurrent('of three shards, and of one, merged', async () => {
    const folder = freshFolder();
    const parts = ['1', '2', '3'].map((shard) => {
      const env = { JOB_COMPLETION_INDEX: String(Number(shard) - 1), RAFT_SIM_SHARDS: '3' };
      return run(`fuzz --seeds 1..70 ${BUG} --shard auto --reports shards/${shard} --quiet`, folder, env);
    });
    expect((await Promise.all(parts)).map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(await run(`merge-reports shards ${REPORTERS}`, folder)).toMatchObject({ code: 1, err: '' });
    expectSameReports(folder);
    expect(filesIn(join(folder, 'reports'))).toEqual(groups);
    const single = freshFolder();
    const line = `merge-reports ${join(whole, 'reports')} ${REPORTERS}`;
    expect(await run(line, single)).toMatchObject({ code: 1, err: '' });
    expectSameReports(single);
  });

  it.concurrent('of two nights, the first one ending within a batch', async () => {
    const folder = freshFolder();
    expect(await run(`fuzz --seeds 1..41 ${BUG} --no-shrink --quiet`, folder)).toMatchObject({ code: 1 });
    const first = filesIn(join(folder, 'reports'));
    expect([...groups, 'campaign.json']).toEqual(expect.arrayContaining(first));
    const second = await run(`fuzz --seeds 1..70 ${BUG} --resume ${REPORTERS}`, folder);
    expect(second.out).toMatch(/^raft-sim fuzz · seeds 1\.\.70 · going on behind 41 seeds · /);
    expectSameReports(folder);
    expect(filesIn(join(folder, 'reports'))).toEqual([...groups, 'campaign.json'].toSorted());
    const third = await run(`fuzz --resume ${BUG} ${REPORTERS}`, folder);
    expect(third.out).toMatch(/real time +\d\.\d\d s, 0 seeds a second/);
    expectSameReports(folder);
  });
});

describe('a campaign without findings', () => {
  it.concurrent('leaves its statistics and nothing else, also when it goes on', async () => {
    const folder = freshFolder();
    const first = await run('fuzz --seeds 1..96', folder);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/\n {2}twice +\d+ runs? made twice\n/);
    expect(first.out).toMatch(/\n✓ every promise kept by 96 seeds\n$/);
    const second = await run('fuzz --seeds 1..128 --resume --json', folder);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({ findings: 0, isPartial: false, figures: { runs: 128 } });
    expect(filesIn(folder)).toEqual(['reports']);
    expect(filesIn(join(folder, 'reports'))).toEqual(['campaign.json']);
  });

  it.concurrent('runs from a fresh seed until the time is over', async () => {
    // Each look at the clock takes 20 ms: it has begun before the time is over, wherever it runs.
    const node = preload(`
      const { isMainThread } = await import('node:worker_threads');
      let now = 0;
      if (isMainThread) performance.now = () => (now += 20);
    `);
    const line = 'fuzz --time-budget 1s --json --check-determinism 100%';
    const ended = await raftSim(words(line), { cwd: freshFolder(), node });
    expect(ended.code).toBe(0);
    const { seeds, isPartial, figures } = JSON.parse(ended.out) as {
      seeds: string;
      isPartial: boolean;
      figures: { runs: number; madeTwice: number };
    };
    expect(seeds).toMatch(/^\d+\.\.$/);
    expect(isPartial).toBe(false);
    expect(figures.runs).toBeGreaterThan(0);
    expect(figures.madeTwice).toBe(figures.runs);
  });

  it.concurrent('begins no seed after its time, also within a batch, and goes on from there', async () => {
    const cwd = freshFolder();
    const runsOf = ({ out }: Ended): number => (JSON.parse(out) as { figures: { runs: number } }).figures.runs;
    const first = await run('fuzz --seeds 1..3 --time-budget 1us --workers 1 --json', cwd);
    expect([first.code, runsOf(first)]).toEqual([0, 1]);
    const all = await run('fuzz --resume --workers 1 --json', cwd);
    expect(runsOf(all)).toBe(3);
    const undisturbed = await run('fuzz --seeds 1..3 --json', freshFolder());
    expect(all.out).toBe(undisturbed.out);
  });

  it.concurrent('runs the seeds of a list, and no others', async () => {
    const cwd = freshFolder();
    const listed = await run('fuzz --seeds 9,2,40 --json', cwd);
    expect(JSON.parse(listed.out)).toMatchObject({ seeds: '2,9,40', isPartial: false, figures: { runs: 3 } });
    const same = await run('fuzz --resume --seeds 2,9,40 --json', cwd);
    expect(same.out).toBe(listed.out);
    const other = await run('fuzz --resume --seeds 2,9', cwd);
    expect(other.err).toContain('but the seeds there: 2,9,40, here: 2,9; expected the same');
  });

  it.concurrent('a shard without seeds is no failure, and no promise either', async () => {
    const ended = await run('fuzz --seeds 1..20 --shard 3/16 --quiet', freshFolder());
    expect(ended).toMatchObject({ code: 0, out: '? no seed was run\n', err: '' });
  });

  it.skipIf(!hasScript)('a terminal shows where it stands', async () => {
    const until =
      /[\d ]+ seeds? · [\d ]+ seeds\/s · [\d ]+ steps\/s · (about )?[\d ]+ situations · 0 findings · [\d.]+ m?s left/;
    const ended = await underTerminal('fuzz --time-budget 50s --seeds 1..1000000', 120, { until });
    expect(ended.out).toMatch(until);
    expect(ended.code).toBe(130);
  });
});

describe('a campaign whose own machinery fails', () => {
  it.concurrent('a worker that dies is a finding with its seed, and the others are run; 3', async () => {
    const folder = freshFolder();
    const code = `
      const { isMainThread } = await import('node:worker_threads');
      const { Random } = await import('${built('base/random.js')}');
      const { fromSeed } = Random;
      Random.fromSeed = (seed) => {
        if (!isMainThread && seed === '7') process.exit(9);
        if (!isMainThread && seed === '35') { const held = []; for (;;) held.push(new Array(1e6).fill(seed)); }
        return fromSeed.call(Random, seed);
      };`;
    const ended = await raftSim(words('fuzz --seeds 1..64 --json'), {
      cwd: folder,
      node: [...preload(code), '--max-old-space-size=120'],
    });
    expect(ended.code).toBe(3);
    const report = JSON.parse(ended.out) as {
      findings: number;
      figures: { runs: number };
      groups: { seeds: string[] }[];
    };
    expect(report).toMatchObject({ findings: 2, figures: { runs: 62 } });
    expect(ended.out).toContain('it ended with exit code 9');
    expect(ended.out).toContain('memory');
    expect(report.groups.flatMap(({ seeds }) => seeds).toSorted()).toEqual(['35', '7']);
    const summaries = filesIn(join(folder, 'reports')).filter((name) => name.startsWith('worker-'));
    expect(summaries).toHaveLength(2);
    expect(filesIn(join(folder, 'reports', summaries[0] ?? ''))).toEqual(['summary.md']);
  });

  it.concurrent('workers that cannot begin are a defect, told once; 70', async () => {
    const code = `
      const { isMainThread } = await import('node:worker_threads');
      if (!isMainThread) throw new Error('planted');`;
    const ended = await raftSim(words('fuzz --seeds 1..64 --quiet'), { node: preload(code) });
    expect(ended.code).toBe(70);
    expect(ended.err).toMatch(/a worker ended before its first seed: planted/);
  });

  it.concurrent('two runs of one plan that differ; 5', async () => {
    const code = `
      const { Fingerprint } = await import('${built('base/fingerprint.js')}');
      const { fold } = Fingerprint.prototype;
      let calls = 0;
      Fingerprint.prototype.fold = function (a, b) { fold.call(this, ++calls === 20 ? a + 1 : a, b); };`;
    const line = 'fuzz --seeds 1..3 --check-determinism 100% --workers 1 --json';
    const ended = await raftSim(words(line), { node: preload(code) });
    expect(ended.code).toBe(5);
    expect(JSON.parse(ended.out)).toMatchObject({ findings: 1, groups: [{ kind: 'difference', seeds: ['1'] }] });
  });

  it.concurrent('runs that throw are told as a defect with their seeds; 70', async () => {
    const code = `
      const { World } = await import('${built('sim/world.js')}');
      World.prototype.next = () => { throw new TypeError('planted'); };`;
    const ended = await raftSim(words('fuzz --seeds 1..5 --json'), { node: preload(code) });
    expect(ended.code).toBe(70);
    const group = { kind: 'exception', property: 'TypeError', why: 'planted', seeds: ['1', '2', '3', '4', '5'] };
    expect(JSON.parse(ended.out)).toMatchObject({ findings: 5, groups: [group] });
  });
});

describe('reporters', () => {
  it.concurrent('annotations and the summary of the step, behind what stands there', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'step.md'), 'before\n');
    const ended = await run(`fuzz --seeds 1..3 ${BUG} --reporter github`, folder, { GITHUB_STEP_SUMMARY: 'step.md' });
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/^::error title=durability-honesty-[0-9a-f]{8}::n\d .*%0Aseeds .*%0Araft-sim fuzz /);
    expect(textOf(folder, 'step.md')).toMatch(/^before\n# raft-sim fuzz, seeds 1\.\.3\n/);
  });

  it.concurrent('text is printed as well where all else goes to files', async () => {
    const folder = freshFolder();
    const ended = await run('fuzz --seeds 1..3 --reporter junit=j.xml', folder);
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/^raft-sim fuzz · seeds 1\.\.3 [^]*✓ /);
    const merged = await run('merge-reports reports --reporter markdown=m.md', folder);
    expect(merged.code).toBe(0);
    expect(merged.out).toContain('✓ ');
    expect(textOf(folder, 'm.md')).toMatch(/^# raft-sim fuzz, seeds 1\.\.3\n/);
  });

  it.concurrent('a summary that cannot be written is told and hides nothing', async () => {
    const env = { GITHUB_STEP_SUMMARY: 'missing/step.md' };
    const ended = await run('fuzz --seeds 1..3 --json', freshFolder(), env);
    expect(ended.code).toBe(2);
    expect(ended.err).toBe('raft-sim: cannot write missing/step.md: there is no such file or folder\n');
    expect(JSON.parse(ended.out)).toMatchObject({ findings: 0 });
  });

  it('one document on standard output is a whole one, and XML is well-formed enough to count', () => {
    const json = JSON.parse(textOf(whole, 'report.json')) as { findings: number; groups: unknown[] };
    expect(json.groups).toHaveLength(groups.length);
    const xml = textOf(whole, 'report.xml');
    expect(xml.match(/<failure /g)).toHaveLength(groups.length);
    expect(textOf(whole, 'report.md')).toContain('```mermaid\n');
  });
});

describe('the regressions', () => {
  const planted = (): string => {
    const folder = freshFolder();
    const place = join(folder, 'scenarios/regressions');
    mkdirSync(place, { recursive: true });
    copyFileSync(join(root, 'scenarios/paper/votes-of-an-old-term.yaml'), join(place, 'a.yaml'));
    return folder;
  };
  const failing = (folder: string): void =>
    writeFileSync(
      join(folder, 'scenarios/regressions/b.yaml'),
      'name: b\nwhy: a leader that nobody elected\ncluster: { nodes: 3 }\nsteps:\n  - timeout: n1\nexpect:\n  leader: n2\n',
    );

  it.concurrent('are run first by every campaign, and alone with --replay-corpus', async () => {
    const folder = planted();
    const good = await run('fuzz --seeds 1..3', folder);
    expect(good.code).toBe(0);
    expect(good.out).toMatch(/^✓ 1 regression, all passed\nraft-sim fuzz · /);
    failing(folder);
    const bad = await run('fuzz --seeds 1..3 --force --json', folder);
    expect(bad.code).toBe(1);
    const failed = [{ file: 'scenarios/regressions/b.yaml', line: 7, expected: 'n2 leads' }];
    expect(JSON.parse(bad.out)).toMatchObject({ findings: 0, regressions: { played: 2, failed } });
    const alone = await run('fuzz --replay-corpus --reports alone', folder);
    expect(alone.code).toBe(1);
    expect(alone.out).toMatch(
      /^✗ scenarios\/regressions\/b\.yaml:7:\d+\n {2}expected +n2[^]*\n✗ 2 regressions, 1 failed\n$/,
    );
    expect(existsSync(join(folder, 'alone'))).toBe(false);
    const github = await run('fuzz --replay-corpus --reporter github', folder);
    expect(github.out).toMatch(
      /^::error file=scenarios\/regressions\/b\.yaml,line=7,col=\d+,title=a regression::expected n2/,
    );
  });

  it.concurrent('need not be there, but for a corpus that is asked for', async () => {
    const ended = await run('fuzz --replay-corpus', freshFolder());
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toBe(
      'raft-sim: --replay-corpus finds no scenario in scenarios/regressions, expected at least one .yaml file there\n',
    );
  });
});
