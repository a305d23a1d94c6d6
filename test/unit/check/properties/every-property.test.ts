// No property without a test of its own, and none whose words are missing.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freshGhost } from '../../../../src/check/monitor.ts';
import { defaultNodeOptions } from '../../../../src/raft/options.ts';
import { propertyNames, propertyTable } from '../../../../src/run/properties.ts';
import { parametersWith } from '../../../../src/sim/parameters.ts';
import { World } from '../../../../src/sim/world.ts';
import { Puppet } from '../../../support/stage.ts';

const here = new URL('./', import.meta.url);
const texts = new Map(
  readdirSync(here)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => [name, readFileSync(new URL(name, here), 'utf8')]),
);

describe('every property', () => {
  it.each(propertyNames)('%s has a test file that puts it on a stage', (name) => {
    const onStage = new RegExp(`promise\\(\\s*'${name}'|new Stage\\('${name}'`);
    const files = [...texts].filter(([, text]) => onStage.test(text)).map(([file]) => file);
    expect(files.length, `no test in test/unit/check plays ${name}`).toBeGreaterThan(0);
    expect(texts.has(`${name}.test.ts`), `test/unit/check/${name}.test.ts`).toBe(true);
  });

  it.each(propertyNames)('%s knows its own name and mood, and is told in whole sentences', (name) => {
    const { mood, promise, section, typicalBugs, make } = propertyTable[name];
    const world = new World([new Puppet()]);
    const property = make(freshGhost(1), world, { parameters: parametersWith({}), node: defaultNodeOptions });
    expect([property.name, property.mood]).toEqual([name, mood]);
    // One that speaks during the run may say at its end that it could not tell.
    if (mood === 'eventually') expect(property.finish !== undefined).toBe(true);
    expect(promise).toMatch(/^[A-Z].*\.$/);
    expect(['safety', 'liveness']).toContain(propertyTable[name].kind);
    expect(propertyTable[name].needs.length).toBeGreaterThan(0);
    expect(section).toMatch(/\d|Figure/);
    expect(typicalBugs.length).toBeGreaterThan(0);
  });

  it('is told apart by its kind and needs, never by the name of bounded liveness', () => {
    const root = new URL('../../../../src/', import.meta.url);
    const naming = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .filter((path) => readFileSync(new URL(path, root), 'utf8').includes("'bounded-liveness'"));
    // A variant names the property that it breaks.
    const others = naming.filter((path) => !path.startsWith('zoo/variants/'));
    expect(others).toEqual(['check/properties/bounded-liveness.ts']);
  });
});
