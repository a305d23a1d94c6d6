// Every mistake that a user can make in a scenario or at its command line: told with its place, the line of the file, a
// caret and the word that was probably meant; exit code 2.
//
// `run` and `check` say the same about a file, word for word.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, raftSim, words } from './binary.ts';
import { folderWith } from './scenario-stories.ts';

const HEAD = 'name: a\nwhy: A story with a mistake.\n';

/** The text of a file; what is told of it: place, message, line of the file with its caret, suggestion. */
type Mistake = readonly [what: string, text: string | Buffer, ...told: readonly string[]];

const caret = (line: string, column: number): string => `\n${line}\n${' '.repeat(column - 1)}^\n`;

/** A list of lists of lists, each ten times the one before. */
const BOMB = Array.from({ length: 9 }, (_, i) => {
  const inside = i === 0 ? 'lol' : `*a${i - 1}`;
  return `a${i}: &a${i} [${Array.from({ length: 10 }, () => inside).join(', ')}]`;
});

const mistakes: readonly Mistake[] = [
  [
    'an unknown key',
    `${HEAD}stepps:\n  - run: 1s\n`,
    'a.yaml:3:1: unknown key "stepps"',
    caret('stepps:', 1),
    'did you mean steps?',
  ],
  [
    'an unknown verb',
    `${HEAD}steps:\n  - timeout: n1\n  - exchagne: all\n`,
    'a.yaml:5:5: unknown verb "exchagne"',
    caret('  - exchagne: all', 5),
    'did you mean exchange?',
  ],
  [
    'an unknown verb that stands alone',
    `${HEAD}steps:\n  - exchagne\n`,
    'a.yaml:4:5: ',
    '"exchagne"',
    caret('  - exchagne', 5),
    'did you mean exchange?',
  ],
  [
    'a node that does not exist',
    `${HEAD}steps:\n  - crash: n4\n`,
    'a.yaml:4:12: there is no n4: the cluster has 3 nodes, n1 to n3',
    caret('  - crash: n4', 12),
  ],
  [
    'a group that does not exist',
    `${HEAD}steps:\n  - crash: folowers\n`,
    'a.yaml:4:12: unknown node or group "folowers"',
    caret('  - crash: folowers', 12),
    'did you mean followers?',
  ],
  [
    'an unknown property',
    `${HEAD}expect: { violated: election-safty }\n`,
    'a.yaml:3:21: ',
    '"election-safty"',
    caret('expect: { violated: election-safty }', 21),
    'did you mean election-safety?',
  ],
  [
    'a key twice',
    `${HEAD}seed: 1\nseed: 2\n`,
    'a.yaml:4:1: duplicate key "seed", the first one is in line 3',
    caret('seed: 2', 1),
  ],
  [
    'a value of the wrong type',
    `${HEAD}cluster: { nodes: many }\n`,
    'a.yaml:3:19: ',
    '"many"',
    caret('cluster: { nodes: many }', 19),
  ],
  [
    'a bad duration',
    `${HEAD}steps:\n  - run: 5 seconds\n`,
    'a.yaml:4:10: ',
    '"5 seconds", expected a duration such as 500us, 20ms, 1.5s, 2m or 1h',
    caret('  - run: 5 seconds', 10),
  ],
  [
    'a duration without a unit',
    `${HEAD}steps:\n  - run: 5\n`,
    'a.yaml:4:10: ',
    'is 5 without a unit, expected a duration such as',
    caret('  - run: 5', 10),
  ],
  [
    'a tab for indentation',
    `${HEAD}steps:\n\t- run: 5s\n`,
    'a.yaml:4:1: a tab, expected spaces',
    caret('→- run: 5s', 1),
  ],
  ['an empty file', '', 'a.yaml:1:1: the file is empty, expected a scenario'],
  ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), 'a.yaml:1:1: this is no text: found '],
  ['bytes that are not UTF-8', Buffer.from([0x6e, 0x3a, 0xff, 0xfe]), 'a.yaml:1:3: this is no text: found bytes'],
  [
    'aliases that blow up',
    `${HEAD}${BOMB.join('\n')}\n`,
    'a.yaml:8:10: too much with aliases written out, expected at most 1 000 000 characters',
    caret('a5: &a5 [*a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4]', 10),
  ],
  [
    'two steps in one item',
    `${HEAD}steps:\n  - timeout: n1\n    exchange: all\n`,
    'a.yaml:4:5: two steps in one item: exchange and timeout; give each a line with a - of its own',
    caret('  - timeout: n1', 5),
  ],
  [
    'until without a limit',
    `${HEAD}steps:\n  - until: { leader: any }\n`,
    'a.yaml:4:',
    'within',
    '\n  - until: { leader: any }\n',
  ],
  [
    'a file of 10 MB',
    `${HEAD}# ${'x'.repeat(10_000_000)}\n`,
    'a.yaml:1:1: the file has 10 000 0',
    ' characters, expected at most 1 000 000',
    caret('name: a', 1),
  ],
];

