// `raft-sim replay` on the real binary: good traces, broken ones, edited ones, and what a script learns from each.
//
// One trace of a violation and one of a clean run are recorded once; every test works on copies.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resum } from '../../src/trace/format.ts';
import { filesIn, freshFolder, raftSim, words, type Ended } from './binary.ts';

const folder = freshFolder();
const texts = { clean: '', broken: '' };
let copies = 0;

beforeAll(async () => {
  await raftSim(words('run --seed 5 --nodes 3 --for 1s --quiet --trace clean.ndjson'), { cwd: folder });
  await raftSim(words('run --seed 5 --for 5s --variant ack-before-persist --quiet'), { cwd: folder });
  texts.clean = readFileSync(join(folder, 'clean.ndjson'), 'utf8');
  const [name = ''] = filesIn(join(folder, 'reports'));
  texts.broken = readFileSync(join(folder, 'reports', name), 'utf8');
});

async function replay(text: string | Uint8Array, more = ''): Promise<Ended> {
  const name = `copy-${++copies}.ndjson`;
  writeFileSync(join(folder, name), text);
  const told = await raftSim(['replay', name, ...words(more)], { cwd: folder });
  return { ...told, out: told.out.replaceAll(name, 'trace'), err: told.err.replaceAll(name, 'trace') };
}

const linesOf = (text: string): string[] => text.trimEnd().split('\n');
const edited = (text: string, number: number, edit: (line: string) => string): string =>
  linesOf(text)
    .map((line, i) => (i + 1 === number ? edit(line) : line))
    .join('\n')
    .concat('\n');
/** The line of the first step of a kind. */
const lineOf = (text: string, kind: string): number =>
  linesOf(text).findIndex((line) => line.includes(`"do":"${kind}"`)) + 1;
const otherDigit = (digit: string): string => (digit === '7' ? '8' : '7');

