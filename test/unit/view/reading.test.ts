// What a reader is shown of a run: rows, facts, sentences, the causal past, what is of interest, the address.

import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../../src/sim/step.ts';
import { brokenBy, callsOf, callsUpTo, firstMisfit } from '../../../src/view/calls.ts';
import { checkLinearizability } from '../../../src/check/linearizability/linearizability.ts';
import { factsOf } from '../../../src/view/facts.ts';
import { choiceOf, fragmentOf, type ViewChoice } from '../../../src/view/fragment.ts';
import { interestsIn } from '../../../src/view/interest.ts';
import { causalPast } from '../../../src/view/past.ts';
import { hasChanged, isQuiet, rowsOf, stepsOn } from '../../../src/view/rows.ts';
import { evenScale, timedScale } from '../../../src/view/scale.ts';
import { stepSentence } from '../../../src/view/sentence.ts';
import { stateAt } from '../../../src/view/state.ts';
import { variantNames } from '../../../src/zoo/variant.ts';
import { failing, faulty, filmed, filmOfVariant } from '../../support/films.ts';
import { sampled } from '../../support/sample.ts';

const film = filmed(failing);
const { history } = film;

describe('rows', () => {
  it('hold every step once and in order, folded or not', () => {
    for (const isFolded of [false, true]) {
      const rows = rowsOf(history, isFolded);
      let step = 1;
      for (let row = 0; row < rows.count; row++) {
        expect(rows.first[row]).toBe(step);
        for (let i = 0; i < stepsOn(rows, row); i++) expect(rows.ofStep[step++]).toBe(row);
      }
      expect(step).toBe(history.last + 1);
    }
  });

  it('fold only what changed nothing', () => {
    const rows = rowsOf(history, true);
    expect(rows.count).toBeLessThan(history.last);
    for (let row = 0; row < rows.count; row++) {
      const first = rows.first[row] ?? 0;
      const count = stepsOn(rows, row);
      const folded = count > 1 ? count : 0;
      for (let step = first; step < first + folded; step++) {
        expect(hasChanged(history, step)).toBe(false);
        expect(isQuiet(history, step)).toBe(true);
      }
    }
    const open = new Set([rows.first.find((_, row) => stepsOn(rows, row) > 2) ?? 0]);
    expect(rowsOf(history, true, open).count).toBeGreaterThan(rows.count);
  });

  it('are found again by their height', () => {
    const rows = rowsOf(history, true);
    for (const scale of [evenScale(rows, 20), timedScale(history, rows, 20)]) {
      for (let row = 0; row < rows.count; row++) expect(scale.rowAt(scale.yOf(row))).toBe(row);
    }
  });
});

describe('facts', () => {
  it.each(sampled(variantNames, 4, 1))('of %s: the step that breaks it, and one before', (name) => {
    const { history: run, run: done } = filmOfVariant(name);
    const { violation } = done;
    if (violation === undefined) throw new Error('nothing is broken');
    const facts = factsOf(run, violation);
    expect(facts.at(-1)?.step).toBe(violation.step);
    for (const { step } of facts) expect(step).toBeLessThanOrEqual(run.last);
    const isAtEnd = ['bounded-liveness'].includes(violation.property);
    if (!isAtEnd) expect(facts.length, violation.why).toBeGreaterThanOrEqual(2);
  });

  it('are the commit and the election of a vote that no log was looked at for', () => {
    const violation = film.run.violation;
    if (violation === undefined) throw new Error('nothing is broken');
    const [commit, election] = factsOf(history, violation);
    expect(history.server(commit?.node ?? 0, commit?.step ?? 0).commitIndex).toBe(53);
    expect(history.server(commit?.node ?? 0, (commit?.step ?? 0) - 1).commitIndex).toBeLessThan(53);
    expect(history.server(election?.node ?? 0, election?.step ?? 0).role).toBe('leader');
  });
});

describe('the causal past', () => {
  it('is closed, and is what a search from the front finds', () => {
    const target = 818;
    const isIn = causalPast(history, target);
    const lastOfServer = new Map<number, number>();
    const lastOfClient = new Map<number, number>();
    const causes: number[][] = [[]];
    for (let step = 1; step <= target; step++) {
      const taken = history.step(step);
      const node = nodeOf(taken);
      const from: number[] = [];
      if (node !== undefined) from.push(lastOfServer.get(node) ?? 0);
      if ('client' in taken) from.push(lastOfClient.get(taken.client) ?? 0);
      from.push(history.flight(step)?.sentAt ?? history.answer(step)?.sentAt ?? 0);
      causes.push(from);
      if (node !== undefined) lastOfServer.set(node, step);
      if ('client' in taken) lastOfClient.set(taken.client, step);
    }
    const expected = new Set([target]);
    for (let step = target; step > 0; step--)
      if (expected.has(step)) causes[step]?.forEach((cause) => expected.add(cause));
    expected.delete(0);
    expect(Array.from(isIn.keys()).filter((step) => isIn[step] === 1)).toEqual([...expected].toSorted((a, b) => a - b));
    expect(expected.size).toBeGreaterThan(100);
    expect(expected.size).toBeLessThan(target);
  });
});

