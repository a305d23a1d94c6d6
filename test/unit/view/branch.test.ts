// Branches: the same simulation, with the same fingerprint and the same verdict as the command line.

import { describe, expect, it } from 'vitest';
import { planOfScenario, readScenario } from '../../../src/scenario/load.ts';
import { playScenario } from '../../../src/scenario/interpreter/play.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { decodeTrace } from '../../../src/trace/format.ts';
import { stepTable } from '../../../src/sim/step.ts';
import { Branch } from '../../../src/view/branch.ts';
import { branchOfJson, branchToJson, type BranchPlan } from '../../../src/view/branch-plan.ts';
import { filmOfTrace } from '../../../src/view/film.ts';
import { possibleSteps } from '../../../src/view/moves-now.ts';
import { scenarioOfFilm, traceOfFilm } from '../../../src/view/written.ts';
import { variantNames } from '../../../src/zoo/variant.ts';
import { failing, faulty, filmed, filmOfVariant } from '../../support/films.ts';
import { sampled } from '../../support/sample.ts';

const film = filmed(failing);
const at = (step: number, more: Partial<BranchPlan> = {}): BranchPlan => ({
  at: step,
  variant: undefined,
  seed: undefined,
  actions: [],
  ...more,
});

describe('a film', () => {
  it('has the fingerprint and the verdicts of the command line', () => {
    for (const input of [failing, faulty]) {
      const { run } = filmed(input);
      const done = simulate(makePlan(input));
      expect([run.fingerprint, run.violation, run.verdicts]).toEqual([done.fingerprint, done.violation, done.verdicts]);
    }
  });

  it.each(sampled(variantNames, 8, 3))('breaks what %s breaks, also from its trace', (name) => {
    const found = filmOfVariant(name);
    const work = filmOfTrace(decodeTrace(traceOfFilm(found, '0'), 'a trace'));
    let turn = work.next();
    while (turn.done !== true) turn = work.next();
    expect(turn.value.run.fingerprint).toBe(found.run.fingerprint);
    expect(turn.value.run.violation).toEqual(found.run.violation);
  });

  it('refuses a trace that does not repeat', () => {
    const text = traceOfFilm(film, '0').replace(/"fingerprint":"[0-9a-f]{16}"/, `"fingerprint":"${'0'.repeat(16)}"`);
    expect(() => Array.from(filmOfTrace(decodeTrace(text, 'a trace')))).toThrow('does not repeat');
  });
});

describe('a branch', () => {
  it('without actions is the run up to its step', () => {
    for (const step of [0, 1, 400, 817, 818]) {
      const { history } = new Branch(film, at(step));
      expect(history.last).toBe(step);
      expect(history.prints[step]).toBe(film.history.prints[step]);
    }
  });

  it('with the steps of the run as actions breaks the same promise at the same step', () => {
    const actions = film.history.steps.slice(801).flatMap((step) => (step === undefined ? [] : [{ take: step }]));
    const times = new Set(actions.map(({ take }) => take.at));
    expect(times.size).toBeGreaterThan(5);
    const { run } = new Branch(film, at(800, { actions })).film();
    expect(run.violation?.property).toBe(film.run.violation?.property);
    expect(run.violation?.step).toBe(818);
    expect(run.violation?.why).toBe(film.run.violation?.why);
  });

  it('goes the same way each time, and another one with other dice', () => {
    const branch = (seed?: string): string => {
      const { run } = new Branch(film, at(700, { seed, actions: [{ run: 300_000, isFaulty: true }] })).film();
      return run.fingerprint;
    };
    expect(branch()).toBe(branch());
    expect(branch('other')).not.toBe(branch());
  });

  it('under the rules of the correct node keeps what the variant breaks', () => {
    const branch = new Branch(film, at(818, { variant: null }));
    expect(branch.film().run.violation).toBe(undefined);
    expect(branch.history.last + branch.skipped).toBeGreaterThan(800);
  });

  it('stands in an address and comes back; what is no branch is left out', () => {
    const size = { last: film.history.last, servers: film.history.servers };
    const [step] = possibleSteps(new Branch(film, at(700)));
    expect(step).toBeDefined();
    const plan = at(700, {
      variant: null,
      seed: '3+1',
      actions: [...(step === undefined ? [] : [{ take: step.step }]), { run: 1000, isFaulty: false }],
    });
    expect(branchOfJson(branchToJson(plan), size)).toEqual(plan);
    for (const text of ['', '{', '[]', '{"at":-1,"actions":[]}', '{"at":9999,"actions":[]}', '{"at":1}']) {
      expect(branchOfJson(text, size), text).toBe(undefined);
    }
    const wrong = { at: 1, actions: [{ do: 'crash', at: 0, node: 'n9', kept: 0, torn: false }] };
    expect(branchOfJson(JSON.stringify(wrong), size)).toBe(undefined);
    expect(branchOfJson(JSON.stringify({ at: 1, actions: [{ run: 1e15 }] }), size)).toBe(undefined);
  });

  it('as a scenario plays to the same fingerprint and the same verdict', () => {
    const small = filmed({ seed: '3', variant: 'vote-no-log-check' });
    const branch = new Branch(small, at(600, { actions: [{ run: 200_000, isFaulty: true }] })).film();
    const text = scenarioOfFilm(branch, '0', 'a branch');
    const scenario = readScenario(text, { file: 'branch.yaml', nearest: () => undefined });
    const { run, failure } = playScenario(scenario, planOfScenario(scenario, {}));
    expect(failure).toBe(undefined);
    expect(run.fingerprint).toBe(branch.run.fingerprint);
    expect(run.violation?.property).toBe(branch.run.violation?.property);
  });
});

describe('what may be done now', () => {
  it.each([0, 5, 300, 700, 817])('is possible, after step %i', (step) => {
    const steps = possibleSteps(new Branch(film, at(step)));
    expect(steps.length).toBeGreaterThan(0);
    for (const { step: one, text } of steps) {
      expect(text).not.toBe('');
      expect(new Branch(film, at(step)).take(one), text).toBe(undefined);
    }
  });

  it('has every kind of step, at one time or another', () => {
    const run = filmed(faulty);
    const kinds = new Set<string>();
    for (let step = 0; step <= run.history.last; step += 50) {
      for (const one of possibleSteps(new Branch(run, at(step)))) kinds.add(one.step.kind);
    }
    // Slow links and the end of all faults are the nemesis's own; what no server sent is a story's.
    const offered = Object.keys(stepTable).filter((kind) => !['slow', 'calm', 'send'].includes(kind));
    expect([...kinds].toSorted()).toEqual(expect.arrayContaining(offered.filter((kind) => kinds.has(kind))));
    expect(offered.filter((kind) => !kinds.has(kind))).toEqual([]);
  });
});
