// `raft-sim list` and `raft-sim explain`: everything that the tables hold has its line, and every name its page.
//
// The pages are rendered in-process; that the binary prints the same is seen on a few.

import { describe, expect, it } from 'vitest';
import { goalNames } from '../../src/check/goals.ts';
import { allNames, itemsNamed, itemsOf } from '../../src/cli/list/catalog.ts';
import { explain } from '../../src/cli/explain/explain.ts';
import { faultNames, faultTable } from '../../src/sim/faults/table.ts';
import { list } from '../../src/cli/list/list.ts';
import { topics } from '../../src/cli/list/topics.ts';
import { nodeOptionRows } from '../../src/run/node-options.ts';
import { propertyNames } from '../../src/run/properties.ts';
import { cutNames } from '../../src/sim/network/partition.ts';
import { parameterNames, parameterTable } from '../../src/sim/parameters.ts';
import { profileNames } from '../../src/sim/faults/profile.ts';
import { schedulerNames } from '../../src/sim/schedule/scheduler.ts';
import { conditionNames } from '../../src/scenario/conditions/conditions.ts';
import { groupNames } from '../../src/scenario/conditions/selector.ts';
import { verbNames } from '../../src/scenario/verbs/verbs.ts';
import { variantNames } from '../../src/zoo/variant.ts';
import { raftSim, words } from './binary.ts';
import { paper } from './paper.ts';

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const names = await allNames();

describe('list', () => {
  it.each([
    ['properties', propertyNames],
    ['faults', [...faultNames, ...cutNames]],
    ['profiles', profileNames],
    ['variants', variantNames],
    ['goals', goalNames],
    ['parameters', parameterNames.map(kebab)],
    ['options', nodeOptionRows.map(([, { flag }]) => flag)],
    ['schedulers', schedulerNames],
    ['verbs', verbNames],
    ['conditions', conditionNames],
    ['groups', groupNames],
  ] as const)('%s', async (topic, known) => {
    expect((await itemsOf(topic)).map(({ name }) => name)).toEqual(known);
    const { terminal, out } = paper();
    expect(await list(topic, { color: false }, terminal)).toBe(0);
    for (const name of known) expect(out()).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    for (const line of out().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has a fault for every parameter that a calm world has switched off', () => {
    // What clients do, and what only shapes another fault, is no fault of its own.
    const others = ['openLoopEvery', 'lossCorrelation', 'lostAtEnd', 'readAtFollower', 'readByIndex', 'readByLease'];
    const switches = parameterNames.filter((name) => parameterTable[name].calm === 0 && !others.includes(name));
    expect(new Set(faultNames.map((name) => faultTable[name].switch))).toEqual(new Set(switches));
  });

  it('the topics, where none is named', async () => {
    const { terminal, out } = paper();
    expect(await list(undefined, { color: false }, terminal)).toBe(0);
    expect(out()).toMatch(/^ {2}properties +the promises that are checked after every step\n/);
    expect(out().trimEnd().split('\n')).toHaveLength(topics.length);
    const json = paper();
    await list(undefined, { color: false, json: true }, json.terminal);
    expect(JSON.parse(json.out())).toMatchObject({ schema: 'raft-sim/topics@1', topics: { length: topics.length } });
  });

  it('as JSON', async () => {
    const { terminal, out } = paper();
    await list('variants', { color: false, json: true }, terminal);
    const { schema, topic, items } = JSON.parse(out()) as { schema: string; topic: string; items: object[] };
    expect({ schema, topic, count: items.length }).toEqual({
      schema: 'raft-sim/list@1',
      topic: 'variants',
      count: variantNames.length,
    });
    expect(items[0]).toMatchObject({ name: variantNames[0], breaks: 'election-safety', section: '5.2' });
  });

  it('on the real binary', async () => {
    const [plain, json, bare] = await Promise.all([
      raftSim(words('list profiles')),
      raftSim(words('list goals --json')),
      raftSim(words('list')),
    ]);
    expect(bare).toMatchObject({ code: 0, err: '' });
    expect(bare.out).toMatch(/^ {2}verbs +what a step of a scenario can be$/m);
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toMatch(/^ {2}calm +no faults/);
    expect((JSON.parse(json.out) as { items: object[] }).items).toHaveLength(goalNames.length);
  });
});

describe('explain', () => {
  it.each(names)('%s', async (name) => {
    const { terminal, out } = paper();
    expect(await explain(name, { color: false }, terminal)).toBe(0);
    expect(out()).toMatch(new RegExp(`^${name} · \\w`, 'm'));
    const page = out()
      .split('\n')
      .filter((line) => !line.includes('raft-sim run'));
    for (const line of page) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(parameterNames)('the parameter %s by its name and by its flag', async (name) => {
    for (const word of [name, `--${kebab(name)}`]) {
      expect((await itemsNamed(word)).flatMap(({ facts }) => facts.map(({ value }) => value))).toContain(
        `--${kebab(name)}`,
      );
    }
  });

  it('tells a verb of the scenario language: its short form, its fields, an example', async () => {
    const { terminal, out } = paper();
    await explain('fail-write', { color: false }, terminal);
    expect(out()).toBe(`fail write · verb
  The oldest write of a node fails, and the node stops; for clusters whose
  writes are done by hand.

  short form      fail write: X means fail write: { node: X }
  needs           cluster: { byHand: [writes] }
  fields          node: one or several nodes
                  error: write (default) or sync: which of the two fails
                  kept: how many cached writes reach the disk all the same
                  (default: 0)
  example         - fail write: n2
`);
  });

  it('says which variants break a property, and what notices a variant', async () => {
    const { terminal, out } = paper();
    await explain('exactly-once', { color: false }, terminal);
    expect(out()).toMatch(/broken by +retry-without-dedup/);
    await explain('retry-without-dedup', { color: false }, terminal);
    expect(out()).toMatch(/breaks +exactly-once/);
    expect(out()).toMatch(/noticed by +linearizability/);
  });

  it('on the real binary, also as JSON', async () => {
    const [plain, json] = await Promise.all([
      raftSim(words('explain election-safety')),
      raftSim(words('explain ring --json')),
    ]);
    expect(plain.out).toMatch(/^election-safety · property\n {2}At most one leader is elected in a term\.\n/);
    expect(JSON.parse(json.out)).toMatchObject({
      schema: 'raft-sim/explain@1',
      items: [
        { topic: 'faults', kind: 'shape of a cut', name: 'ring' },
        { topic: 'verbs', kind: 'verb', name: 'ring', example: '- ring: all' },
      ],
    });
  });

  it.each(topics)('knows the topic %s', async (topic) => expect(await itemsOf(topic)).not.toEqual([]));
});
