// Narrow terminals: at 60 and at 80 columns every command says what it says at 100, no line is too long, no word is
// broken, no column lost.
//
// The words of a page are the oracle: they are the same at every width. Commands to copy and names of files stay on one
// line, however long.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { factLines, helpLines, messageLines, packed, tableLines } from '../../src/cli/ui/layout.ts';
import { freshFolder, hasScript, raftSim, underTerminal, words } from './binary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cwd = freshFolder();

beforeAll(async () => {
  const more = '--variant ack-before-persist --quiet --trace broken.ndjson';
  await raftSim(words(`run --seed 5 --for 5s ${more}`), { cwd });
  const head = 'name: a story\nwhy: it shows how a failure looks\ncluster: { nodes: 3 }\n';
  writeFileSync(
    join(cwd, 'failing.yaml'),
    `${head}steps:\n  - until: { leader: any }\nexpect: { logs: { n2: 1 1 1 } }\n`,
  );
  const write = '{"process": 1, "op": "write", "key": "x", "value": 1, "start": 1}';
  const read = '{"process": 2, "op": "read", "key": "x", "start": 2, "end": 3, "result": 2}';
  writeFileSync(join(cwd, 'bad.ndjson'), `${write}\n${read}\n`);
  const leads = (server: string): string => `{"server": "${server}", "event": "role", "term": 1, "role": "leader"}\n`;
  writeFileSync(join(cwd, 'servers.ndjson'), leads('n1') + leads('n2'));
  writeFileSync(join(cwd, 'wrong.yaml'), `${head}steps:\n  - runn: 1s\n`);
});

const LINES = [
  '--help',
  'run --help',
  'replay --help',
  'shrink --help',
  'fuzz --help',
  'worker --help',
  'merge-reports --help',
  'explore --help',
  'check-history --help',
  'validate --help',
  'view --help',
  'report --help',
  'scenario --help',
  'scenario run --help',
  'completion --help',
  'list',
  'list properties',
  'list faults',
  'list variants',
  'list parameters',
  'list verbs',
  'list conditions',
  'explain crash',
  'explain vote-no-log-check',
  'explain chaos',
  'explain until',
  'explain bananas',
  'run --seed 42 --for 1s',
  'run --seed 5 --for 5s --variant ack-before-persist',
  'run --variant bananas',
  'explore --variant vote-no-log-check --reports reports/RANDOM',
  'check-history bad.ndjson',
  'validate servers.ndjson',
  'replay broken.ndjson',
  'replay broken.ndjson --until 100',
  'replay broken.ndjson --show-kind crash,timer',
  'scenario run failing.yaml',
  'scenario run failing.yaml --show',
  'scenario run wrong.yaml',
  'scenario check wrong.yaml failing.yaml',
  `scenario list ${root}scenarios/situations`,
  `scenario run ${root}scenarios/situations/e1-leader-crashes-and-returns.yaml failing.yaml`,
  'fuzz --seeds 1..8 --workers 1 --no-shrink --reports reports/RANDOM',
];

/** What is one piece: a command to copy, or a name behind a label. */
const isWhole = (line: string): boolean => /(?:raft-sim|raft-sim\.js)'? \S/.test(line) || /^ *\S* +\S+$/.test(line);

/** The words of a page, without figures: real time is never the same. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/[\d.]+/g, '0')
    .split(/\s+/)
    .filter((word) => !/^(min|0|s|h)$/.test(word))
    .toSorted();

describe.skipIf(!hasScript)('under a terminal (needs the command script)', () => {
  it.concurrent.each(LINES)('raft-sim %s', async (line) => {
    const page = async (columns: number): Promise<string> => {
      const told = await underTerminal(line.replace('RANDOM', String(columns)), columns, {
        cwd,
        env: { NO_COLOR: '1', CI: 'true' },
      });
      return told.out.replaceAll(/\x1b\[\S*?[A-Za-z]/g, ''); // oxlint-disable-line no-control-regex
    };
    const [narrow, usual, wide] = await Promise.all([page(60), page(80), page(100)]);
    expect(wide).not.toBe('');
    for (const [columns, text] of [[60, narrow] as const, [80, usual] as const]) {
      const tooLong = text.split('\n').filter((one) => Array.from(one).length > columns && !isWhole(one));
      expect(tooLong).toEqual([]);
      expect(wordsOf(text)).toEqual(wordsOf(wide));
    }
  });
});

describe('lines of a width', () => {
  it('break an item only where it has no room on a line of its own', () => {
    expect(packed(['one', 'a long item of words', 'two'], ', ', 12)).toEqual(['one, a long', 'item of', 'words, two']);
  });

  it('keep facts on one line where they fit', () => {
    expect(factLines(['✓ kept', 'seed 1'], 20, (fact) => `[${fact}]`)).toEqual(['[✓ kept] · seed 1']);
    expect(factLines(['✓ kept', 'seed 1'], 12, (fact) => `[${fact}]`)).toEqual(['[✓ kept] ·', '  seed 1']);
    expect(factLines(['a', 'b'], Infinity, (fact) => fact)).toEqual(['a · b']);
  });

  it('set what follows a message to the right of it', () => {
    expect(messageLines('  a message of words\nshort', 13)).toEqual(['  a message', '    of words', 'short']);
  });

  it('let the prose of a help flow and leave commands alone', () => {
    const help =
      '\nSome prose that\ngoes on.\n\nExamples:\n  raft-sim run --seed 42 --nodes 5\n  12  the meaning of it\n';
    expect(helpLines(help, 16)).toEqual([
      '',
      'Some prose that',
      'goes on.',
      '',
      'Examples:',
      '  raft-sim run --seed 42 --nodes 5',
      '  12  the',
      '      meaning of',
      '      it',
      '',
    ]);
  });

  it('wrap the widest cells of a table, and lose none', () => {
    const rows = [
      ['node', 'log', 'disk'],
      ['n1', '… 2@1 3@1', '3@1, 2 unsynced'],
    ];
    expect(tableLines(rows, 40)).toEqual(['  node  log        disk', '  n1    … 2@1 3@1  3@1, 2 unsynced']);
    const narrow = tableLines(rows, 26);
    expect(narrow.every((line) => line.length <= 26)).toBe(true);
    expect(narrow.join(' ').split(/\s+/).toSorted()).toEqual(rows.flat().join(' ').split(' ').concat('').toSorted());
  });
});
