// `raft-sim list` and `raft-sim explain`: everything that the tables hold has its line, and every name its page.
//
// The pages are rendered in-process; that the binary prints the same is seen on a few.

import { describe, expect, it } from 'vitest';
import { goalNames } from '../../src/check/goals.ts';
import { allNames, itemsNamed, itemsOf, topics } from '../../src/cli/catalog.ts';
import { explain } from '../../src/cli/explain.ts';
import { faultNames, faultTable } from '../../src/cli/faults.ts';
import { list } from '../../src/cli/list.ts';
import { propertyNames } from '../../src/run/properties.ts';
import { cutNames } from '../../src/sim/cut.ts';
import { parameterNames, parameterTable } from '../../src/sim/parameters.ts';
import { profileNames } from '../../src/sim/profile.ts';
import { variantNames } from '../../src/zoo/variant.ts';
import { raftSim, words } from './binary.ts';
import { paper } from './paper.ts';

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('list', () => {
  it.each([
    ['properties', propertyNames],
    ['faults', [...faultNames, ...cutNames]],
    ['profiles', profileNames],
    ['variants', variantNames],
    ['goals', goalNames],
    ['parameters', parameterNames.map(kebab)],
  ] as const)('%s', (topic, names) => {
    expect(itemsOf(topic).map(({ name }) => name)).toEqual(names);
    const { terminal, out } = paper();
    expect(list(topic, { color: false }, terminal)).toBe(0);
    for (const name of names) expect(out()).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    for (const line of out().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has a fault for every parameter that a calm world has switched off', () => {
    const switches = parameterNames.filter((name) => parameterTable[name].calm === 0 && name !== 'openLoopEvery');
    expect(new Set(faultNames.map((name) => faultTable[name].switch))).toEqual(new Set(switches));
  });

  it('as JSON', () => {
    const { terminal, out } = paper();
    list('variants', { color: false, json: true }, terminal);
    const { schema, topic, items } = JSON.parse(out()) as { schema: string; topic: string; items: object[] };
    expect({ schema, topic, count: items.length }).toEqual({
      schema: 'raft-sim/list@1',
      topic: 'variants',
      count: variantNames.length,
    });
    expect(items[0]).toMatchObject({ name: variantNames[0], breaks: 'election-safety', section: '5.2' });
  });

  it('on the real binary', async () => {
    const [plain, json] = await Promise.all([raftSim(words('list profiles')), raftSim(words('list goals --json'))]);
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toMatch(/^ {2}calm +no faults/);
    expect((JSON.parse(json.out) as { items: object[] }).items).toHaveLength(goalNames.length);
  });
});

describe('explain', () => {
  it.each(allNames())('%s', (name) => {
    const { terminal, out } = paper();
    expect(explain(name, { color: false }, terminal)).toBe(0);
    expect(out()).toMatch(new RegExp(`^${name} · \\w`, 'm'));
    const page = out()
      .split('\n')
      .filter((line) => !line.includes('raft-sim run'));
    for (const line of page) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(parameterNames)('the parameter %s by its name and by its flag', (name) => {
    for (const word of [name, `--${kebab(name)}`]) {
      expect(itemsNamed(word).flatMap(({ facts }) => facts.map(({ value }) => value))).toContain(`--${kebab(name)}`);
    }
  });

  it('says which variants break a property, and what notices a variant', () => {
    const { terminal, out } = paper();
    explain('exactly-once', { color: false }, terminal);
    expect(out()).toMatch(/broken by +retry-without-dedup/);
    explain('retry-without-dedup', { color: false }, terminal);
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
      items: [{ topic: 'faults', kind: 'shape of a cut', name: 'ring' }],
    });
  });

  it('knows every topic', () => expect(topics.every((topic) => itemsOf(topic).length > 0)).toBe(true));
});
