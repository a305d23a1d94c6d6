// `raft-sim scenario run` and `list`: which scenarios are meant by names, patterns, bugs and the last failure; `--watch`.
//
// Nothing here depends on how fast the machine is: what is waited for is an event of the program.

import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, filesIn, freshFolder, raftSim, start, words } from './binary.ts';
import { folderWith, stories } from './scenario-stories.ts';

const GENEROUS = 50_000;
const caught = stories.passes
  .replace('steps:', 'catches: vote-no-log-check\nsteps:')
  .replace('name: passes', 'name: a bug');

const filesListed = async (line: string, cwd: string): Promise<string[]> => {
  const { out } = await raftSim(words(`scenario list --json ${line}`), { cwd });
  return (JSON.parse(out) as { scenarios: { file: string }[] }).scenarios.map(({ file }) => file);
};

describe('a word that is no file', () => {
  it('is the name of a scenario of the library, from any folder', { timeout: GENEROUS }, async () => {
    const told = await raftSim(words('scenario run two-leaders-by-partition paper/figure-8d-overwrite --quiet'));
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/^✓ 2 passed · /);
  });

  it('is the name that a file gives itself, here before elsewhere', { timeout: GENEROUS }, async () => {
    const mine = ['scenarios/mine/two-leaders-by-partition.yaml', stories.passes] as const;
    const cwd = folderWith(mine, ['scenarios/other.yaml', caught]);
    expect(await filesListed('two-leaders-by-partition', cwd)).toEqual([mine[0]]);
    const byName = await raftSim(['scenario', 'list', '--json', 'a bug'], { cwd });
    expect(byName.out).toContain('"scenarios/other.yaml"');
  });

  it('is a pattern that no shell has read', { timeout: GENEROUS }, async () => {
    const cwd = folderWith(['a/one.yaml', stories.passes], ['a/b/one.yml', stories.passes], ['a/two.yaml', caught]);
    expect(await filesListed('**/one.y*ml', cwd)).toEqual(['a/b/one.yml', 'a/one.yaml']);
    expect(await raftSim(['scenario', 'list', '**/three*'], { cwd })).toMatchObject({
      code: 2,
      err: 'raft-sim: no scenario is like **/three*: expected files that end in .yaml or .yml\n',
    });
  });

  it('is told with the nearest name', { timeout: GENEROUS }, async () => {
    const { code, err } = await raftSim(words('scenario run two-leders-by-partition'));
    expect(code).toBe(2);
    expect(err).toMatch(/there is no such file or folder\ndid you mean two-leaders-by-partition\?\n$/);
  });
});

it(
  'without words the library of the package is meant, where there is no folder scenarios/',
  { timeout: GENEROUS },
  async () => {
    const files = await filesListed('--catches duplicate-votes-counted', freshFolder());
    expect(files.some((file) => file.endsWith('/scenarios/bugs/duplicate-votes-counted.yaml'))).toBe(true);
    const cwd = folderWith(['scenarios/a.yaml', caught]);
    expect(await filesListed('', cwd)).toEqual(['scenarios/a.yaml']);
  },
);

describe('filters', () => {
  const cwd = folderWith('passes', 'fails', 'typo', ['c.yaml', caught]);

  it.each([
    ['--grep ^PASS', ['passes.yaml']],
    ['--grep a.bug', ['c.yaml']],
    ['--grep c.yaml$', ['c.yaml']],
    ['--catches vote-no-log-check', ['c.yaml']],
  ])('%s', { timeout: GENEROUS }, async (flags, files) => {
    expect(await filesListed(`. ${flags}`, cwd)).toEqual(files);
  });

  it.each([
    ['--grep nothing', 'nothing to play: none of the 4 scenarios are wanted by --grep nothing'],
    ['--grep (', '--grep is "(", expected a regular expression: Unterminated group'],
    ['--catches vote-no-logcheck', 'unknown variant "vote-no-logcheck"'],
    ['--last-failed', 'nothing to play again: no scenario failed the last time'],
  ])('%s is refused', { timeout: GENEROUS }, async (flags, message) => {
    const { code, err } = await raftSim(words(`scenario run . ${flags}`), { cwd });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

it('--last-failed plays what did not pass, until it does', { timeout: GENEROUS }, async () => {
  const cwd = folderWith('passes', 'fails', 'typo');
  const run = (line: string) => raftSim(words(`scenario run ${line} --quiet`), { cwd });
  expect((await run('passes.yaml')).code).toBe(0);
  expect(existsSync(join(cwd, '.raft-sim'))).toBe(false);
  await run('.');
  const state = join(cwd, '.raft-sim/last-failed.json');
  expect(JSON.parse(readFileSync(state, 'utf8'))).toEqual({
    schema: 'raft-sim/last-failed@1',
    files: ['fails.yaml', 'typo.yaml'],
  });
  expect(filesIn(join(cwd, '.raft-sim'))).toEqual(['.gitignore', 'last-failed.json']);
  writeFileSync(join(cwd, 'typo.yaml'), stories.passes);
  expect((await run('. --last-failed')).out).toMatch(/^✗ 1 failed, 1 passed · /m);
  writeFileSync(join(cwd, 'fails.yaml'), stories.passes);
  expect((await run('. --last-failed')).out).toMatch(/^✓ 1 passed · /m);
  expect(existsSync(state)).toBe(false);
});

describe('--watch', () => {
  it('plays again what changed, and nothing else, until a signal', { timeout: GENEROUS }, async () => {
    const cwd = folderWith('passes', 'shows');
    const child = start(words('scenario run . --watch --quiet'), { cwd });
    const end = ended(child);
    const says = (pattern: RegExp): Promise<void> =>
      new Promise((resolve) => {
        let text = '';
        const onData = (piece: string): void => {
          text += piece;
          if (!pattern.test(text)) return;
          child.stdout.off('data', onData);
          resolve();
        };
        child.stdout.on('data', onData);
      });
    const isWaiting = async (): Promise<void> => void (await once(child.stderr, 'data'));
    await Promise.all([says(/^✓ 2 passed/m), isWaiting()]);
    const second = Promise.all([says(/^✗ 1 failed, 0 passed/m), isWaiting()]);
    writeFileSync(join(cwd, 'passes.yaml'), stories.fails);
    await second;
    const third = Promise.all([says(/^✓ 1 passed/m), isWaiting()]);
    writeFileSync(join(cwd, 'passes.yaml'), stories.passes);
    await third;
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, err: 'watching 2 files: Ctrl-C ends\n'.repeat(3) });
  });

  it('is not for standard input', { timeout: GENEROUS }, async () => {
    const told = await raftSim(words('scenario run - --watch'), { input: stories.passes });
    expect(told).toMatchObject({ code: 2, err: 'raft-sim: --watch is for files, found - for standard input\n' });
  });
});
