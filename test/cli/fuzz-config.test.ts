// The configuration file of a campaign: it stands for flags, the command line wins, and mistakes in it have a place.
//
// Only plans are shown here (--dry-run): what a flag does to them is the same wherever it comes from.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, raftSim, words, type Ended } from './binary.ts';

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = freshFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

const plans = (line: string, cwd: string): Promise<Ended> => raftSim(words(`fuzz --dry-run ${line}`), { cwd });

const YAML = `# what this team runs every night
fuzz:
  seeds: [4, 2]
  loss: 5%
  noop: false
  nodes: 3
  scheduler: [walk, pct]
  shrink: false
  stop-on-first: true
`;

const AS_FLAGS = '--seeds 2,4 --loss 5% --no-noop --nodes 3 --scheduler walk pct';

describe('a configuration file', () => {
  it.concurrent.each<readonly [string, string]>([
    ['raft-sim.config.yaml', YAML],
    [
      'raft-sim.config.json',
      '{ "fuzz": { "seeds": "2,4", "loss": "5%", "noop": false, "nodes": 3, "scheduler": ["walk", "pct"] } }',
    ],
    [
      'raft-sim.config.mjs',
      'export default { fuzz: { seeds: [2, 4], loss: "5%", noop: false, nodes: 3, scheduler: ["walk", "pct"] } };',
    ],
    [
      'package.json',
      '{\n\t"name": "a-team",\n\t"raft-sim": {\n\t\t"fuzz": { "seeds": [2, 4], "loss": "5%", "noop": false, "nodes": 3, "scheduler": ["walk", "pct"] }\n\t}\n}\n',
    ],
  ])('%s stands for flags', async (name, text) => {
    const typed = await plans(AS_FLAGS, freshFolder());
    expect(typed.out.split('\n')).toHaveLength(3);
    expect(typed.out).toMatch(/^seed 2, 3 nodes, .*no no-op.*loss 5%/);
    expect(await plans('', folderWith({ [name]: text }))).toEqual(typed);
  });

  it.concurrent('gives way to the command line, and to what cannot be used with it', async () => {
    const folder = folderWith({ 'raft-sim.config.yaml': YAML });
    const own = await plans('--seeds 9 --noop --loss 1% --max-failures 3', folder);
    const typed = await plans('--seeds 9 --noop --loss 1% --nodes 3 --scheduler walk pct', freshFolder());
    expect(own).toEqual(typed);
    expect(await plans('--no-config --seeds 9', folder)).toEqual(await plans('--seeds 9', freshFolder()));
  });

  it.concurrent('is found in the folder where fuzz is started, and by its name', async () => {
    const folder = folderWith({ 'raft-sim.config.yaml': YAML });
    mkdirSync(join(folder, 'below'));
    const plain = await plans('--seeds 9', freshFolder());
    expect(await plans('--seeds 9', join(folder, 'below'))).toEqual(plain);
    expect(await plans('--config ../raft-sim.config.yaml', join(folder, 'below'))).toEqual(await plans('', folder));
    expect(await plans('--seeds 9', folderWith({ 'package.json': '{ "name": "raft-sim" }' }))).toEqual(plain);
  });

  it.concurrent('is named by the campaign that takes its flags', async () => {
    const cwd = folderWith({ 'raft-sim.config.yaml': 'fuzz: { seeds: 1, nodes: 3, workers: 1 }\n' });
    const told = await raftSim(words('fuzz'), { cwd });
    expect(told.out).toMatch(
      /^raft-sim fuzz · seeds 1\.\.1 · nodes 3\.\.3 · 1 worker · flags of raft-sim\.config\.yaml\n/,
    );
  });

  it.concurrent.each<readonly [string, string, ...(readonly string[])]>([
    [
      'raft-sim.config.yaml',
      'fuzz:\n  los: 5%\n',
      'raft-sim.config.yaml:2:3: "los" is no flag of fuzz',
      'did you mean loss?',
    ],
    [
      'raft-sim.config.yaml',
      'fuzz:\n  loss: 5x\n',
      'raft-sim.config.yaml:2:9: --loss is "5x", expected odds such as 5%',
    ],
    ['raft-sim.config.yaml', 'fuzz:\n  profile: [calm, losy]\n', 'raft-sim.config.yaml:2:12: unknown profile "losy"'],
    ['raft-sim.config.yaml', 'fuzz:\n  shrink: 3\n', 'raft-sim.config.yaml:2:11: shrink is 3, expected true or false'],
    ['raft-sim.config.yaml', 'fuzz:\n  nodes: true\n', ':2:10: nodes is true, expected what stands behind --nodes'],
    ['raft-sim.config.yaml', 'fuzz:\n  resume: true\n', ':2:3: "resume" is for the command line alone'],
    ['raft-sim.config.yaml', 'fuz: {}\n', 'raft-sim.config.yaml:1:1: "fuz" is no command, expected fuzz'],
    ['raft-sim.config.yaml', 'fuzz: [a]\n', 'raft-sim.config.yaml:1:7: a list, expected a mapping of flags'],
    [
      'raft-sim.config.yaml',
      'fuzz:\n  stop-on-first: true\n  max-failures: 3\n',
      ':1:1: stop-on-first cannot be used with max-failures',
    ],
    ['raft-sim.config.json', '{ "fuzz": { "seeds": }', 'raft-sim.config.json:1:'],
    [
      'raft-sim.config.mjs',
      'export default { fuzz: { loss: 12 } };',
      'raft-sim.config.mjs: fuzz.loss: --loss is "12", expected odds',
    ],
    ['raft-sim.config.mjs', 'export const fuzz = 1;', 'raft-sim.config.mjs exports nothing by default'],
    ['raft-sim.config.mjs', 'throw new Error("planted");', 'cannot load raft-sim.config.mjs: planted'],
    [
      'package.json',
      '{\n  "raft-sim": {\n    "fuzz": { "nodes": 99 }\n  }\n}',
      'package.json:3:24: --nodes is 99, expected numbers up to 9',
    ],
  ])('%s: %j is refused with its place', async (name, text, ...parts) => {
    const told = await plans('--seeds 1', folderWith({ [name]: text }));
    expect(told).toMatchObject({ code: 2, out: '' });
    for (const part of parts) expect(told.err).toContain(part);
    expect(told.err).not.toMatch(/\n\s+at |node_modules/);
  });

  it.concurrent('two of them are one too many', async () => {
    const cwd = folderWith({ 'raft-sim.config.yaml': YAML, 'raft-sim.config.json': '{}' });
    expect((await plans('--seeds 1', cwd)).err).toContain(
      'there are raft-sim.config.yaml and raft-sim.config.json, expected one configuration file',
    );
  });
});
