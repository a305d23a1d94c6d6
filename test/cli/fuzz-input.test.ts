// Mistakes at `fuzz` and `merge-reports`: told at once, before a seed is run, with what was found and what is expected.
//
// A mistake that shows only when a long night is over costs the night: folders and files are tried first.

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { suggestionFor } from '../../src/run/checked.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { Terminal } from '../../src/cli/ui/terminal.ts';
import { freshFolder, raftSim, words, type Ended } from './binary.ts';

function expectMistake(told: Ended, ...parts: readonly string[]): void {
  expect(told).toMatchObject({ code: 2, out: '' });
  for (const part of parts) expect(told.err).toContain(part);
  expect(told.err).toMatch(/^raft-sim: /);
  expect(told.err).not.toMatch(/\n\s+at |node_modules|\.js:/);
}

/** A campaign of 40 seeds, two shards of one of 64, and one of other flags. */
let made: string;
beforeAll(async () => {
  made = freshFolder();
  const lines = [
    'fuzz --seeds 1..40 --reports done',
    'fuzz --seeds 1..64 --shard 1/2 --reports shards/1',
    'fuzz --seeds 1..64 --shard 2/2 --reports shards/2',
    'fuzz --seeds 1..8 --nodes 3 --shard 2/2 --reports three',
    'fuzz --seeds 1..8 --shard 1/3 --reports thirds/1',
  ];
  const ended = await Promise.all(lines.map((line) => raftSim(words(line), { cwd: made })));
  const wrong = ended.find(({ code }) => code !== 0);
  if (wrong !== undefined) throw new Error(wrong.err);
});

const mistakes: readonly (readonly [line: string, ...parts: readonly string[]])[] = [
  ['--seeds 5..1', '--seeds is 5..1: 1 comes before 5'],
  ['--seeds abc', '--seeds is "abc", expected a range such as 1..1000, 5000.. or 42'],
  ['--seeds 1...5', '--seeds is "1...5", expected a range'],
  ['--seeds -3', '--seeds is "-3", expected a range'],
  ['--seeds 1..9999999999999', 'expected numbers up to 1000000000000'],
  ['--seeds 1,x,3', '--seeds is "1,x,3", of which "x" is no seed, expected whole numbers up to 1000000000000'],
  ['--seeds 1,,3', 'of which "" is no seed'],
  ['--force --resume', 'cannot be used with'],
  ['--loss 5', '--loss is "5", expected odds such as 5%'],
  ['--delay-min 5ms --delay-max 1ms', 'delayMin is 5000, more than delayMax, which is 1000'],
  ['--inflight 0', 'inflightMax is 0, expected'],
  [
    '--seeds 1..3 --reports @/done',
    '@/done/campaign.json is there already: --resume goes on with that campaign, --force empties',
  ],
  ['--config @/nothing.yaml', 'cannot read @/nothing.yaml: there is no such file or folder'],
  ['--max-failures 0', '--max-failures is 0, expected a whole number from 1 to'],
  ['--max-failures 2 --stop-on-first', 'cannot be used with'],
  ['--time-budget 5', '--time-budget is 5 without a unit, expected a duration such as'],
  ['--time-budget 0', '--time-budget is 0, expected some time, such as 10m'],
  ['--shrink-time 0s', '--shrink-time is 0s, expected some time'],
  ['--workers 0', '--workers is 0, expected a whole number from 1 to 256'],
  ['--workers 1000000000', '--workers is 1000000000, expected a whole number from 1 to 256'],
  ['--check-determinism 200%', '--check-determinism is 200%, expected 0% to 100%'],
  ['--nodes 0..3', 'nodes are drawn from 0 to 3, expected a range within 1 to 9'],
  ['--nodes 3..12', '--nodes is 3..12, expected numbers up to 9'],
  ['--nodes 3..', '--nodes is "3..", expected a range such as 3..7 or 5'],
  ['--variant vote-no-log-chek', 'unknown variant "vote-no-log-chek"', 'did you mean vote-no-log-check?'],
  ['--profile calm losy', 'unknown profile "losy", expected one of calm, lossy', 'did you mean lossy?'],
  ['--scheduler timed wlak', 'unknown scheduler "wlak", expected one of timed, walk', 'did you mean walk?'],
  ['--property election-safty', 'unknown property "election-safty"', 'did you mean election-safety?'],
  ['--reporter jsno', 'unknown reporter "jsno", expected one of text, json', 'did you mean json?'],
  [
    '--reporter text --reporter markdown',
    'text and markdown would all print to standard output, expected a file for all but one: ' +
      '--reporter markdown=report.md',
  ],
  ['--reporter junit:report.xml', '--reporter is "junit:report.xml", expected --reporter junit=report.xml'],
  ['--reporter junit=x --reporter markdown=x', 'two reporters would write to x, expected a file for each'],
  [
    '--reporter junit=x --reporter markdown=./y/../x',
    'two reporters would write to ./y/../x, expected a file for each',
  ],
  [
    '--reporter json=reports/campaign.json',
    'a reporter would write to reports/campaign.json, which is what --resume goes on from, expected another file',
  ],
  ['--reporter junit=', 'expected the name of a file behind the ='],
  ['--reporter junit=/proc/x/y.xml --seeds 1', 'cannot write /proc/x/y.xml: there is no such file or folder'],
  ['--reports /proc/x --seeds 1', 'cannot write into --reports /proc/x: there is no such file or folder'],
  [
    '--reports @/shards/1/campaign.json --seeds 1',
    'cannot write into --reports',
    'a file stands where a folder is needed',
  ],
  ['--shard 4/3 --seeds 1..9', '--shard is "4/3", expected a shard from 1 to 3 of 3'],
  ['--shard 0/3 --seeds 1..9', '--shard is "0/3", expected a shard such as 3/16, or auto'],
  ['--shard 1/0 --seeds 1..9', '--shard is "1/0", expected a shard such as 3/16'],
  ['--shard 1/2/3 --seeds 1..9', '--shard is "1/2/3", expected a shard such as 3/16'],
  ['--shard auto --seeds 1..9', '--shard auto finds no shard in the environment', 'CI_NODE_INDEX and CI_NODE_TOTAL'],
  ['--shard 1/3', '--shard without --seeds, expected the same --seeds for all shards'],
  [
    '--regressions @/shrads --seeds 1',
    'cannot read --regressions @/shrads: there is no such file',
    'did you mean @/shards?',
  ],
  ['--regressions @/done/campaign.json --seeds 1', 'cannot read --regressions @/done/campaign.json: a file stands'],
  ['--resume --reports @/done --nodes 3', 'flags there: none, here: --nodes 3..3; expected the same'],
  ['--resume --reports @/done --seeds 2..64', 'the first seed there: 1, here: 2'],
  ['--resume --reports @/done --seeds 1..39', 'which has seeds up to 40; --seeds ends at 39'],
  ['--resume --reports @/done --check-determinism 0', '--check-determinism there: 1%, here: 0%'],
  ['--resume --reports @/done --shard 2/3 --seeds 1..64', 'the shard there: 1/1, here: 2/3'],
  ['--sead 3', "unknown option '--sead'", 'Did you mean one of --seeds, --shard?'],
  ['42', 'too many arguments'],
];

