// Every mistake that a user can make at the command line: told on standard error, with the right word, exit code 2.
//
// What was found and what was expected stand in the message; nothing is printed on standard output, and nothing that
// looks like the program's own failure: no stack, no file of the program.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, raftSim, words, type Ended } from './binary.ts';

function expectMistake(told: Ended, ...parts: readonly string[]): void {
  expect(told).toMatchObject({ code: 2, out: '' });
  for (const part of parts) expect(told.err).toMatch(part);
  expect(told.err).toMatch(/^raft-sim: /);
  expect(told.err).not.toMatch(/\n\s+at |node_modules|\.js:/);
  expect(told.err.split('\n').length).toBeLessThan(5);
}

const mistakes: readonly (readonly [line: string, ...parts: readonly string[]])[] = [
  ['rum', "unknown command 'rum'", 'did you mean run?'],
  ['run --sead 4', "unknown option '--sead'", 'did you mean --seed?'],
  ['run --election-timeout 4s', "unknown option '--election-timeout'"],
  ['run 42', 'too many arguments'],
  ['run --nodes 0', '--nodes is 0, expected a whole number from 1 to 9'],
  ['run --nodes -1', '--nodes is "-1", expected a whole number'],
  ['run --nodes 2.5', '--nodes is "2.5", expected a whole number'],
  ['run --nodes 1000', '--nodes is 1000, expected a whole number from 1 to 9'],
  ['run --nodes abc', '--nodes is "abc", expected a whole number'],
  ['run --nodes', "'-n, --nodes <n>' argument missing"],
  ['run --for 0', '--for is 0s, expected 1us to 365d'],
  ['run --for banana', '--for is "banana", expected a duration such as'],
  ['run --for -5s', '--for is "-5s", expected a duration such as'],
  ['run --for 10', '--for is 10 without a unit, expected a duration such as'],
  ['run --for 400d', '--for is 400d, expected 1us to 365d'],
  ['run --for 0.5us', '--for is 0.5us, which is finer than a microsecond'],
  ['run --for 5s --steps 10', 'cannot be used with'],
  ['run --steps 0', '--steps is 0, expected a whole number from 1 to'],
  ['run --steps 1e3', '--steps is "1e3", expected a whole number'],
  ['run --profile losy', 'unknown profile "losy", expected one of calm, lossy', 'did you mean lossy?'],
  ['run --profile nonsense', 'unknown profile "nonsense", expected one of calm, lossy'],
  ['run --variant ack-before-persits', 'unknown variant', 'did you mean ack-before-persist?'],
  ['run --property election-safty', 'unknown property', 'did you mean election-safety?'],
  ['run --loss 120%', '--loss is 120%, expected 0% to 100%'],
  ['run --clients 99999999999999999999', '--clients is 99999999999999999999, which is too large to be exact'],
  ['run --for 99999999999999999999s', '--for is 99999999999999999999s, which is too large to be exact'],
  ['run --loss 99999999999999999999%', '--loss is 99999999999999999999%, which is too large to be exact'],
  [`run --steps ${'9'.repeat(400)}`, `--steps is ${'9'.repeat(40)}…, which is too large to be exact`],
  ['run --loss 0.5', '--loss is "0.5", expected odds such as 5%'],
  ['run --loss 0.00001%', 'finer than a part per million'],
  ['run --keys 0', '--keys is 0, expected a whole number from 1 to'],
  ['run --delay-min 20ms', '--delay-min is 20ms, more than --delay-max, which is 10ms'],
  ['run --batch-bytes 0', '--batch-bytes is 0, expected a whole number from 1 to'],
  ['run --backtracking two', 'Allowed choices are term, one'],
  ['run --fail-on everything', 'Allowed choices are unknown'],
  ['run --seed --json', '--seed is followed by --json, expected a whole number or any text'],
  ['run --trace --json', '--trace is "--json", expected the name of a file'],
  ['run --trace missing/folder/t.ndjson', 'cannot write missing/folder/t.ndjson: there is no such file or folder'],
  ['run --trace .', 'cannot write .: it is a folder, not a file'],
  ['replay', "missing required argument 'file'"],
  ['replay missing.ndjson', 'cannot read missing.ndjson: there is no such file or folder'],
  ['replay .', 'cannot read .: it is a folder, not a file'],
  ['replay x --until 1.5', '--until is "1.5", expected a whole number'],
  ['list propertys', 'unknown topic "propertys", expected one of properties', 'did you mean properties?'],
  ['explain election-savety', 'nothing is called "election-savety"', 'did you mean election-safety?'],
  ['explain torn', 'did you mean torn-write or torn-tail-dropped?'],
  ['explain qqqqqq', 'raft-sim list shows what there is'],
];

describe('a mistake at the command line', () => {
  it.concurrent.each(mistakes)('%s', async (line, ...parts) => expectMistake(await raftSim(words(line)), ...parts));

  it.concurrent('an empty seed', async () => {
    expectMistake(await raftSim(['run', '--seed', '']), 'the seed is empty, expected a whole number or any text');
  });

  it.concurrent('a seed of 200 digits', async () => {
    const told = await raftSim(['run', '--seed', '7'.repeat(200)]);
    expectMistake(told, 'the seed has 200 characters, expected at most 100');
  });

  it.concurrent('no command at all: the help, on standard error', async () => {
    const told = await raftSim([]);
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toMatch(/^Usage: raft-sim/);
  });

  it.concurrent('a trace that nobody can create leaves nothing behind', async () => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'file'));
    expectMistake(await raftSim(words('run --trace file'), { cwd }), 'it is a folder, not a file');
    expect(readdirSync(cwd)).toEqual(['file']);
  });

  it.concurrent('a name with control characters, which do not reach the terminal', async () => {
    const told = await raftSim(['replay', 'a\u001b[31mb\u0007']);
    expectMistake(told, 'cannot read a\ufffd[31mb\ufffd: there is no such file');
    expect(told.err).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it.concurrent('a file whose name is almost right', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'election-safety.ndjson'), '');
    const told = await raftSim(words('replay election-safty.ndjson'), { cwd });
    expectMistake(told, 'there is no such file', 'did you mean election-safety.ndjson?');
  });
});
