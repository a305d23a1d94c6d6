// The same program under a terminal: colours, a live line, and terminals that are odd.
//
// A terminal of zero width made ora clear infinitely many lines, at full speed and deaf to SIGTERM; every run here
// has a time limit, so that this never comes back unseen.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasScript, raftSim, underTerminal, words } from './binary.ts';

const ESCAPE = '\x1b[';
const SHORT = 'run --seed 42 --for 1s --settle 500ms';
/** Long enough for the live line to appear. */
const LONG = 'run --seed 42 --for 2m --settle 500ms';
const FRAME = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] [\dhm. ]+s? of 2m · [\d ]+ steps/;

const NEVER_WHOLE = 'run --seed 4 --nodes 3 --profile partitions --for 20s --variant reject-hint-always-last-index';

describe('without a terminal', () => {
  it.concurrent.each([
    ['plain', { NO_COLOR: '' }, false],
    ['forced', { NO_COLOR: '', FORCE_COLOR: '1' }, true],
    ['forced off', { NO_COLOR: '', FORCE_COLOR: '0' }, false],
    ['forced, but not wanted', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('colours: %s', async (_name, env, expected) => {
    const told = await raftSim(words(SHORT), { env });
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out.includes(ESCAPE)).toBe(expected);
  });

  it.concurrent('--no-color comes first', async () => {
    const told = await raftSim(words(`${SHORT} --no-color`), { env: { NO_COLOR: '', FORCE_COLOR: '1' } });
    expect(told.out).not.toContain(ESCAPE);
  });
});

describe.skipIf(!hasScript)('under a terminal (needs the command script)', () => {
  it.concurrent('of 80 columns: colours and a live line, which is gone in the end', async () => {
    const told = await underTerminal(LONG, 80);
    expect(told.code).toBe(0);
    expect(told.out).toContain('\x1b[32m✓ every promise kept\x1b[39m');
    expect(told.out).toMatch(FRAME);
    expect(told.out).toMatch(/\x1b\[0K {2}\x1b\[2mtime /); // oxlint-disable-line no-control-regex
  });

  it.concurrent.each([
    ['NO_COLOR', '', { NO_COLOR: '1' }],
    ['TERM=dumb', '', { TERM: 'dumb' }],
    ['--no-color', ' --no-color', {}],
  ])('no colours with %s', async (_name, more, env) => {
    const told = await underTerminal(`${SHORT}${more}`, 80, { env });
    expect(told.code).toBe(0);
    expect(told.out).not.toContain(ESCAPE);
  });

  it.concurrent('the live line has no colour with NO_COLOR', async () => {
    const told = await underTerminal(LONG, 80, { env: { NO_COLOR: '1' } });
    expect(told.out).toMatch(FRAME);
    expect(told.out).not.toMatch(/\x1b\[\d+m/); // oxlint-disable-line no-control-regex
  });

  it.concurrent.each([
    ['CI', LONG, { CI: 'true' }],
    ['--quiet', `${LONG} --quiet`, {}],
    ['TERM=dumb', LONG, { TERM: 'dumb' }],
  ])('no live line with %s', async (_name, line, env) => {
    const told = await underTerminal(line, 80, { env });
    expect(told.code).toBe(0);
    expect(told.out).toContain('every promise kept');
    expect(told.out).not.toMatch(FRAME);
  });

  it.concurrent('of no width: no live line, and no endless loop', async () => {
    const told = await underTerminal(LONG, 0);
    expect(told).toMatchObject({ code: 0 });
    expect(told.out).not.toMatch(FRAME);
  });

  it.concurrent('of 30 columns: the live line stays one line', async () => {
    const told = await underTerminal(LONG, 30);
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] [^\x1b\n]{1,26}…/); // oxlint-disable-line no-control-regex
  });

  it.concurrent.each([[80], [0]])('exit codes are those of the run, with %i columns', async (columns) => {
    const violated = underTerminal('run --seed 42 --for 5s --variant ack-before-persist', columns);
    const liveness = underTerminal(`${NEVER_WHOLE} --quiet`, columns);
    const mistaken = underTerminal('run --nodes 0', columns);
    const codes = (await Promise.all([violated, liveness, mistaken])).map(({ code }) => code);
    expect(codes).toEqual([1, 4, 2]);
  });

  it.concurrent('the last steps fit into 80 columns', async () => {
    const told = await underTerminal('run --seed 42 --for 5s --variant ack-before-persist --no-color', 80);
    const lines = told.out.split('\n').filter((line) => !line.includes('raft-sim'));
    expect(lines.filter((line) => /^ {2}#\d+ /.test(line))).toHaveLength(12);
    expect(lines.filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  it.concurrent('--json stays one document', async () => {
    const told = await underTerminal(`${SHORT} --json`, 80);
    expect(JSON.parse(told.out)).toMatchObject({ outcome: 'pass' });
  });
});

describe.skipIf(!hasScript)('--show under a terminal (needs the command script)', () => {
  const STORY = `${fileURLToPath(new URL('../../scenarios/situations/two-leaders-by-partition.yaml', import.meta.url))} --no-color`;
  const withoutLanes = (text: string): string =>
    (text.match(/[^\s│█┆‖·┼─▶◀✗●]+/g) ?? []).join(' ').replace('n1 n2 n3 n4 n5 ', '');

  it.concurrent('draws lanes where they fit, and cuts nothing', async () => {
    const [wide, narrow] = await Promise.all(
      [140, 90].map((columns) => underTerminal(`scenario run ${STORY} --show`, columns)),
    );
    expect([wide?.code, narrow?.code]).toEqual([0, 0]);
    expect(wide?.out).toMatch(/^ +n1 +n2 +n3 +n4 +n5$/m);
    expect(wide?.out).toMatch(/^ +#\d+ +[\d:.]+ +┆─+▶│ /m);
    expect(narrow?.out).not.toMatch(/[│█]/);
    for (const line of wide?.out.split('\n') ?? []) expect(line.length).toBeLessThanOrEqual(140);
    const timeless = (text = ''): string => withoutLanes(text).replace(/[\d.]+ m?s\b/g, '');
    expect(timeless(wide?.out)).toBe(timeless(narrow?.out));
  });
});