describe('sentences', () => {
  it('end the failing run in the words of the paper', () => {
    expect(stepSentence(history, 818)).toBe(
      'n2 receives the vote of n3 for term 5, leads term 5, and appends entry 6.',
    );
    expect(stepSentence(history, 0)).toBe('Nothing has happened yet.');
  });

  it('are there for every step under every fault', () => {
    const run = filmed(faulty).history;
    for (let step = 1; step <= run.last; step++) expect(stepSentence(run, step)).toMatch(/^[\p{Lu}n].+\.$/u);
  });
});

describe('the state of the servers', () => {
  it('marks what the last step changed, and nothing else', () => {
    const [, n2] = stateAt(history, 818, 817);
    expect(n2?.texts.filter(({ was }) => was !== undefined).map(({ key }) => key)).toEqual(
      expect.arrayContaining(['role', 'leader', 'disk', 'timers']),
    );
    expect(n2?.cells.filter(({ isNew }) => isNew).map(({ index }) => index)).toEqual([6]);
    const others = stateAt(history, 818, 817).filter(({ name }) => name !== 'n2');
    expect(others.flatMap(({ texts }) => texts.filter(({ was }) => was !== undefined))).toEqual([]);
  });

  it('compares any two steps, and any step with itself', () => {
    for (const server of stateAt(history, 400, 400)) {
      expect(server.texts.every(({ was }) => was === undefined)).toBe(true);
      expect(server.cells.some(({ isNew }) => isNew)).toBe(false);
    }
    expect(stateAt(history, 818, 1).some(({ texts }) => texts.some(({ was }) => was !== undefined))).toBe(true);
  });
});

describe('what is of interest', () => {
  it('has elections, commits, faults, goals and the broken promise, in order', () => {
    const found = interestsIn(film);
    expect(new Set(found.map(({ kind }) => kind))).toEqual(
      new Set(
        ['election', 'truncation', 'commit', 'fault', 'goal', 'violation'].filter((kind) => kind !== 'truncation'),
      ),
    );
    expect(found.map(({ step }) => step)).toEqual(found.map(({ step }) => step).toSorted((a, b) => a - b));
    expect(found.filter(({ kind }) => kind === 'election')).toHaveLength(film.run.summary?.leaders ?? -1);
    const run = filmed(faulty);
    expect(interestsIn(run).some(({ kind }) => kind === 'truncation')).toBe(true);
  });
});

describe('the calls of clients', () => {
  it('are those of the checker', () => {
    const calls = callsOf(history);
    expect(calls).toHaveLength(film.run.summary?.callsBegun ?? -1);
    expect(calls.filter(({ completedAt }) => completedAt >= 0)).toHaveLength(film.run.summary?.callsCompleted ?? -1);
    expect(firstMisfit(calls)).toBe(undefined);
  });

  it('name the first answer that no order explains', () => {
    const base = { client: 0, sequence: 1, node: 0, sends: 1, result: 'ok' } as never as ReturnType<typeof callsOf>[0];
    const made = [
      { ...base, operation: { kind: 'put', key: 'x', value: '1' } as const, invokedAt: 1, completedAt: 2 },
      { ...base, operation: { kind: 'get', key: 'x' } as const, invokedAt: 3, completedAt: 4, result: '1' },
      { ...base, operation: { kind: 'get', key: 'x' } as const, invokedAt: 5, completedAt: 6, result: '' },
      { ...base, operation: { kind: 'get', key: 'x' } as const, invokedAt: 7, completedAt: 8, result: '1' },
    ];
    expect(firstMisfit(made)).toBe(made[2]);
    const end = brokenBy('c1 reads nothing\n  steps 1…2  c1 put x=1\n  steps 5…6  c1 get x → nothing');
    expect(end).toBe(6);
    expect(firstMisfit(callsUpTo(made, end ?? 0))).toBe(made[2]);
    expect(brokenBy('n1 and n2 were both elected')).toBe(undefined);
    const stale = filmOfVariant('read-local-no-quorum', ['linearizability']);
    const calls = callsOf(stale.history);
    expect(stale.run.violation?.property).toBe('linearizability');
    const misfit = firstMisfit(calls);
    const upTo = (step: number): string => checkLinearizability(callsUpTo(calls, step)).outcome;
    expect(upTo(misfit?.completedAt ?? 0)).toBe('fail');
    expect(upTo((misfit?.completedAt ?? 0) - 1)).toBe('pass');
  });
});

describe('the address', () => {
  const size = { last: history.last, servers: history.servers };
  const usual: ViewChoice = {
    step: 818,
    pinned: undefined,
    isFolded: true,
    isLit: false,
    isTimed: false,
    zoom: 20,
    panel: 'state',
    branch: undefined,
    isBranchShown: false,
  };

  it('says what was chosen, and is read back', () => {
    const branch = { at: 700, variant: null, seed: undefined, actions: [{ run: 1000, isFaulty: true }] };
    for (const choice of [
      usual,
      { ...usual, step: 3, pinned: 7, isFolded: false, isLit: true, isTimed: true, zoom: 9, panel: 'events' },
      { ...usual, branch, isBranchShown: true },
    ]) {
      expect(choiceOf(`#${fragmentOf(choice)}`, usual, ['state', 'events'], size)).toEqual(choice);
    }
  });

  it('leaves out what makes no sense', () => {
    expect(choiceOf('#step=x&zoom=wide&panel=nothing&branch={&compare=-', usual, ['state'], size)).toEqual({
      ...usual,
      zoom: 20,
    });
    expect(choiceOf('#step=99999&zoom=4000', usual, ['state'], size)).toMatchObject({ step: 818, zoom: 40 });
  });
});
