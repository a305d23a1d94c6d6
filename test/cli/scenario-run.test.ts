// `raft-sim scenario run` on the real binary: every flag, every exit code, and the page that a failure makes.
//
// Only the last line may tell real time; everything else is the same from run to run and from machine to machine.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { filesIn, freshFolder, raftSim, words, type Ended } from './binary.ts';
import { folderWith, stories } from './scenario-stories.ts';

/** Plays what the words say in a folder. */
const play = (line: string, cwd: string, input = ''): Promise<Ended> =>
  raftSim(['scenario', 'run', ...words(line)], { cwd, input });

/** Without what depends on the machine. */
const timeless = (text: string): string =>
  text
    .replace(/ · [^·\n]* real$/m, '')
    .replace(/"realMillis":\d+/g, '"realMillis":0')
    .replace(/ time="[\d.]+"/g, '');

const FAILED = `✗ fails                     0.0s virtual · 3 peers · 8 messages · 368 B · 1 committed

  fails.yaml:6:36: expect: logs: n2
    - expect: { term: 1, logs: { n2: 1 1 } }
                                     ^
  expected  n2 log 1 1
  found     n2 log 1

  the last steps
  #7      00:00.000000  n2@1     ▼ durable                  disk term 1 log 0   → n1 RequestVoteReply granted
  #8      00:00.000000  n3@0     ← n1@1 RequestVote         last 0@0   ⇒ term 1, vote n1, persist
  #9      00:00.000000  n3@1     ▼ durable                  disk term 1 log 0   → n1 RequestVoteReply granted
  #10     00:00.000000  n1@1     ← n2@1 RequestVoteReply    granted   ⇒ leader of term 1, log 1@1, persist   → \
n2 n3 AppendEntries [1]
  #11     00:00.000000  n1@1     ▼ durable                  disk term 1 log 1
  #12     00:00.000000  n1@1     ← n3@1 RequestVoteReply    granted
  #13     00:00.000000  n2@1     ← n1@1 AppendEntries       prev 0@0 [1@1 no-op] commit 0   ⇒ follows n1, log 1@1, \
persist
  #14     00:00.000000  n2@1     ▼ durable                  disk term 1 log 1   → n1 AppendEntriesReply prev 0 match 1
  #15     00:00.000000  n3@1     ← n1@1 AppendEntries       prev 0@0 [1@1 no-op] commit 0   ⇒ follows n1, log 1@1, \
persist
  #16     00:00.000000  n3@1     ▼ durable                  disk term 1 log 1   → n1 AppendEntriesReply prev 0 match 1
  #17     00:00.000000  n1@1     ← n2@1 AppendEntriesReply  prev 0 match 1   ⇒ commit 1
  #18     00:00.000000  n1@1     ← n3@1 AppendEntriesReply  prev 0 match 1

  the servers
  node  role      term  vote  commit  log  disk
  n1    leader    1     n1    1       1@1  1@1
  n2    follower  1     n1    0       1@1  1@1
  n3    follower  1     n1    0       1@1  1@1

  repeat    raft-sim scenario run fails.yaml
            (--show tells every step, --trace FILE keeps them)

✗ 1 failed, 0 passed · 0.0s virtual
`;

