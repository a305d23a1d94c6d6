// Every JSON document that the program prints holds its published schema, key by key.
//
// A published schema allows keys that a later version may add. Here it is tightened, so that a key that is printed and
// not published fails as well as one that is published and not printed.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { documentNames } from '../../src/cli/schema/document-names.ts';
import { freshFolder, raftSim, words } from './binary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cwd = freshFolder();

type Json = Record<string, unknown>;

const published = (name: string): Json => JSON.parse(readFileSync(`${root}schema/${name}.schema.json`, 'utf8')) as Json;

/** No key but those that are named. */
function tightened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tightened);
  if (typeof schema !== 'object' || schema === null) return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, tightened(value)]));
  return 'properties' in schema && 'required' in schema ? { additionalProperties: false, ...all } : all;
}

const validators = new Map<string, ReturnType<Ajv['compile']>>();

/** What is wrong with a document, as it is published. */
function problemsOf(name: string, document: unknown): string[] {
  let validate = validators.get(name);
  if (validate === undefined) {
    validate = new Ajv({ allErrors: true, strict: false }).compile(tightened(published(name)) as object);
    validators.set(name, validate);
  }
  void validate(document);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
}

const head = 'why: it shows what a document looks like\ncluster: { nodes: 3 }\n';
const stories = {
  'passes.yaml': `name: passes\n${head}steps:\n  - until: { leader: any }\n`,
  'fails.yaml': `name: fails\n${head}steps:\n  - until: { leader: any }\nexpect: { logs: { n2: 1 1 1 } }\n`,
  'wrong.yaml': `name: wrong\n${head}steps:\n  - runn: 1s\n`,
};

const histories = {
  'servers.ndjson':
    '{"server": "n1", "event": "role", "term": 1, "role": "leader"}\n' +
    '{"server": "n2", "event": "role", "term": 1, "role": "leader"}\n',
  'good.edn': '[0 :invoke :read nil]\n[0 :ok :read nil]\n',
  'bad.ndjson':
    '{"process": 1, "op": "write", "key": "x", "value": 1, "start": 1}\n' +
    '{"process": 2, "op": "read", "key": "x", "start": 2, "end": 3, "result": 2}\n',
};

beforeAll(async () => {
  for (const [name, text] of Object.entries(histories)) writeFileSync(join(cwd, name), text);
  for (const [name, text] of Object.entries(stories)) writeFileSync(join(cwd, name), text);
  await raftSim(words('run --seed 5 --for 5s --variant ack-before-persist --quiet --trace broken.ndjson'), { cwd });
  const text = readFileSync(join(cwd, 'broken.ndjson'), 'utf8');
  writeFileSync(join(cwd, 'edited.ndjson'), text.replace('"ack-before-persist"', 'null'));
});

/** By document: command lines that print one, together with all that it may hold. */
const printed: readonly (readonly [name: string, line: string])[] = [
  ['run', 'run --seed 42 --for 1s --json'],
  ['run', 'run --seed 5 --for 5s --variant ack-before-persist --json'],
  ['run', 'run --seed 42 --steps 300 --scheduler walk --no-noop --json'],
  ['replay', 'replay broken.ndjson --json'],
  ['replay', 'replay broken.ndjson --until 140 --json'],
  ['replay', 'replay edited.ndjson --json'],
  ['shrink', 'shrink broken.ndjson --shrink-time 2s --json -o shrunk.yaml'],
  ['shrink', 'shrink --seed 42 --for 1s --profile calm --json'],
  ['scenarios', 'scenario run passes.yaml fails.yaml wrong.yaml --json'],
  ['scenarios', `scenario run ${root}scenarios/paper --variant vote-no-log-check --json`],
  ['scenario-list', `scenario list ${root}scenarios/paper --json`],
  ['scenario-check', 'scenario check passes.yaml wrong.yaml --json'],
  ['campaign-report', 'fuzz --seeds 1..8 --workers 1 --reports clean --json'],
  [
    'campaign-report',
    'fuzz --seeds 1..8 --workers 1 --variant ack-before-persist --shrink-time 1s --reports found --json',
  ],
  ['campaign-report', 'fuzz --seeds 1..8 --workers 1 --variant ack-before-persist --no-shrink --reports seeds --json'],
  ['explore', 'explore --terms 1 --calls 0 --messages 2 --json'],
  ['explore', 'explore --variant vote-no-log-check --json'],
  ['explore', 'explore --max-time 1ms --json'],
  ['check-history', 'check-history good.edn --json'],
  ['check-history', 'check-history bad.ndjson --json'],
  ['check-history', 'check-history bad.ndjson --steps 1 --json'],
  ['validate', 'validate servers.ndjson --json'],
  ['topics', 'list --json'],
  ...['properties', 'faults', 'variants', 'goals', 'parameters', 'verbs', 'conditions', 'groups', 'schedulers'].map(
    (topic) => ['list', `list ${topic} --json`] as const,
  ),
  ['explain', 'explain crash --json'],
  ['explain', 'explain vote-no-log-check --json'],
];

describe('a document', () => {
  it.concurrent.each(printed)('%s is what raft-sim %s prints', async (name, line) => {
    const { out, code } = await raftSim(words(line), { cwd });
    expect(code).not.toBe(70);
    expect(out.split('\n')).toHaveLength(2);
    const document = JSON.parse(out) as Json;
    expect(problemsOf(name, document)).toEqual([]);
    for (const key of Object.keys(document)) {
      const { [key]: _, ...without } = document;
      expect(problemsOf(name, without)).not.toEqual([]);
    }
    expect(problemsOf(name, { ...document, another: 1 })).not.toEqual([]);
  });

  it.concurrent('campaign-report is what merge-reports prints', async () => {
    const folder = freshFolder();
    for (const i of [1, 2]) {
      await raftSim(words(`fuzz --seeds 1..64 --shard ${i}/2 --workers 1 --reports shards/${i} --quiet`), {
        cwd: folder,
      });
    }
    const { out } = await raftSim(words('merge-reports shards --json'), { cwd: folder });
    expect(problemsOf('campaign-report', JSON.parse(out))).toEqual([]);
  });

  it.concurrent('campaign is what a campaign leaves in its folder', async () => {
    const folder = freshFolder();
    const line = 'fuzz --seeds 1..8 --workers 1 --variant ack-before-persist --shrink-time 1s --reports saved --quiet';
    await raftSim(words(line), { cwd: folder });
    const saved = JSON.parse(readFileSync(join(folder, 'saved', 'campaign.json'), 'utf8')) as Json;
    expect(saved['witnesses']).not.toEqual([]);
    expect(problemsOf('campaign', saved)).toEqual([]);
    expect(problemsOf('campaign', { ...saved, another: 1 })).not.toEqual([]);
    expect(problemsOf('campaign', { ...saved, shard: { index: -1, count: 1 } })).not.toEqual([]);
  });

  it('of every name is printed by some command, or is read', () => {
    const tested = new Set(printed.map(([name]) => name));
    expect(documentNames.filter((name) => !tested.has(name))).toEqual(['scenario', 'campaign']);
  });
});

describe('raft-sim schema', () => {
  it.concurrent.each(documentNames)('%s prints the published schema', async (name) => {
    const { out, code } = await raftSim(['schema', name]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(published(name));
  });

  it.concurrent('prints that of scenarios without a name, and refuses what it does not know', async () => {
    expect(JSON.parse((await raftSim(['schema'])).out)).toEqual(published('scenario'));
    const told = await raftSim(['schema', 'runs']);
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toContain('Allowed choices are scenario, run, replay');
  });
});