describe('a good trace', () => {
  it.concurrent('of a clean run', async () => {
    const told = await replay(texts.clean);
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/✓ the same run: [\d ]+ steps, nothing broken · fingerprint [0-9a-f]{16}/);
  });

  it.concurrent('of a violation', async () => {
    const told = await replay(texts.broken);
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out).toMatch(/✗ durability-honesty broken at step \d+, as recorded/);
    expect(told.out.match(/^ {2}#\d+ /gm)).toHaveLength(12);
  });

  it.concurrent('from standard input', async () => {
    const told = await raftSim(words('replay -'), { input: texts.broken });
    expect(told.code).toBe(1);
  });

  it.concurrent('with --show: every step, one line each', async () => {
    const told = await replay(texts.clean, '--show');
    expect(told.code).toBe(0);
    expect(told.out.match(/^ {2}#\d+ /gm)).toHaveLength(linesOf(texts.clean).length - 2);
  });

  it.concurrent('with --until: every server after that step', async () => {
    const told = await replay(texts.clean, '--until 60');
    expect(told.code).toBe(0);
    expect(told.out.match(/^ {2}#\d+ /gm)).toHaveLength(12);
    expect(told.out).toMatch(/after step 60, 00:00\.\d{6}\n\n {2}node +role +term +vote +commit +log +disk\n/);
    expect(told.out.match(/^ {2}n[123] +(follower|candidate|leader|down)/gm)).toHaveLength(3);
  });

  it.concurrent('with --until: the machines, what the leader believes, what is on its way', async () => {
    const told = await replay(texts.clean, '--until 200');
    expect(told.out).toMatch(/\n {2}the machines\n {2}n1 +applied \d+, state [0-9a-f]{8}/);
    expect(told.out).toMatch(/\n {2}what (n\d), leader of term \d+, believes\n {2}node +next +match +mode\n/);
    expect(told.out).toMatch(/\n {2}on their way\n {2}(n\d→n\d #\d+ \w+|n\d→c\d call|nothing)/);
  });

  it.concurrent('with --show of some steps only', async () => {
    const [range, node, kinds, none] = await Promise.all([
      replay(texts.clean, '--show-steps 100..140'),
      replay(texts.clean, '--show-node n2,n3 --show-node n1 --show-steps 40..'),
      replay(texts.clean, '--show-kind timer,crash --show-kind restart'),
      replay(texts.clean, '--show-kind pause --show-steps 1'),
    ]);
    const stepsOf = ({ out }: Ended): number[] => Array.from(out.matchAll(/^ {2}#(\d+) /gm), ([, n]) => Number(n));
    expect(stepsOf(range)).toEqual(Array.from({ length: 41 }, (_, i) => 100 + i));
    expect(Math.min(...stepsOf(node))).toBeGreaterThanOrEqual(40);
    expect(node.out).toMatch(/^ {2}#\d+ .* n3@\d+ +← n1@\d+ /m);
    expect(node.out).not.toMatch(/^ {2}#\d+ +[\d:.]+ +c\d /m);
    const shown = kinds.out.split('\n').filter((line) => /^ {2}#/.test(line));
    expect(shown.length).toBeGreaterThan(3);
    for (const line of shown) expect(line).toMatch(/ (⏲|✗|↑) /);
    expect(kinds.out).toMatch(new RegExp(`\\n {2}shown +${shown.length} of [\\d ]+ steps\\n\\n✓ the same run`));
    expect(none.out).toMatch(/\n {2}shown +0 of [\d ]+ steps\n\n✓ the same run/);
  });

  it.concurrent.each([
    ['--show-steps 9..5', '--show-steps is 9..5: 5 comes before 9'],
    ['--show-steps x', '--show-steps is "x", expected a range such as 100..200, 100.. or 42'],
    ['--show-steps 999999..', '--show-steps begins at 999999, but trace ends at step'],
    ['--show-node n4', '--show-node is n4, but trace has 3 servers'],
    ['--show-node leader', '--show-node is "leader", expected servers such as n2 or n1,n3'],
    ['--show-kind cras', 'unknown kind of step "cras"'],
    ['--show --json', '--show prints text to standard output, expected no --json'],
  ])('%s is refused', async (flags, message) => {
    const told = await replay(texts.clean, flags);
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toContain(message);
  });

  it.concurrent('with --until at its very end and behind it', async () => {
    const last = linesOf(texts.broken).length - 2;
    expect((await replay(texts.broken, `--until ${last}`)).code).toBe(1);
    const told = await replay(texts.broken, `--until ${last + 1}`);
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toContain(`--until is ${last + 1}, but trace ends at step ${last}`);
    expect((await replay(texts.clean, '--until 0')).out).toMatch(/n3 +down/);
  });

  it.concurrent('with --json', async () => {
    const told = await replay(texts.broken, '--until 20 --json');
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(told.out)).toMatchObject({
      schema: 'raft-sim/replay@1',
      outcome: 'stopped',
      intact: true,
      steps: 20,
      divergence: null,
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'].map((node) => ({ node, machine: { applied: 0 } })),
      inFlight: {
        messages: [],
        answers: [
          { from: 'n1', to: 'c3', sequence: 1 },
          { from: 'n1', to: 'c3' },
        ],
      },
    });
    const whole = JSON.parse((await replay(texts.broken, '--json')).out) as object;
    expect(whole).toMatchObject({ outcome: 'reproduced', nodes: null, violation: { property: 'durability-honesty' } });
  });

  it.concurrent('with --quiet', async () => {
    const told = await replay(texts.clean, '--quiet');
    expect(told.out).toMatch(/^✓ the same run: .*\n$/);
  });

  it.concurrent('that a version control turned into CR LF', async () => {
    expect((await replay(texts.broken.replaceAll('\n', '\r\n'))).code).toBe(1);
  });

  it.concurrent('of a long run: its seed with checkpoints', async () => {
    const cwd = freshFolder();
    const command = 'run --seed 4 --nodes 3 --profile partitions --for 30s --variant reject-hint-always-last-index';
    const told = await raftSim([...words(command), '--quiet'], { cwd });
    expect(told.code).toBe(4);
    const [name = ''] = filesIn(join(cwd, 'reports'));
    const text = readFileSync(join(cwd, 'reports', name), 'utf8');
    expect(text).toContain('"kind":"seed"');
    const [replayed, wrong] = await Promise.all([
      replay(text, '--quiet'),
      replay(resum(edited(text, 4, (line) => line.replace(/"print":"./, '"print":"x').replace('"x', '"0')))),
    ]);
    expect(replayed.code).toBe(4);
    expect(wrong.code).toBe(5);
    expect(wrong.out).toMatch(/trace:4:\d+: step 60000: the fingerprints differ here/);
  });
});

describe('a trace that is not as it was written', () => {
  it.concurrent.each([
    ['an empty file', () => '', /trace:1:1: the file is empty/],
    ['a binary file', () => Uint8Array.from([0, 159, 146, 150, 10, 0]), /trace:1:1: found binary data/],
    ['another text', () => 'hello\n', /trace:1:1: this is not a raft-sim trace/],
    ['a trace cut in the middle of a line', () => texts.clean.slice(0, 5000), /trace:\d+:\d+: .*cut off/],
    [
      'a trace without its last line',
      () => `${linesOf(texts.clean).slice(0, -1).join('\n')}\n`,
      /trace:\d+:1: .*cut off/,
    ],
    ['another format', () => texts.clean.replace('"format":1', '"format":3'), /trace:1:30: .*reads formats 1 and 2/],
    ['a plan that cannot be', () => texts.clean.replace('"nodes":3', '"nodes":30'), /trace:1:\d+: nodes is 30/],
    [
      'an unknown profile',
      () => texts.clean.replace(/"profile":"\w+"/, '"profile":"caos"'),
      /trace:1:\d+: unknown profile "caos"/,
    ],
  ])('%s', async (_name, make, message) => {
    const told = await replay(make());
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toMatch(/^raft-sim: trace:/);
    expect(told.err).toMatch(message);
  });

  it.concurrent('one digit of a fingerprint', async () => {
    const told = await replay(
      edited(texts.clean, 21, (line) => line.replace(/"print":"(.)/, (_, d: string) => `"print":"${otherDigit(d)}`)),
    );
    expect(told.code).toBe(2);
    expect(told.out).toMatch(/✗ trace:21:\d+: step 20: the run departs from the trace/);
    expect(told.err).toContain('trace was changed after it was written; the first line that departs is 21');
  });

  it.concurrent('one digit of a step', async () => {
    const number = lineOf(texts.clean, 'deliver');
    const told = await replay(edited(texts.clean, number, (line) => line.replace(/"number":\d+/, '"number":999')));
    expect(told.code).toBe(2);
    expect(told.out).toMatch(new RegExp(`✗ trace:${number}:\\d+: step ${number - 1}: the run departs from the trace`));
    expect(told.out).toMatch(/this run +not possible: message 999 from n\d to n\d is not on its way/);
  });

  it.concurrent('one digit of a time', async () => {
    const number = lineOf(texts.clean, 'deliver');
    const told = await replay(edited(texts.clean, number, (line) => line.replace(/"at":\d/, '"at":9')));
    expect(told.code).toBe(2);
    expect(told.err).toContain(`the first line that departs is ${number}`);
  });

  it.concurrent('the fingerprint of the last line', async () => {
    const last = linesOf(texts.broken).length;
    const told = await replay(
      edited(texts.broken, last, (line) =>
        line.replace(/"fingerprint":"(.)/, (_, d: string) => `"fingerprint":"${otherDigit(d)}`),
      ),
    );
    expect(told.code).toBe(2);
    expect(told.out).toMatch(
      new RegExp(`✗ trace:${last}:\\d+: step ${last - 2}: the run ends with another fingerprint`),
    );
  });

  it.concurrent('something that changes no step', async () => {
    const told = await replay(texts.clean.replace('"seed":"5"', '"seed":"6"'));
    expect(told.code).toBe(2);
    expect(told.out).toMatch(/\? the same run/);
    expect(told.err).toContain('was changed after it was written, without effect on its steps');
  });

  it.concurrent('the variant of its plan: the steps depart, and JSON says so', async () => {
    const told = await replay(texts.broken.replace('"ack-before-persist"', 'null'), '--json');
    expect(told.code).toBe(2);
    expect(JSON.parse(told.out)).toMatchObject({ outcome: 'diverged', intact: false });
  });
});

describe('a scenario instead of a trace', () => {
  const story = 'name: a\nwhy: b\ncluster: { nodes: 3 }\nsteps:\n  - run: 1s\n';

  it.concurrent('is named, with the command that plays it', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'a story.yaml'), story);
    const told = await raftSim(['replay', 'a story.yaml'], { cwd });
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toContain('raft-sim: a story.yaml is a scenario, expected a trace\nplay the scenario: ');
    expect(told.err).toMatch(/raft-sim scenario run 'a story\.yaml'\n$/);
  });

  it.concurrent('also from standard input', async () => {
    const told = await raftSim(words('replay -'), { input: story });
    expect(told.err).toMatch(/standard input is a scenario.*\n.*raft-sim scenario run -\n$/);
  });
});

describe('an intact trace that comes out differently', () => {
  it.concurrent('is a defect: exit code 5', async () => {
    const told = await replay(
      resum(
        edited(texts.clean, 21, (line) => line.replace(/"print":"(.)/, (_, d: string) => `"print":"${otherDigit(d)}`)),
      ),
    );
    expect(told).toMatchObject({ code: 5, err: '' });
    expect(told.out).toMatch(/✗ trace:21:\d+: step 20: the run departs from the trace/);
    expect(told.out).toMatch(/a defect of raft-sim/);
  });

  it.concurrent('may be the work of another version', async () => {
    const text = edited(texts.broken, 1, (line) => line.replace(/"version":"[^"]*"/, '"version":"9.9.9"'));
    const same = await replay(resum(text));
    expect(same.code).toBe(1);
    expect(same.out).toMatch(/recorded by raft-sim 9\.9\.9; this is/);
    const last = linesOf(text).length;
    const other = await replay(resum(edited(text, last, (line) => line.replace('durability-honesty', 'vote-once'))));
    expect(other.code).toBe(5);
    expect(other.out).toMatch(/the run ends in another way\n {2}trace +vote-once broken/);
    expect(other.out).toMatch(/recorded by raft-sim 9\.9\.9, this is/);
  });
});
