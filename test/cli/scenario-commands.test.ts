// `raft-sim scenario list`, `new`, `check`, `record` and `raft-sim schema` on the real binary.
//
// What one of them writes, another one must be able to read.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { scenarioJsonSchema } from '../../src/scenario/schema/json-schema.ts';
import { describe, expect, it } from 'vitest';
import { filesIn, freshFolder, raftSim, words } from './binary.ts';
import { folderWith, stories } from './scenario-stories.ts';

describe('scenario list', () => {
  const caught = stories.passes.replace('steps:', 'catches: [vote-no-log-check, duplicate-votes-counted]\nsteps:');

  it.concurrent('names, files, what is caught, and why', async () => {
    const told = await raftSim(words('scenario list .'), { cwd: folderWith('fails', ['sub/c.yaml', caught]) });
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toBe(`.

fails
  file     fails.yaml
  why      A story for a test, called fails.

sub

passes
  file     sub/c.yaml
  catches  vote-no-log-check, duplicate-votes-counted
  why      A story for a test, called passes.
`);
  });

  it.concurrent('as JSON', async () => {
    const told = await raftSim(words('scenario list --json c.yaml'), { cwd: folderWith(['c.yaml', caught]) });
    expect(JSON.parse(told.out)).toEqual({
      schema: 'raft-sim/scenario-list@1',
      scenarios: [
        {
          name: 'passes',
          file: 'c.yaml',
          why: 'A story for a test, called passes.',
          catches: ['vote-no-log-check', 'duplicate-votes-counted'],
          variant: null,
        },
      ],
    });
  });

  it.concurrent('the others, where one has a mistake', async () => {
    const told = await raftSim(words('scenario list .'), { cwd: folderWith('typo', 'passes') });
    expect(told.code).toBe(2);
    expect(told.out).toContain('  file     passes.yaml\n');
    expect(told.err).toMatch(/^typo\.yaml:5:5: unknown verb "dliver"/);
  });
});

describe('scenario check', () => {
  it.concurrent('says ok to each file that can be played, and plays none', async () => {
    const told = await raftSim(words('scenario check .'), { cwd: folderWith('fails', 'nobody', 'passes') });
    expect(told).toMatchObject({ code: 0, err: '', out: 'ok fails.yaml\nok nobody.yaml\nok passes.yaml\n' });
  });

  it.concurrent('tells all mistakes, with --quiet nothing else', async () => {
    const cwd = folderWith('typo', 'passes', ['u.yaml', stories.typo]);
    const told = await raftSim(words('scenario check . --quiet'), { cwd });
    expect(told).toMatchObject({ code: 2, err: '' });
    expect(told.out).toMatch(
      /^typo\.yaml:5:5: [^]*\ndid you mean deliver\?\nu\.yaml:5:5: [^]*\ndid you mean deliver\?\n$/,
    );
  });

  it.concurrent('as JSON', async () => {
    const told = await raftSim(words('scenario check . --json'), { cwd: folderWith('typo', 'passes') });
    expect(told.code).toBe(2);
    expect(JSON.parse(told.out)).toMatchObject({
      schema: 'raft-sim/scenario-check@1',
      ok: false,
      files: [
        { file: 'passes.yaml', name: 'passes', mistakes: null },
        { file: 'typo.yaml', name: null, mistakes: { inFile: [{ line: 5, column: 5, suggestion: 'deliver' }] } },
      ],
    });
  });
});

describe('scenario new', () => {
  it.concurrent.each(['my-story', 'sub/my-story.yaml', 'true', "it's mine", '8080'])(
    '%s: a file that passes, and is never written over',
    async (name) => {
      const cwd = freshFolder();
      const told = await raftSim(['scenario', 'new', name], { cwd });
      const file = name.endsWith('.yaml') ? name : `${name}.yaml`;
      expect(told).toMatchObject({ code: 0, err: '' });
      expect(told.out).toMatch(/^wrote .*\nplay it: raft-sim scenario run /);
      const beside = file.includes('/') ? 'sub/scenario.schema.json' : 'scenario.schema.json';
      expect(told.out.startsWith(`wrote ${file}, and ${beside} for editors\n`)).toBe(true);
      const written = readFileSync(join(cwd, file), 'utf8');
      expect(written).toMatch(/^# yaml-language-server: \$schema=\.\/scenario\.schema\.json\nname: /);
      const schema = readFileSync(join(cwd, beside), 'utf8');
      expect(JSON.parse(schema)).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));

      const run = await raftSim(['scenario', 'run', file], { cwd });
      expect(run, run.out).toMatchObject({ code: 0, err: '' });
      expect(run.out).toMatch(/^ {2}show at /);
      const again = await raftSim(['scenario', 'new', name], { cwd });
      expect(again).toMatchObject({ code: 2, err: `raft-sim: ${file} is there already, expected a new name\n` });
      expect(readFileSync(join(cwd, file), 'utf8')).toBe(written);
    },
  );

  it.concurrent('names the schema of an installed package', async () => {
    const cwd = freshFolder();
    const schema = join(cwd, 'node_modules/raft-sim/schema');
    mkdirSync(schema, { recursive: true });
    writeFileSync(join(schema, 'scenario.schema.json'), '{}');
    await raftSim(words('scenario new here'), { cwd });
    await raftSim(words('scenario new sub/there'), { cwd });
    const first = (file: string): string => readFileSync(join(cwd, file), 'utf8').split('\n')[0] ?? '';
    expect(first('here.yaml')).toMatch(/ \$schema=\.\/node_modules\/raft-sim\/schema\/scenario\.schema\.json$/);
    expect(first('sub/there.yaml')).toMatch(/ \$schema=\.\.\/node_modules\/raft-sim\/schema\/scenario\.schema\.json$/);
  });
});

