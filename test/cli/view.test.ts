// `raft-sim view` and the pages that other commands write beside what they do.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, raftSim, words } from './binary.ts';

const FAILING = '--seed 3 --variant vote-no-log-check';
const isPage = (path: string): boolean => readFileSync(path, 'utf8').includes('"playground":null');

describe('view', () => {
  it('writes beside the file, or among the reports, and where --out says', async () => {
    const cwd = freshFolder();
    await raftSim(words(`run ${FAILING} --quiet --trace run.trace.ndjson`), { cwd });
    const beside = await raftSim(words('view run.trace.ndjson --no-open'), { cwd });
    expect([beside.code, beside.out]).toEqual([0, 'wrote run.html\n']);
    expect(isPage(join(cwd, 'run.html'))).toBe(true);
    const drawn = await raftSim(words('view --seed 3 --steps 100 --no-open'), { cwd });
    expect(drawn.out).toBe('wrote reports/run-3.html\n');
    await raftSim(words('view run.trace.ndjson --no-open --out other/page.html'), { cwd });
    expect(isPage(join(cwd, 'other/page.html'))).toBe(true);
  });

  it('refuses what no page can be made of, with the place', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'cut.ndjson'), '{"raft-sim":"trace","format":1');
    writeFileSync(join(cwd, 'wrong.yaml'), 'name: a story\nwhy: it has a mistake\nsteps:\n  - timeuot: n1\n');
    for (const [line, message] of [
      ['view cut.ndjson', 'cut.ndjson:1:'],
      ['view wrong.yaml', 'wrong.yaml:4:'],
      ['view missing.ndjson', 'cannot read missing.ndjson'],
      ['view wrong.yaml --loss 5%', 'leave out --loss'],
      [`view ${FAILING} --export bananas`, 'bananas'],
      [`view ${FAILING} --export svg --from 900`, '--from 900'],
    ] as const) {
      const { code, err } = await raftSim(words(`${line} --no-open`), { cwd });
      expect([line, code]).toEqual([line, 2]);
      expect(err).toContain(message);
    }
  });

  it('prints the lanes where there is no terminal', async () => {
    const { code, out } = await raftSim(words(`view ${FAILING} --terminal`));
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toContain('n1    n2');
    expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(818);
    expect(lines.at(-1)).toContain('leader-completeness broken at step 818');
  });
});

describe('--html', () => {
  it('of run, replay, scenario run and shrink', async () => {
    const cwd = freshFolder();
    await raftSim(words(`run ${FAILING} --quiet --trace run.ndjson --html run.html`), { cwd });
    await raftSim(words('replay run.ndjson --quiet --html replay.html'), { cwd });
    await raftSim(words(`shrink ${FAILING} --quiet --html shrink.html -o small.yaml`), { cwd });
    await raftSim(words('scenario run small.yaml --quiet --html scenario.html'), { cwd });
    for (const name of ['run', 'replay', 'shrink', 'scenario'])
      expect(isPage(join(cwd, `${name}.html`)), name).toBe(true);
  });
});

describe('a campaign', () => {
  it('leaves a page beside each finding, and report makes one of the whole', async () => {
    const cwd = freshFolder();
    await raftSim(
      words(
        'fuzz --seeds 1..20 --variant vote-not-persisted-before-reply --nodes 3 --workers 1 --quiet --reports night',
      ),
      { cwd },
    );
    const [finding = ''] = readdirSync(join(cwd, 'night')).filter((name) => name.startsWith('durability-honesty'));
    expect(isPage(join(cwd, 'night', finding, 'report.html'))).toBe(true);
    const { code, out } = await raftSim(words('report night'), { cwd });
    expect([code, out]).toEqual([0, 'wrote night/report.html\n']);
    const text = readFileSync(join(cwd, 'night/report.html'), 'utf8');
    const links = Array.from(text.matchAll(/href="([^"]+)"/g), ([, name = '']) => name);
    expect(links).toContain(`${finding}/report.html`);
    expect(links.every((name) => existsSync(join(cwd, 'night', name)))).toBe(true);
    expect(text).toContain("default-src 'none'; style-src 'sha256-");
    const again = await raftSim(words('report nowhere'), { cwd });
    expect([again.code, again.err.includes('nowhere')]).toEqual([2, true]);
  });
});