/** What the command would say and end with, without a process of its own. */
async function refused(line: string, folder = made): Promise<string> {
  const silent = { write: () => true, on: () => undefined };
  const terminal = new Terminal(silent, silent, {});
  const program = makeProgram(terminal, () => undefined);
  try {
    await program.parseAsync(words(line.replaceAll('@', folder)), { from: 'user' });
  } catch (error) {
    expect(exitCodeOf(error)).toBe(2);
    const near = suggestionFor(error);
    return `${(error as Error).message}${near === undefined ? '' : `\ndid you mean ${near}?`}`.replaceAll(folder, '@');
  }
  return 'nothing was wrong';
}

describe('fuzz refuses', () => {
  it.each(mistakes.map(([line, ...parts]) => ({ line, parts })))('$line', async ({ line, parts }) => {
    const told = await refused(`fuzz ${line}`);
    for (const part of parts) expect(told).toContain(part);
  });

  it.concurrent('the same with an exit code, and nothing on standard output', async () => {
    const [line = '', ...parts] = mistakes.find(([first]) => first.startsWith('--variant')) ?? [];
    expectMistake(await raftSim(['fuzz', ...words(line)], { cwd: made }), ...parts);
    expectMistake(await raftSim(words('fuzz --reports /proc/x --seeds 1')), 'cannot write into --reports /proc/x');
  });

  it.concurrent('half of what the environment should say, and nonsense in it', async () => {
    const tell = (env: Record<string, string>): Promise<Ended> =>
      raftSim(words('fuzz --shard auto --seeds 1..9'), { env: { RAFT_SIM_SHARDS: '', ...env } });
    const half = await tell({ JOB_COMPLETION_INDEX: '3' });
    expectMistake(half, '--shard auto finds JOB_COMPLETION_INDEX=3, expected RAFT_SIM_SHARDS beside it');
    const beyond = await tell({ CI_NODE_INDEX: '0', CI_NODE_TOTAL: '4' });
    expectMistake(beyond, 'GitLab CI says CI_NODE_INDEX=0, CI_NODE_TOTAL=4, expected a shard such as');
  });

  it.concurrent('a regression with a mistake in it', async () => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'scenarios/regressions'), { recursive: true });
    writeFileSync(join(cwd, 'scenarios/regressions/a.yaml'), 'name: a\nstepps: []\n');
    expectMistake(await raftSim(words('fuzz --seeds 1'), { cwd }), 'a.yaml', 'stepps', 'steps');
  });

  it.skipIf(process.getuid?.() === 0)('folders that may not be read or written', async () => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'closed'));
    chmodSync(join(cwd, 'closed'), 0);
    expectMistake(await raftSim(words('fuzz --seeds 1 --reports closed'), { cwd }), 'permission denied');
    expectMistake(await raftSim(words('merge-reports closed'), { cwd }), 'permission denied');
  });
});

