// Golden scripts: each file in test/golden/node plays one situation of one node, sections 5.1 to 5.5 and 7, and persistence.
//
// After a change of behaviour that is meant, `RAFT_SIM_GOLDEN=1 npx vitest run test/paper/golden.test.ts` writes what
// the node does now; the diff of the files is what is reviewed. A new script is a file with commands only.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ownKinds } from '../support/messages.ts';
import { playScript, RULE } from '../support/golden.ts';

const FOLDER = fileURLToPath(new URL('../golden/node/', import.meta.url));
const AREAS = [
  'terms',
  'election',
  'replication',
  'safety',
  'crashes',
  'persistence',
  'prevote',
  'quorum',
  'transfer',
  'reads',
  'snapshot',
];
const NAME = new RegExp(`^(?:${AREAS.join('|')})(?:_[a-z0-9]+)+\\.txt$`);

const files = readdirSync(FOLDER).toSorted();
const read = (file: string): string => readFileSync(`${FOLDER}${file}`, 'utf8');

describe('golden scripts', () => {
  it.each(files)('%s', (file) => {
    const script = read(file);
    const played = playScript(script, `test/golden/node/${file}`);
    if (process.env['RAFT_SIM_GOLDEN'] === '1') writeFileSync(`${FOLDER}${file}`, played);
    else expect(played, 'RAFT_SIM_GOLDEN=1 rewrites the script').toBe(script);
  });

  it('are named <area>_<situation>, and say which section of the paper they are about', () => {
    expect(files.filter((file) => !NAME.test(file))).toEqual([]);
    expect(files.filter((file) => !/^# .*(?:[Ss]ection|Figure|Thesis)/.test(read(file)))).toEqual([]);
    const missing = AREAS.filter((area) => !files.some((file) => file.startsWith(`${area}_`)));
    expect(missing).toEqual([]);
  });

  it('play situations of their own', () => {
    const commands = files.map((file) => read(file).replaceAll(new RegExp(`^(?:#.*|${RULE}[^]*?)$`, 'gm'), ''));
    expect(new Set(commands).size).toBe(files.length);
  });

  it('let every role meet every message', () => {
    const met = new Set<string>();
    for (const file of files) {
      const [, role] = /^n\d of \d: (\w+),/m.exec(read(file)) ?? [];
      for (const [, kind] of read(file).matchAll(/^n\d (\w+)@/gm)) met.add(`${role} ${kind}`);
    }
    // A pre-candidate begins as a follower.
    const wanted = ['follower', 'candidate', 'leader'].flatMap((role) => ownKinds.map((kind) => `${role} ${kind}`));
    expect(wanted.filter((pair) => !met.has(pair))).toEqual([]);
  });
});

describe('the player of golden scripts', () => {
  const HEAD =
    '# Section 5.2.\n\nn1 of 3: follower, term 1\n---\nfollower of term 1, vote nobody, log [], durable 0, commit 0\n';

  it('writes the output below the rule, whatever stood there', () => {
    const wrong = `${HEAD}\nelection timeout\n---\nsomething else\n`;
    const right = `${HEAD}\nelection timeout\n---\n⇒ candidate of term 2, vote n1\narm election\npersist term 2 vote n1\n`;
    expect(playScript(wrong, 'a.txt')).toBe(right);
    expect(playScript(right, 'a.txt')).toBe(right);
    expect(playScript(`${HEAD}\nelection timeout\n`, 'a.txt')).toBe(right);
  });

  it.each([
    ['election timeot', "a.txt:7: 'election timeot' is no message"],
    ['written', 'a.txt:7: no write is on its way'],
    ['n1 of 3: follower, colour red', "a.txt:7: 'colour red' says nothing of a node"],
  ])('tells the place of a line that is no command: %s', (command, problem) => {
    expect(() => playScript(`${HEAD}\n${command}\n`, 'a.txt')).toThrow(problem);
  });

  it('wants a node first', () => {
    expect(() => playScript('written\n', 'a.txt')).toThrow('a.txt:1: no node yet');
  });
});