describe('what is told', () => {
  it.concurrent('of a scenario that passes: its figures on one line, and the end', async () => {
    const told = await play('passes.yaml', folderWith('passes'));
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/ · [\d.]+ s real\n$/);
    expect(timeless(told.out)).toBe(
      '✓ passes                    0.0s virtual · 3 peers · 8 messages · 368 B · 1 committed\n\n' +
        '✓ 1 passed · 0.0s virtual\n',
    );
  });

  it.concurrent('of an expectation that is not met', async () => {
    const told = await play('fails.yaml', folderWith('fails'));
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(timeless(told.out)).toBe(FAILED);
  });

  it.concurrent('of a broken promise: its recipe', async () => {
    const told = await play('breaks.yaml', folderWith('breaks'));
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out).toMatch(
      /^ {2}breaks\.yaml:11:5: leader-completeness is broken\n {4}- exchange: \[n2, n3\]\n {6}\^\n {2}promised {2}/m,
    );
    expect(told.out).toMatch(/^ {2}found {5}n3 leads term 3 .*\n(?: {12}.*\n)* {2}at {8}step \d+, 00:00\.000000\n/m);
    expect(told.out.match(/^ {2}#\d+ /gm)).toHaveLength(12);
  });

  it.concurrent('of steps that could not be taken', async () => {
    const told = await play('skips.yaml', folderWith('skips'));
    expect(told.code).toBe(0);
    expect(told.out).toContain(
      '  skipped: skips.yaml:6:10 n2 is down (2 times)\n  skipped: skips.yaml:7:5 n1 is not paused\n',
    );
  });

  it.concurrent('of a failure behind a step that could not be taken, also with --quiet', async () => {
    const story = `${stories.skips}  - timeout: n1\nexpect: { term: 2 }\n`;
    const line = 'b.yaml:6:10 n2 is down (2 times)';
    const cwd = folderWith(['b.yaml', story]);
    const [quiet, junit, github] = await Promise.all(
      ['--quiet', '--reporter junit', '--reporter github'].map((flags) => play(`b.yaml ${flags}`, cwd)),
    );
    expect(quiet?.out).toContain(`  skipped: ${line}\n`);
    expect(junit?.out).toContain(`\nskipped   ${line}\n`);
    expect(junit?.out).toContain('\nthe servers\n  node  role       term  vote');
    expect(github?.out).toContain(`%0Askipped   ${line}%0A`);
  });

  it.concurrent('of several folders: each under its heading, files before the folders beside them', async () => {
    const { passes } = stories;
    const cwd = folderWith(
      ['z.yaml', passes],
      ['b/2.yml', passes],
      ['b/1.yaml', passes],
      ['a/x.yaml', passes],
      ['a/.hidden.yaml', 'no: scenario'],
      ['a/notes.txt', 'no scenario'],
    );
    const told = await play('.', cwd);
    expect(told.code).toBe(0);
    const heads = told.out.split('\n').map((line) => line.replace(/ {2}.*/, ''));
    expect(heads.slice(0, -2)).toEqual(['.', '✓ z', '', 'a', '✓ x', '', 'b', '✓ 1', '✓ 2.yml', '']);
  });

  it.concurrent('with --quiet: only what did not pass, and the last line', async () => {
    const told = await play('. --quiet', folderWith('passes', 'fails'));
    expect(timeless(told.out)).toBe(`${FAILED.split('\n').slice(0, 7).join('\n')}
  repeat    raft-sim scenario run fails.yaml

✗ 1 failed, 1 passed · 0.0s virtual
`);
  });

  it.concurrent('at the end, where many passed: once more what did not', async () => {
    const many = Array.from({ length: 12 }, (_, i) => [`p${i}.yaml`, stories.passes] as const);
    const told = await play('.', folderWith('fails', ...many));
    expect(told.out).toMatch(/\n\n✗ fails\.yaml:6:36: expect: logs: n2\n\n✗ 1 failed, 12 passed · /);
  });
});