describe('a mistake in a file', () => {
  it.concurrent.each(mistakes)('%s', async (_what, text, ...told) => {
    const cwd = folderWith(['a.yaml', text]);
    const checked = await raftSim(words('scenario check a.yaml'), { cwd });
    expect(checked).toMatchObject({ code: 2, err: '' });
    const missing = told.filter((part) => !checked.out.includes(String(part)));
    expect(missing, checked.out).toEqual([]);
    expect(checked.out).not.toMatch(/\n\s+at |node_modules|\.js:/);
    expect(checked.out.length).toBeLessThan(2000);

    const run = await raftSim(words('scenario run a.yaml'), { cwd });
    expect(run).toMatchObject({ code: 2, err: '' });
    const indented = checked.out.replace(/^(?=.)/gm, '  ');
    expect(run.out).toContain(`✗ a                         a mistake in the file\n\n${indented}\n✗ 1 with mistakes, `);
  });

  it.concurrent('a group that is empty when its step is played', async () => {
    const cwd = folderWith(['a.yaml', `${HEAD}steps:\n  - timeout: n1\n  - crash: leader\n`]);
    expect((await raftSim(words('scenario check a.yaml'), { cwd })).code).toBe(0);
    const told = await raftSim(words('scenario run a.yaml'), { cwd });
    expect(told).toMatchObject({ code: 2, err: '' });
    expect(told.out).toContain(
      '\n\n  a.yaml:5:5: crash\n    - crash: leader\n      ^\n' +
        '  expected  leader to be somebody\n  found     it is nobody at this moment\n\n',
    );
  });

  it.concurrent('in standard input', async () => {
    const told = await raftSim(words('scenario check -'), { input: `${HEAD}sed: 1\n` });
    expect(told.code).toBe(2);
    expect(told.out).toContain('standard input:3:1: unknown key "sed"');
    expect(told.out).toContain('\ndid you mean seed?\n');
  });

  it.concurrent('several: all of them, in the order of the file', async () => {
    const cwd = folderWith(['a.yaml', `${HEAD}sed: 1\nsteps:\n  - crash: n1\n  - rn: 5s\n`]);
    const told = await raftSim(words('scenario check a.yaml'), { cwd });
    expect([...told.out.matchAll(/^a\.yaml:(\d+:\d+): /gm)].map(([, place]) => place)).toEqual(['3:1', '6:5']);
  });
});

