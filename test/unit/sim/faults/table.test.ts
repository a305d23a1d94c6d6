// The table of faults: each row fits the steps that it takes, draws from a stream of its own, and ends what it begins.

import { describe, expect, it } from 'vitest';
import { parameterNames, parameterTable } from '../../../../src/sim/parameters.ts';
import { faultNames, faultRows, faultTable, shapersOf, type AnyFault } from '../../../../src/sim/faults/table.ts';
import { faultKinds, stepTable, type StepRow } from '../../../../src/sim/step.ts';

describe.each(faultNames)('%s', (name) => {
  const row: AnyFault = faultTable[name];

  it('is off in a calm world, and says what it is', () => {
    expect(parameterTable[row.switch].calm).toBe(0);
    expect(row.meaning ?? parameterTable[row.switch].meaning).toMatch(/^[a-z].{8,}[^.]$/);
  });

  it('is shaped by parameters that there are, its own among them', () => {
    expect(parameterNames).toEqual(expect.arrayContaining(Object.keys(row.parameters)));
    expect(parameterNames).toEqual(expect.arrayContaining([...shapersOf(name)]));
    expect([row.switch, ...shapersOf(name)]).toEqual(expect.arrayContaining(Object.keys(row.parameters)));
  });

  it('takes the steps that undo its steps, too', () => {
    const undoing = row.steps.flatMap((kind) => (stepTable[kind] as StepRow).undoneBy ?? []);
    const isOfTheScheduler = row.strike === undefined && row.onCrash === undefined;
    if (!isOfTheScheduler) expect(row.steps).toEqual(expect.arrayContaining(undoing));
  });

  it('ends what it puts off', () => {
    const putsOff = row.steps.length > 1 && row.strike !== undefined && !row.steps.includes('restart');
    if (putsOff || row.onCrash !== undefined) expect(row.end).toBeDefined();
  });
});

describe('all faults', () => {
  it('take every kind of step that a run counts as a fault', () => {
    const taken = new Set(faultRows.flatMap(({ steps }) => steps));
    expect(faultKinds.filter((kind) => !taken.has(kind))).toEqual([]);
  });

  it('have streams of their own', () => {
    const streams = faultRows.flatMap(({ strike }) => strike?.stream ?? []);
    expect(new Set(streams).size).toBe(streams.length);
    const drawn = faultRows.flatMap(({ campaign }) => campaign?.stream ?? []);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});