describe('what is played', () => {
  it.concurrent('the folder scenarios/ without arguments', async () => {
    const told = await play('', folderWith(['scenarios/one.yaml', stories.passes], 'fails'));
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/^✓ one /);
  });

  it.concurrent('standard input for -', async () => {
    const told = await play('-', freshFolder(), stories.fails);
    expect(told.code).toBe(1);
    expect(told.out).toContain('  standard input:6:36: expect: logs: n2\n');
    expect(told.out).toContain('  repeat    raft-sim scenario run -\n');
  });

  it.concurrent('each file once, however often it is named', async () => {
    const told = await play('passes.yaml ./passes.yaml .', folderWith('passes'));
    expect(told.out).toContain('✓ 1 passed');
  });

  it.concurrent('a file under a bug, and under none', async () => {
    const cwd = folderWith('breaks');
    const none = await play('breaks.yaml --variant none', cwd);
    expect(none.code).toBe(0);
    const other = await play('breaks.yaml --variant duplicate-votes-counted --json', cwd);
    expect(JSON.parse(other.out)).toMatchObject({ scenarios: [{ play: { variant: 'duplicate-votes-counted' } }] });
  });

  it.concurrent('with a seed of its own, and with the one that is asked for', async () => {
    const cwd = folderWith('maybe');
    const own = await play('maybe.yaml --json', cwd);
    expect(JSON.parse(own.out)).toMatchObject({ scenarios: [{ play: { seed: 'dice', plays: 1 } }] });
    const other = await play('maybe.yaml --seed 7 --json', cwd);
    expect(JSON.parse(other.out)).toMatchObject({
      scenarios: [{ play: { seed: '7', command: 'raft-sim scenario run maybe.yaml --seed 7' } }],
    });
  });

  it.concurrent('with several seeds: the first that fails, and the command that repeats it', async () => {
    const cwd = folderWith('maybe');
    const told = await play('maybe.yaml --repeat 50', cwd);
    expect(told.code).toBe(1);
    const [, seed = ''] = /^ {2}seed {6}(dice\/\d+), the first of \d+ that fails$/m.exec(told.out) ?? [];
    expect(told.out).toContain(`  repeat    raft-sim scenario run maybe.yaml --seed ${seed}\n`);
    const again = await play(`maybe.yaml --seed ${seed}`, cwd);
    expect(again.code).toBe(1);
    const steps = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('  #'));
    expect(steps(again.out)).toEqual(steps(told.out));
  });

  it.concurrent('once where nothing is random, without a word', async () => {
    const told = await play('. --repeat 3', folderWith('passes', 'shows'));
    expect(told.code).toBe(0);
    expect(told.out).not.toContain('seed');
    const random = await play('. --repeat 3', folderWith(['r.yaml', RANDOM]));
    expect(random.out).toMatch(/ committed · 3 seeds\n/);
  });

  it.concurrent('with another number of nodes where the file allows it', async () => {
    const cwd = folderWith('range', 'passes');
    expect((await play('range.yaml --nodes 7', cwd)).out).toContain(' · 7 peers · ');
    const fewer = await play('range.yaml --nodes 3', cwd);
    expect(fewer.code).toBe(2);
    expect(fewer.out).toContain('  range.yaml:5:14: there is no n5: the cluster has 3 nodes, n1 to n3\n');
    expect((await play('range.yaml --nodes 8', cwd)).out).toContain(
      '--nodes is 8, but range.yaml is written for 3 to 7 nodes',
    );
    expect((await play('passes.yaml --nodes 5', cwd)).out).toContain(
      '--nodes is 5, but passes.yaml is written for 3 nodes',
    );
  });

  it.concurrent('up to the first that does not pass with --bail, whatever the number of workers', async () => {
    const many = Array.from({ length: 9 }, (_, i) => [`z${i}.yaml`, stories.passes] as const);
    const cwd = folderWith('breaks', 'fails', ...many);
    const told = await play('. --bail --workers 1', cwd);
    expect(told.code).toBe(1);
    expect(told.out).toMatch(/\n✗ 1 failed, 0 passed, 10 not run · /);
    expect(timeless((await play('. --bail --workers 2', cwd)).out)).toBe(timeless(told.out));
  });
});

const RANDOM = `name: random
why: Time runs, so that another seed is another story.
steps:
  - until: { leader: any, within: 5s }
`;

