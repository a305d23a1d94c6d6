// The library: every scenario passes on the correct node, and fails under each variant that it claims to catch.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { planOfScenario, type Scenario } from '../../src/scenario/load.ts';
import { playScenario, type Played } from '../../src/scenario/interpreter/play.ts';
import { variantNames } from '../../src/zoo/variant.ts';
import { readStory } from '../support/scenario.ts';

const root = new URL('../../scenarios/', import.meta.url).pathname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .toSorted();

const scenarios = new Map<string, Scenario>();
const scenario = (file: string): Scenario => {
  const known = scenarios.get(file) ?? readStory(readFileSync(join(root, file), 'utf8'), file);
  scenarios.set(file, known);
  return known;
};

function played(file: string, seed?: string, variant?: string): Played {
  const read = scenario(file);
  return playScenario(read, planOfScenario(read, { seed, variant }));
}

const tell = (file: string, { failure }: Played): string =>
  failure === undefined
    ? 'passed'
    : `${scenario(file).source.where(failure.path)}: expected ${failure.expected}, found ${failure.found}`;

/** No story tells them yet; `test/zoo` finds each by its hunt. */
const HUNTED_ONLY = ['progress-not-reset-on-election', 'lease-from-the-answer'];

beforeAll(() => {
  for (const file of files) scenario(file);
});

describe('the library', () => {
  it('has at least seventy files', () => {
    expect(files.length).toBeGreaterThanOrEqual(70);
  });

  it('has no name twice', () => {
    const names = files.map((file) => scenario(file).raw.name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('catches every variant', () => {
    const caught = new Set(files.flatMap((file) => scenario(file).raw.catches ?? []));
    expect(variantNames.filter((name) => !caught.has(name))).toEqual(HUNTED_ONLY);
  });

  it.each(files)('%s passes', (file) => {
    expect(tell(file, played(file))).toBe('passed');
  });

  it.each(files)('%s passes with other seeds', (file) => {
    for (const seed of ['1', '2', '3']) expect(tell(file, played(file, seed))).toBe('passed');
  });

  it('gives the same fingerprint twice', () => {
    for (const file of files) expect(played(file).run.fingerprint, file).toBe(played(file).run.fingerprint);
  });

  it('says something at its end, or breaks what it says', () => {
    const silent = files.filter((file) => {
      const { expect: end, eventually, steps, never } = scenario(file).raw;
      const asks = (steps ?? []).some((step) => JSON.stringify(step).match(/"(expect|until|agree)"/) !== null);
      return end === undefined && eventually === undefined && never === undefined && !asks;
    });
    expect(silent).toEqual([]);
  });
});

describe('a scenario fails under the variant that it catches', () => {
  const pairs = files.flatMap((file) =>
    [scenario(file).raw.catches ?? []].flat().map((variant) => [file, variant] as const),
  );

  it.each(pairs)('%s: %s', (file, variant) => {
    const { failure } = played(file, undefined, variant);
    expect(failure).toBeDefined();
    expect(failure?.kind).not.toBe('mistake');
    // Not because of the options that the variant needs: the correct node with these passes.
    const plan = { ...planOfScenario(scenario(file), { variant }), variant: null };
    expect(tell(file, playScenario(scenario(file), plan))).toBe('passed');
  });
});