describe('a mistake at the command line', () => {
  const lines: readonly (readonly [line: string, ...parts: readonly string[]])[] = [
    ['run missing.yaml', 'cannot read missing.yaml: there is no such file or folder'],
    ['run stroy.yaml', 'cannot read stroy.yaml: there is no such file', 'did you mean story.yaml?'],
    ['run missing.yaml gone', 'cannot read missing.yaml: ', '\ncannot read gone: '],
    ['run empty', 'there is no scenario in empty: no file ends in .yaml or .yml'],
    ['run story.yaml --variant vote-no-log-chek', 'unknown variant', 'did you mean vote-no-log-check?'],
    ['run story.yaml --nodes 0', '--nodes is 0, expected a whole number from 1 to 9'],
    ['run story.yaml --nodes many', '--nodes is "many", expected a whole number'],
    ['run story.yaml --repeat 0', '--repeat is 0, expected a whole number from 1 to 1000000'],
    ['run story.yaml --workers 0', '--workers is 0, expected a whole number from 1 to 256'],
    ['run story.yaml --seed --json', '--seed is followed by --json'],
    ['run --seed story.yaml', '--seed is followed by the file story.yaml, expected a whole number or any other text'],
    ['story.yaml', "unknown command 'story.yaml'\nplay a scenario: raft-sim scenario run story.yaml"],
    ['run story.yaml --trace --json', '--trace is "--json", expected the name of a file'],
    ['run story.yaml story2.yaml --trace t', '--trace is for one scenario, found 2'],
    ['run story.yaml --reporter jnit', 'unknown reporter "jnit"', 'did you mean junit?'],
    ['run story.yaml --reporter junit:x', '--reporter is "junit:x", expected --reporter junit=x'],
    ['run story.yaml --reporter text,json', 'expected --reporter text --reporter json'],
    ['run story.yaml --reporter junit=', 'expected the name of a file behind the ='],
    [
      'run story.yaml --reporter junit --json',
      'the reporters junit and json would all print to standard output, expected a file for all but one',
    ],
    ['run story.yaml --reporter junit=x --reporter json=x', 'two reporters would write to x'],
    ['run story.yaml --show --json', '--show prints text to standard output, expected the reporter text there'],
    ['run story.yaml --bial', "unknown option '--bial'", 'did you mean --bail?'],
    ['new', "missing required argument 'name'"],
    ['new story', 'story.yaml is there already, expected a new name'],
    ['new .', '"." cannot be the name of a scenario'],
    ['new story.yaml/x', 'cannot write story.yaml/x.yaml: a file stands where a folder is needed'],
    ['record t.ndjson -o story.yaml', 'story.yaml is there already, expected a new name, or --force to write over it'],
    ['record missing.ndjson', 'cannot read missing.ndjson: there is no such file'],
    ['record story.yaml', 'story.yaml:1:1: this is not a raft-sim trace'],
    ['rnu', "unknown command 'rnu'", 'did you mean run?'],
  ];

  it.concurrent.each(lines)('%s', async (line, ...parts) => {
    const cwd = folderWith(['story.yaml', HEAD], ['story2.yaml', HEAD]);
    mkdirSync(join(cwd, 'empty'));
    const told = await raftSim(['scenario', ...words(line)], { cwd });
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toMatch(/^raft-sim: /);
    for (const part of parts) expect(told.err).toContain(part);
    expect(told.err).not.toMatch(/\n\s+at |node_modules|\.js:/);
    expect(told.err.split('\n').length).toBeLessThan(5);
  });

  it.concurrent('a scenario for the command that draws a run', async () => {
    const told = await raftSim(words('run story.yaml'), { cwd: folderWith(['story.yaml', HEAD]) });
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toBe(
      "raft-sim: too many arguments for 'run'. Expected 0 arguments but got 1.\n" +
        'play a scenario: raft-sim scenario run story.yaml\n',
    );
  });

  it.concurrent('no command at all: the help, on standard error', async () => {
    const told = await raftSim(['scenario'], { cwd: freshFolder() });
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toMatch(/^Usage: raft-sim scenario/);
  });

  it.concurrent('a trace that nobody can create', async () => {
    const cwd = folderWith(['story.yaml', `${HEAD}steps: [heal]\n`]);
    const told = await raftSim(words('scenario run story.yaml --trace missing/t.ndjson'), { cwd });
    expect(told.code).toBe(2);
    expect(told.out).toContain('  cannot write missing/t.ndjson: there is no such file or folder\n');
  });
});