describe('scenario record', () => {
  it.concurrent('a trace as a scenario that comes to the same fingerprint', async () => {
    const cwd = freshFolder();
    await raftSim(words('run --seed 3 --nodes 3 --profile lossy --steps 300 --trace t.ndjson --quiet'), { cwd });
    const told = await raftSim(words('scenario record t.ndjson -o kept/t.yaml'), { cwd });
    expect(told).toMatchObject({ code: 0, err: '', out: 'wrote kept/t.yaml\n' });
    expect(filesIn(join(cwd, 'kept'))).toEqual(['t.yaml']);
    const printed = await raftSim(words('scenario record t.ndjson'), { cwd });
    expect(printed.out).toBe(readFileSync(join(cwd, 'kept/t.yaml'), 'utf8'));
    const played = await raftSim(words('scenario run kept/t.yaml --json'), { cwd });
    expect(played.code, played.out).toBe(0);
    const { fingerprint } = (parse(printed.out) as { expect: { fingerprint: string } }).expect;
    expect(JSON.parse(played.out)).toMatchObject({ scenarios: [{ play: { fingerprint } }] });
  });

  it.concurrent('over a file that is there only with --force', async () => {
    const cwd = folderWith('passes');
    await raftSim(words('run --seed 3 --nodes 3 --steps 50 --trace t.ndjson --quiet'), { cwd });
    const refused = await raftSim(words('scenario record t.ndjson -o passes.yaml'), { cwd });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(join(cwd, 'passes.yaml'), 'utf8')).toBe(stories.passes);
    const told = await raftSim(words('scenario record t.ndjson -o passes.yaml --force'), { cwd });
    expect(told).toMatchObject({ code: 0, err: '', out: 'wrote passes.yaml\n' });
    expect(readFileSync(join(cwd, 'passes.yaml'), 'utf8')).toMatch(/^name: a recorded run/);
  });

  it.concurrent('as the documents say: a second of a run', async () => {
    const cwd = freshFolder();
    await raftSim(words('run --seed 7 --for 1s --trace run.ndjson --quiet'), { cwd });
    const told = await raftSim(words('scenario record run.ndjson -o story.yaml'), { cwd });
    expect(told).toMatchObject({ code: 0, err: '', out: 'wrote story.yaml\n' });
    expect(await raftSim(words('scenario run story.yaml'), { cwd })).toMatchObject({ code: 0, err: '' });
  });

  it.concurrent('from standard input', async () => {
    const cwd = freshFolder();
    await raftSim(words('run --seed 3 --nodes 3 --steps 50 --trace t.ndjson --quiet'), { cwd });
    const input = readFileSync(join(cwd, 't.ndjson'), 'utf8');
    const told = await raftSim(words('scenario record -'), { cwd, input });
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/^name: /m);
  });
});

describe('schema', () => {
  it.concurrent('a JSON Schema that the first file of scenario new keeps', async () => {
    const cwd = freshFolder();
    const told = await raftSim(['schema'], { cwd });
    expect(told).toMatchObject({ code: 0, err: '' });
    const schema = JSON.parse(told.out) as { $schema: string };
    expect(schema.$schema).toMatch(/draft-07/);
    const isKept = new Ajv({ strict: false }).compile(schema);
    await raftSim(words('scenario new a'), { cwd });
    expect(isKept(parse(readFileSync(join(cwd, 'a.yaml'), 'utf8'))), JSON.stringify(isKept.errors)).toBe(true);
    expect(isKept(parse(stories.typo))).toBe(false);
  });
});