describe('sums that cannot be gone on with', () => {
  it.each<readonly [string, (text: string) => string, string]>([
    ['another version', (text) => text.replace(/"version":"[^"]*"/, '"version":"9.9.9"'), 'raft-sim 9.9.9, expected'],
    ['half a file', (text) => text.slice(0, -30), 'it is no JSON'],
    ['another file', () => '{"schema":"raft-sim/run@1"}', 'its schema is another one'],
    ['a list', () => '[]', 'it is no JSON object'],
    ['counts that are none', (text) => text.replace(/"runs":40/, '"runs":"40"'), 'sum is missing or damaged'],
    ['no position', (text) => text.replace(/"position":.*,"isOver"/, '"isOver"'), 'position is missing or damaged'],
  ])('%s', async (_what, change, part) => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'campaign.json'), change(readFileSync(join(made, 'done/campaign.json'), 'utf8')));
    expect(await refused('fuzz --resume --seeds 1..64 --reports @', folder)).toContain(part);
    expect(await refused('merge-reports @', folder)).toContain(part);
  });
});

describe('merge-reports refuses', () => {
  const copied = (...folders: readonly string[]): string => {
    const folder = freshFolder();
    folders.forEach((name, i) => cpSync(join(made, name), join(folder, String(i)), { recursive: true }));
    return folder;
  };

  it.each([
    ['@/shrads', 'cannot read @/shrads: there is no such file or folder', 'did you mean @/shards?'],
    ['@/done/campaign.json', 'cannot read @/done/campaign.json: a file stands where a folder is needed'],
    ['', "missing required argument 'dir'"],
    ['@ --reporter xml', 'unknown reporter "xml", expected one of text, json'],
    ['@ --reporter json=x --reporter junit=x', 'two reporters would write to x, expected a file for each'],
  ])('merge-reports %s', async (line, ...parts) => {
    const told = await refused(`merge-reports ${line}`);
    for (const part of parts) expect(told).toContain(part);
  });

  it('an empty folder', async () => {
    const told = await refused('merge-reports @', freshFolder());
    expect(told).toBe('there is no campaign.json below @, expected those of all shards');
  });

  it.each([
    [['shards/1', 'done'], 'seeds: 1..40, expected 1..64'],
    [['thirds/1', 'three'], 'flags: --nodes 3..3, expected none'],
    [['shards/1', 'shards/1'], '@/0/campaign.json and @/1/campaign.json are both of shard 1/2, expected one'],
  ])('%s together', async (folders, part) => {
    expect(await refused('merge-reports @', copied(...folders))).toContain(part);
  });

  it.concurrent('nothing of a missing shard: it is named, the others are told, and that is not green', async () => {
    const cwd = copied('thirds/1');
    const told = await raftSim(words('merge-reports . --json --reporter junit=j.xml --reporter markdown=m.md'), {
      cwd,
    });
    expect(told.code).toBe(2);
    expect(told.err).toBe('raft-sim: missing below .: 2/3, 3/3, expected 3 shards\n');
    expect(JSON.parse(told.out)).toMatchObject({ missing: ['2/3', '3/3'], isPartial: true, findings: 0 });
    expect(readFileSync(join(cwd, 'j.xml'), 'utf8')).toContain('<error type="missing" message="shard 2/3 is missing">');
    expect(readFileSync(join(cwd, 'm.md'), 'utf8')).toContain('**Shards are missing:** 2/3, 3/3.');
    expect(existsSync(join(cwd, 'reports'))).toBe(false);
  });
});