describe('what is shown', () => {
  it.concurrent('where a story says so, if it is the only one', async () => {
    const cwd = folderWith('shows', 'passes');
    const told = await play('shows.yaml', cwd);
    expect(told.out).toMatch(/^ {2}show at shows\.yaml:6:5, after step 18, 00:00\.000000\n {2}node +role +term /);
    expect(told.out).toMatch(/^ {2}n1 +leader +1 /m);
    expect(told.out).toMatch(/^ {2}n2 +follower +1 /m);
    expect(told.out).not.toMatch(/^ {2}n3 /m);
    expect((await play('.', cwd)).out).not.toContain('show at');
    expect((await play('shows.yaml --quiet', cwd)).out).not.toContain('show at');
  });

  it.concurrent('every step with --show, also of several files, in their order', async () => {
    const cwd = folderWith('fails', 'shows');
    const told = await play('. --show --workers 2', cwd);
    expect(told.code).toBe(1);
    const marks = [...told.out.matchAll(/^(?: {2}(#\d+|show) |([✓✗]) \w+ )/gm)].map(([, step, mark]) => step ?? mark);
    const steps = Array.from({ length: 18 }, (_, i) => `#${i + 1}`);
    expect(marks).toEqual([...steps, '✗', ...steps, 'show', '✓', '✗']); // the last one sums up
    expect(timeless((await play('. --show --workers 1', cwd)).out)).toBe(timeless(told.out));
  });

  it.concurrent('a trace that replays, also from disks that were not empty', async () => {
    const cwd = folderWith('disks', 'breaks', 'liveness');
    for (const [name, code] of [
      ['disks', 0],
      ['breaks', 1],
      ['liveness', 4],
    ] as const) {
      const told = await play(`${name}.yaml --trace ${name}.ndjson --json`, cwd);
      expect(told.code).toBe(code);
      const replayed = await raftSim(words(`replay ${name}.ndjson --json`), { cwd });
      expect(replayed.code).toBe(code);
      const { scenarios } = JSON.parse(told.out) as { scenarios: [{ play: { fingerprint: string; steps: number } }] };
      const [{ play: facts }] = scenarios;
      expect(JSON.parse(replayed.out)).toMatchObject({
        intact: true,
        divergence: null,
        fingerprint: facts.fingerprint,
        steps: facts.steps,
      });
    }
  });
});

const place = { line: z.int().min(1), column: z.int().min(1) };
const DOCUMENT = z.strictObject({
  schema: z.literal('raft-sim/scenarios@1'),
  version: z.string(),
  outcome: z.enum(['passed', 'failed', 'mistake', 'defect', 'interrupted']),
  interrupted: z.boolean(),
  passed: z.int(),
  failed: z.int(),
  mistakes: z.int(),
  defects: z.int(),
  notRun: z.int(),
  virtualMicros: z.int(),
  realMillis: z.int(),
  scenarios: z.array(
    z.strictObject({
      file: z.string(),
      name: z.string().nullable(),
      outcome: z.enum(['passed', 'failed', 'mistake', 'defect', 'not run']),
      play: z
        .strictObject({
          seed: z.string(),
          nodes: z.int(),
          variant: z.string().nullable(),
          companions: z.array(z.string()),
          notApplicable: z.array(z.string()),
          plays: z.int(),
          steps: z.int(),
          fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
          virtualMicros: z.int(),
          virtualMicrosOfAll: z.int(),
          messages: z.int(),
          bytes: z.int(),
          entriesCommitted: z.int(),
          skipped: z.array(z.strictObject({ ...place, why: z.string(), times: z.int().min(1) })),
          command: z.string().startsWith('raft-sim scenario run '),
        })
        .nullable(),
      failure: z
        .strictObject({
          kind: z.enum(['expectation', 'promise', 'mistake']),
          ...place,
          what: z.string(),
          excerpt: z.array(z.string()),
          expected: z.string(),
          found: z.string(),
          promise: z.strictObject({ property: z.string(), why: z.string(), step: z.int(), at: z.int() }).nullable(),
          lastSteps: z.array(z.string()),
          servers: z.array(z.string()),
          nodes: z.array(z.looseObject({ node: z.string(), status: z.enum(['up', 'paused', 'down']) })).min(1),
        })
        .nullable(),
      mistakes: z
        .strictObject({
          lines: z.array(z.string()).min(1),
          inFile: z.array(z.strictObject({ ...place, message: z.string(), suggestion: z.string().nullable() })),
        })
        .nullable(),
      defect: z.strictObject({ message: z.string(), stack: z.string(), command: z.string() }).nullable(),
      realMillis: z.int(),
    }),
  ),
});

describe('reporters', () => {
  const all = ['passes', 'fails', 'breaks', 'liveness', 'nobody', 'skips', 'typo'] as const;

  it.concurrent('json: one document that holds its schema', async () => {
    const told = await play('. --json', folderWith(...all));
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out.split('\n')).toHaveLength(2);
    const document = DOCUMENT.parse(JSON.parse(told.out));
    expect(document).toMatchObject({ outcome: 'failed', passed: 2, failed: 3, mistakes: 2, defects: 0, notRun: 0 });
    expect(document.scenarios.map(({ file }) => file)).toEqual(all.map((name) => `${name}.yaml`).toSorted());
  });

  it.concurrent.each(['text', 'json', 'junit', 'github'])('%s: the same with one worker and with two', async (name) => {
    const cwd = folderWith(...all, 'maybe', 'range', 'disks', ['sub/one.yaml', stories.fails]);
    const [one, two] = await Promise.all(
      [1, 2].map((workers) => play(`. --reporter ${name} --workers ${workers} --repeat 3`, cwd)),
    );
    expect(timeless(one?.out ?? '')).toBe(timeless(two?.out ?? ''));
    expect(one).toMatchObject({ code: 1, err: '' });
  });

  it.concurrent('junit: every scenario, folder and run has its time', async () => {
    const { out } = await play('. --reporter junit', folderWith('passes', 'fails', ['sub/c.yaml', stories.passes]));
    const times = [...out.matchAll(/<(testsuites|testsuite|testcase) [^>]*\btime="(\d+\.\d{3})"/g)];
    const timed = (wanted: string): number => times.filter(([, element]) => element === wanted).length;
    expect(['testcase', 'testsuite', 'testsuites'].map(timed)).toEqual([3, 2, 1]);
    for (const [, element, time] of times) if (element === 'testcase') expect(Number(time)).toBeGreaterThan(0);
  });

  it.concurrent('several at once, each but one to a file', async () => {
    const cwd = folderWith('passes', 'fails');
    const told = await play('. --reporter junit=out/j.xml --reporter json=out/j.json --reporter text', cwd);
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out).toMatch(/^✗ fails /);
    expect(filesIn(join(cwd, 'out'))).toEqual(['j.json', 'j.xml']);
    DOCUMENT.parse(JSON.parse(readFileSync(join(cwd, 'out/j.json'), 'utf8')));
    expect(readFileSync(join(cwd, 'out/j.xml'), 'utf8')).toMatch(/<testsuites name="raft-sim" tests="2" failures="1"/);
  });

  it.concurrent('text to a file: what would have been printed', async () => {
    const cwd = folderWith('passes', 'fails');
    const told = await play('. --reporter text=page.txt', cwd);
    expect(told).toMatchObject({ code: 1, out: '', err: '' });
    expect(timeless(readFileSync(join(cwd, 'page.txt'), 'utf8'))).toBe(timeless((await play('.', cwd)).out));
  });

  it.concurrent('text is printed as well where all else goes to files', async () => {
    const cwd = folderWith('fails');
    const told = await play('. --reporter junit=j.xml', cwd);
    expect(timeless(told.out)).toBe(FAILED);
    expect(filesIn(cwd)).toContain('j.xml');
  });

  it.concurrent('text that cannot be written to its file is told all the same', async () => {
    const told = await play('. --reporter text=fails.yaml/x', folderWith('fails'));
    expect(told).toMatchObject({ code: 1, out: '' });
    const [first, ...rest] = told.err.split('\n');
    expect(first).toBe('raft-sim: cannot write fails.yaml/x: a file stands where a folder is needed');
    expect(timeless(rest.join('\n'))).toBe(FAILED);
  });

  it.concurrent('annotations stand behind text', async () => {
    const told = await play('. --reporter text --reporter github', folderWith('fails'));
    expect(told.out).toMatch(/ real\n::error file=fails\.yaml,line=6,col=36,title=fails%3A expect%3A logs%3A n2::/);
  });

  it.concurrent('a file that cannot be written is told, and ends with 2', async () => {
    const told = await play('. --reporter text --reporter json=passes.yaml/x', folderWith('passes'));
    expect(told.code).toBe(2);
    expect(told.err).toBe('raft-sim: cannot write passes.yaml/x: a file stands where a folder is needed\n');
  });
});

describe('exit codes', () => {
  it.concurrent.each([
    ['passes', 0],
    ['fails', 1],
    ['breaks', 1],
    ['typo', 2],
    ['nobody', 2],
    ['liveness', 4],
    ['passes liveness', 4],
    ['liveness typo', 2],
    ['liveness fails', 1],
    ['typo fails', 1],
  ] as const)('%s: %i', async (names, code) => {
    const files = words(names).map((name) => name as 'passes');
    const told = await play('. --quiet', folderWith(...files));
    expect(told).toMatchObject({ code, err: '' });
  });

  it.concurrent('2: every mistake in every file, and the others are played', async () => {
    const told = await play('.', folderWith('typo', 'nobody', 'passes', 'range'));
    expect(told.code).toBe(2);
    expect(told.out).toContain('  typo.yaml:5:5: unknown verb "dliver"');
    expect(told.out).toContain('  nobody.yaml:5:5: crash\n');
    expect(told.out).toMatch(/\n✗ 2 with mistakes, 2 passed · /);
  });
});
