// Whether a seed matters is read off a scenario; the library shows that this is right.
//
// A file without random parts comes to the same fingerprint under any seed.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasRandomParts, seedOf, showsSomething } from '../../src/cli/scenario/chance.ts';
import { planOfScenario, readScenario, type Scenario } from '../../src/scenario/load.ts';
import { playScenario } from '../../src/scenario/interpreter/play.ts';

const LIBRARY = fileURLToPath(new URL('../../scenarios', import.meta.url));

const scenarioOf = (text: string, file = 'a.yaml'): Scenario => readScenario(text, { file, nearest: () => undefined });

const withSteps = (...steps: readonly string[]): Scenario['raw'] =>
  scenarioOf(`name: a\nwhy: A story for this test.\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`).raw;

describe('random parts', () => {
  it.each([
    ['run: 1s', true],
    ['until: { leader: any, within: 1s }', true],
    ['settle', true],
    ['agree', true],
    ['{ repeat: 2, do: [{ maybe: 50%, do: [crash: n1] }] }', true],
    ['crash: random one of followers', true],
    ['{ repeat: 2, do: [{ timeout: n1 }, exchange] }', false],
    ['{ propose: put x 1, as: my call }', false],
  ])('%s: %s', (step, isRandom) => expect(hasRandomParts(withSteps(step))).toBe(isRandom));

  it('are where the library has them, and nowhere else', () => {
    const files = readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(0);
    const fixed = files
      .map((file) => scenarioOf(readFileSync(join(LIBRARY, file), 'utf8'), file))
      .filter(({ raw }) => !hasRandomParts(raw));
    const print = (scenario: Scenario, seed: string): string =>
      playScenario(scenario, planOfScenario(scenario, { seed })).run.fingerprint;
    const odd = fixed.filter((scenario) => print(scenario, 'one') !== print(scenario, 'another'));
    expect(odd.map(({ source }) => source.file)).toEqual([]);
  });
});

describe('a story', () => {
  it('shows something if a step says so, however deep', () => {
    expect(showsSomething(withSteps('show'))).toBe(true);
    expect(showsSomething(withSteps('{ repeat: 2, do: [show: n1] }'))).toBe(true);
    expect(showsSomething(withSteps('timeout: n1'))).toBe(false);
  });

  it('has a seed for each of its plays, none too long', () => {
    expect(seedOf('42', 1)).toBe('42');
    expect(seedOf('42', 2)).toBe('42/2');
    const long = 'x'.repeat(100);
    expect(seedOf(long, 1)).toBe(long);
    expect(seedOf(long, 12)).toBe(`${'x'.repeat(97)}/12`);
  });
});
