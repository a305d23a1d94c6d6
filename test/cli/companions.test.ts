// A variant that switches an option of the node says so, in the header and with what is broken, whichever command runs it.
//
// The same run is run, replayed and shrunk; a campaign finds the same bug by itself.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, raftSim, words } from './binary.ts';

const RUN = '--variant zero-prev-index-always-matches --profile partitions --for 20s --seed 3';
const SAID = ' variant zero-prev-index-always-matches switches --backtracking one: the usual node may hide its bug';
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
const timesSaid = (text: string): number => flat(text).split(SAID).length - 1;

describe('a variant with a companion', () => {
  it('is told by run, replay and shrink, above the run and with its failure', async () => {
    const cwd = freshFolder();
    const ran = await raftSim(words(`run ${RUN}`), { cwd });
    expect(ran.code).toBe(1);
    expect(timesSaid(ran.out)).toBe(2);
    const [file = ''] = readdirSync(join(cwd, 'reports'));
    const [quiet, json, replayed, shrunk] = await Promise.all([
      raftSim(words(`run ${RUN} --quiet --reports other`), { cwd }),
      raftSim(words(`run ${RUN} --json --reports other`), { cwd }),
      raftSim(['replay', join('reports', file)], { cwd }),
      raftSim(['shrink', join('reports', file), '--shrink-time', '100ms'], { cwd }),
    ]);
    expect(timesSaid(quiet.out)).toBe(1);
    expect((JSON.parse(json.out) as { companions: string[] }).companions).toEqual([
      'zero-prev-index-always-matches switches --backtracking one: the usual node may hide its bug',
    ]);
    expect(timesSaid(replayed.out)).toBe(2);
    expect(shrunk.code).toBe(1);
    expect(timesSaid(shrunk.out)).toBe(1);
  });

  it('is told by fuzz in its header, and with each way to fail', async () => {
    const seeds = '--seeds 1..40 --variant commit-counts-prior-term --no-shrink --max-failures 1 --workers 1';
    const { out, code } = await raftSim(words(`fuzz ${seeds}`), { cwd: freshFolder() });
    expect(code).toBe(1);
    const ways = out.match(/^✗ [\w-]+ broken$/gm) ?? [];
    expect(ways.length).toBeGreaterThan(0);
    expect(flat(out).split(' variant commit-counts-prior-term switches --no-noop: ')).toHaveLength(ways.length + 2);
  });

  it('that the user overrules says that, too', async () => {
    const { out } = await raftSim(words('run --variant commit-counts-prior-term --noop --seed 1 --steps 50'));
    expect(flat(out)).toContain(
      '--noop was asked for, against what commit-counts-prior-term switches: its bug may stay hidden',
    );
  });
});
