// The table of the node's options: every row is sound, and what it says reaches plans, commands, scenarios and draws.
//
// A variant's companions are tried with each option, on a row of the zoo that is changed for the time of a test.

import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { afterEach, describe, expect, it } from 'vitest';
import { drawPlan } from '../../../src/campaign/swarm.ts';
import { addRunFlags, type RunFlags } from '../../../src/cli/run/flags.ts';
import { argumentsOf, planOf } from '../../../src/cli/run/input.ts';
import { nearest } from '../../../src/run/nearest.ts';
import { companionSentences, nodeOptionRows, wordsOf, type NodeOptionRow } from '../../../src/run/node-options.ts';
import { makePlan, type Plan } from '../../../src/run/plan.ts';
import { defaultNodeOptions, type NodeOptions } from '../../../src/raft/options.ts';
import { planOfScenario, readScenario } from '../../../src/scenario/load.ts';
import { usualOptions } from '../../../src/shrink/environment.ts';
import type { Variant } from '../../../src/zoo/row.ts';
import { variantNames, variantTable } from '../../../src/zoo/variant.ts';

type Value = NodeOptions[keyof NodeOptions];

/** Every value of a switch or a word; of a number its bounds. */
function valuesOf([, option]: NodeOptionRow): Value[] {
  switch (option.kind) {
    case 'switch':
      return [false, true];
    case 'word':
      return wordsOf(option) as Value[];
    case 'number':
      return [option.min, option.max];
  }
}

const unusualOf = (row: NodeOptionRow): Value => {
  const found = valuesOf(row).find((value) => value !== row[1].default);
  if (found === undefined) throw new Error(`${row[0]} has one value only`);
  return found;
};

function read(args: readonly string[]): Plan {
  const command = addRunFlags(new Command('run')).exitOverride();
  command.parse(args, { from: 'user' });
  return planOf(command.opts<RunFlags>());
}

const rows = nodeOptionRows.map((row) => [row[0], row] as const);

describe('the table', () => {
  it.each(rows)('%s has a sound row', (name, row) => {
    const [, option] = row;
    expect(option.flag).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(nodeOptionRows.filter(([, other]) => other.flag === option.flag)).toHaveLength(1);
    expect(option.section).toMatch(/^(dissertation )?\d/);
    expect(option.meaning).toMatch(/^\w.*[^.]$/);
    expect(defaultNodeOptions[name]).toBe(option.default);
    if (option.kind === 'word') {
      const odds = Object.values(option.words).reduce((sum, { draw }) => sum + draw, 0);
      expect(odds).toBe(1_000_000);
      expect(Object.keys(option.words)).toContain(option.default);
    }
    if (option.kind !== 'number') return;
    expect(option.min).toBeLessThanOrEqual(option.default);
    expect(option.max).toBeGreaterThanOrEqual(option.default);
    expect(option.draw.low).toBeGreaterThanOrEqual(option.min);
    expect(option.draw.high).toBeLessThanOrEqual(option.max);
  });

  it.each(rows)('%s: every value survives its command, a trace and a scenario', (name, row) => {
    for (const value of valuesOf(row)) {
      const plan = makePlan({ node: { [name]: value } });
      expect(plan.node).toEqual({ ...defaultNodeOptions, [name]: value });
      expect(read(argumentsOf(plan).slice(1))).toEqual(plan);
      expect(makePlan(JSON.parse(JSON.stringify(plan)) as Plan)).toEqual(plan);
      const text = `name: a\nwhy: because it is so\ncluster: { node: { ${name}: ${value} } }\nsteps: [settle]\n`;
      expect(planOfScenario(readScenario(text, { file: 'a.yaml', nearest }), {}).node).toEqual(plan.node);
    }
  });

  it.each(rows)('%s: another value is refused', (name, [, option]) => {
    const wrong = option.kind === 'number' ? option.max + 1 : 'perhaps';
    expect(() => makePlan({ node: { [name]: wrong } })).toThrow(name);
  });

  it('draws what it drew before: a new row shifts no draw of the others', () => {
    const names = [
      'noOpOnElection',
      'backtracking',
      'probeWithEntries',
      'notifyCommit',
      'batchBytesMax',
      'inflightMax',
    ];
    const drawn = Array.from({ length: 500 }, (_, seed) => {
      const { node } = drawPlan(String(seed));
      return names.map((name) => node[name as keyof NodeOptions]);
    });
    expect(createHash('sha256').update(JSON.stringify(drawn)).digest('hex').slice(0, 16)).toBe('5d45d0bbee978e63');
  });
});

describe('a variant', () => {
  const NAME = 'vote-no-log-check';
  const row = variantTable[NAME] as { options?: Variant['options'] };
  const before = row.options;
  afterEach(() => {
    if (before === undefined) delete row.options;
    else row.options = before;
  });

  it.each(variantNames)('%s runs with all of its companions', (variant) => {
    const { options = {} }: Variant = variantTable[variant];
    expect(makePlan({ variant }).node).toEqual({ ...defaultNodeOptions, ...options });
    expect(companionSentences(makePlan({ variant }))).toHaveLength(Object.keys(options).length > 0 ? 1 : 0);
  });

  it.each(rows)('switches %s: in plans, draws, scenarios and commands, and it is said', (name, option) => {
    const value = unusualOf(option);
    row.options = { [name]: value };
    const plan = makePlan({ variant: NAME });
    expect(plan.node).toEqual({ ...defaultNodeOptions, [name]: value });
    for (let seed = 0; seed < 20; seed++) expect(drawPlan(String(seed), { variant: NAME }).node[name]).toBe(value);
    const text = `name: a\nwhy: because it is so\nvariant: ${NAME}\nsteps: [settle]\n`;
    expect(planOfScenario(readScenario(text, { file: 'a.yaml', nearest }), {}).node[name]).toBe(value);
    expect(argumentsOf(plan).join(' ')).not.toContain(`--${option[1].flag}`);
    expect(read(argumentsOf(plan).slice(1))).toEqual(plan);
    const [sentence, ...more] = companionSentences(plan);
    expect(more).toEqual([]);
    expect(sentence).toMatch(new RegExp(`^${NAME} switches --(no-)?${option[1].flag}`));
  });

  it.each(rows)('is overruled by what the user says of %s, and that is said, too', (name, option) => {
    const wanted = option[1].default;
    row.options = { [name]: unusualOf(option) };
    const plan = makePlan({ variant: NAME, node: { [name]: wanted } });
    expect(plan.node).toEqual(defaultNodeOptions);
    expect(drawPlan('1', { variant: NAME, node: { [name]: wanted } }).node[name]).toBe(wanted);
    const command = argumentsOf(plan).slice(1);
    expect(command.join(' ')).toMatch(new RegExp(`--(no-)?${option[1].flag}\\b`));
    expect(read(command)).toEqual(plan);
    const [sentence, ...more] = companionSentences(plan);
    expect(more).toEqual([]);
    expect(sentence).toMatch(/ was asked for, against what vote-no-log-check switches: its bug may stay hidden$/);
  });

  it('leaves the usual node to the shrinker as its own usual node', () => {
    expect(usualOptions({ variant: 'commit-counts-prior-term' })).toEqual({
      ...defaultNodeOptions,
      noOpOnElection: false,
    });
  });
});
