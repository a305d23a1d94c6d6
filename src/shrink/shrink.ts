// Shrinking: from the moves of a failing run to a short schedule that violates the same property.
//
// Reductions first, to a fixpoint; then substitutions, each followed by reductions, until nothing helps; then names and
// order. That is done from several beginnings, since what is taken out first decides what can be taken out later. The
// best end is kept, and it is 1-minimal.

import { UsageError } from '../base/errors.ts';
import { hashText, hex } from '../base/hash.ts';
import { firstDifference, type FirstDifference } from '../run/first-difference.ts';
import { makePlan, type Plan } from '../run/plan.ts';
import { propertyTable, type PropertyName } from '../run/properties.ts';
import { planOfScenario, readScenario } from '../scenario/load.ts';
import type { ByHand } from '../sim/schedule/directed.ts';
import type { Step } from '../sim/step.ts';
import { fromNothing } from './breadth.ts';
import { canonical, textOf, withOwnClients, withPlainCommands, withPlainTexts } from './canonical.ts';
import { compare, candidateOf, type Candidate } from './candidate.ts';
import { substitute } from './substitution.ts';
import { withoutTicks } from './ticks.ts';
import { playOf, prove, type Proof } from './proof.ts';
import type { Move } from './moves.ts';
import { movesOf } from './schedule.ts';
import { fewerKinds, fewerSteps, plainerNode, plainerEnvironment, reduce, suffixes } from './reduce.ts';
import { runTrial } from './trial.ts';
import { recoveriesOf, type Environment } from './environment.ts';
import { Search, type Pass } from './search.ts';
import { renderCandidate, type Source } from './render.ts';

/** The plan of the scenario that a run is shrunk to: what draws, faults and clients decided, the moves say. */
export function planFor({ seed, nodes, spares, node, variant, system, properties, disks }: Plan): Plan {
  const parameters = { clients: 0 };
  return makePlan({ seed, nodes, spares, profile: 'calm', parameters, node, variant, system, properties, disks });
}

export const allByHand: ByHand = { writes: true, answers: true, drops: false, crashes: true };

/** A failing run that cannot be shrunk, and why. */
export class Unshrinkable extends UsageError {}

/** A run that violated a property, with every step that it took, and how long it may be shrunk. */
export interface Shrinkable {
  readonly plan: Plan;
  readonly steps: readonly Step[];
  readonly target: PropertyName;
  /** Where it comes from, in words: `seed 42`, a file. */
  readonly from: string;
  /** When the budget is over, what was found so far is the result. */
  readonly isOver: () => boolean;
}

export interface Shrunk {
  readonly candidate: Candidate;
  /** The scenario. */
  readonly text: string;
  /** Equal for failures that ended in the same schedule. */
  readonly shape: string;
  readonly proof: Proof;
  /** The first decision that the paper's node would have made otherwise; undefined if there is none. */
  readonly difference: FirstDifference | undefined;
}

/** The way from a failing run to its scenario; its driver looks around between two tries. */
export class Shrinking {
  readonly search: Search;
  private readonly source: Source;

  /** Throws Unshrinkable if the run does not fail by the order of its steps alone. */
  constructor({ plan, steps, target, from, isOver }: Shrinkable) {
    const usual: Environment = { plan: planFor(plan), byHand: allByHand };
    const isLiveness = propertyTable[target].kind === 'liveness';
    const moves = movesOf(plan, isLiveness ? untilCalm(steps) : steps);
    const environments = isLiveness ? recoveriesOf(usual, plan) : [usual];
    this.search = new Search(firstCandidate(environments, moves, target), target, isOver);
    this.source = { name: from, steps: steps.length };
  }

  /** Shrinks, renders and proves; what the proof finds to be shorter still is shrunk again. */
  *run(): Pass<Shrunk> {
    const { search } = this;
    yield* this._search();
    for (;;) {
      const candidate = search.best;
      const text = renderCandidate(candidate, search.target, this.source);
      search.phase = 'the proof';
      const proof = yield* prove(text, search.target, () => search.isOver);
      if (proof.shorter === undefined || !this.adopt(proof.shorter)) {
        const shape = hex(hashText(textOf(canonical(candidate))));
        return { candidate, text, shape, proof, difference: differenceIn(text) };
      }
      yield* polish(search);
      yield* finish(search);
    }
  }

  /** Takes what was played without one of the steps as the best candidate, if it is one for the search, too. */
  private adopt({ place, steps }: NonNullable<Proof['shorter']>): boolean {
    const { environment, moves: all } = this.search.best;
    if (environment.recovery !== undefined) {
      const recovery = place === all.length ? { isEmptied: false } : environment.recovery;
      return this.search.try(all.toSpliced(place, 1), { ...environment, recovery });
    }
    const moves = movesOf(environment.plan, steps).filter(
      ({ act }) => (act !== 'durable' || environment.byHand.writes) && (act !== 'answer' || environment.byHand.answers),
    );
    return this.search.try(moves);
  }

  private *_search(): Pass {
    const { search } = this;
    search.phase = 'the end of the run';
    yield* withoutTicks(search);
    yield* plainerEnvironment(search);
    yield* plainerNode(search);
    const whole = search.best;
    yield* suffixes(search, SUFFIX_MIN);
    const suffix = search.best;
    const ends: Candidate[] = [];
    for (const begin of beginnings(whole, suffix)) {
      yield* begin(search);
      ends.push(search.best);
    }
    const effort = whole.environment.recovery === undefined ? MUCH : LITTLE;
    const fewest = Math.min(...ends.map(serversOf));
    const promising = ends.filter((candidate) => serversOf(candidate) <= fewest + 1).toSorted(compare);
    const polished: Candidate[] = [];
    for (const candidate of promising.filter((one, i) => i === 0 || !isSame(one, promising[i - 1] as Candidate))) {
      if (polished.length === effort.polished) break;
      search.best = candidate;
      search.allow(effort.polishReplays);
      yield* polish(search);
      polished.push(search.best);
    }
    search.best = polished.toSorted(compare)[0] ?? whole;
    search.allow(effort.tiesReplays);
    search.takesTies = search.best.moves.length <= TIES_MAX;
    yield* polish(search);
    search.takesTies = false;
    search.allow(Infinity);
    search.phase = 'from nothing';
    search.forget();
    yield* fromNothing(search);
    yield* finish(search);
  }
}

/** What the scenario as it is written has as its first difference. */
function differenceIn(text: string): FirstDifference | undefined {
  const scenario = readScenario(text, { file: 'the shrunk scenario', nearest: () => undefined });
  return firstDifference(planOfScenario(scenario, {}), playOf(scenario).steps);
}

/** How many of the ends are polished, and with how many replays; then how many go into ways that are equally good. */
const MUCH = { polished: 3, polishReplays: 25_000, tiesReplays: 40_000 };
/** Where time runs behind each schedule, a replay takes a hundred times as long. */
const LITTLE = { polished: 2, polishReplays: 1_000, tiesReplays: 1_000 };
/** Up to this length equally good ways are taken, too: they may lead further, and more failures to the same end. */
const TIES_MAX = 13;

/** What happened before the faults were over. */
function untilCalm(steps: readonly Step[]): readonly Step[] {
  const calm = steps.findIndex(({ kind }) => kind === 'calm');
  return calm < 0 ? steps : steps.slice(0, calm);
}

/** The moves in the first environment in which they violate the property. */
function firstCandidate(environments: readonly Environment[], moves: readonly Move[], target: PropertyName): Candidate {
  let broken: PropertyName | undefined;
  for (const environment of environments) {
    const result = runTrial(environment, moves, target);
    if (result.broken === target) {
      if (runTrial(environment, [], target).broken !== target) return candidateOf(environment, result);
      throw new Unshrinkable(`${target} is broken as soon as the servers start: there is no step to leave out`);
    }
    broken ??= result.broken;
  }
  throw new Unshrinkable(whyNot(target, broken));
}

const serversOf = ({ environment }: Candidate): number => environment.plan.nodes;

function whyNot(target: PropertyName, broken: PropertyName | undefined): string {
  const found = broken === undefined ? 'nothing is broken' : `${broken} is broken`;
  return `${target} depends on more than the order of the steps: without their times ${found}, so it cannot be shrunk`;
}

function* finish(search: Search): Pass {
  yield* canonicalForm(search);
  yield* fewerSteps(search);
}

const SUFFIX_MIN = 8;

const isSame = (a: Candidate, b: Candidate): boolean =>
  compare(a, b) === 0 && textOf(canonical(a)) === textOf(canonical(b));

/** What is taken out first decides what can be taken out later: several ways to begin. */
function beginnings(whole: Candidate, suffix: Candidate): ((search: Search) => Pass)[] {
  const { length } = suffix.moves;
  return [
    function* serversFirst(search): Pass {
      search.best = suffix;
      yield* reduce(search);
    },
    function* stepsFirst(search): Pass {
      search.best = suffix;
      yield* fewerKinds(search);
      yield* fewerSteps(search);
      yield* reduce(search);
    },
    function* earliestFirst(search): Pass {
      search.best = suffix;
      yield* fewerSteps(search, 'earliest first');
      yield* reduce(search);
    },
    function* usualServers(search): Pass {
      search.best = suffix;
      search.serversMin = SERVERS_USUAL;
      yield* reduce(search);
      search.serversMin = 1;
    },
    ...[4, 16].map(
      (times) =>
        function* longerEnd(search: Search): Pass {
          search.best = whole;
          yield* suffixes(search, length * times);
          yield* reduce(search);
        },
    ),
  ];
}

const SERVERS_USUAL = 3;

/** Substitutions, each followed by reductions, to a fixpoint. */
function* polish(search: Search): Pass {
  for (;;) {
    const before = search.best;
    search.phase = 'other ways';
    yield* substitute(search);
    if (search.best === before) return;
    yield* reduce(search);
  }
}

const isBetter = (a: Candidate, b: Candidate): boolean => {
  const difference = compare(a, b);
  return difference < 0 || (difference === 0 && textOf(a.moves) < textOf(b.moves));
};

const ROUNDS = 4;

/** The smallest of the forms that names and order lead to: another order may make another leader the first. */
function* canonicalForm(search: Search): Pass {
  const { environment, moves } = search.best;
  search.phase = 'names and order';
  let best: Candidate | undefined;
  const plainest = [false, true].map((keepsRetries) => withPlainCommands(withOwnClients(moves, keepsRetries)));
  for (const plain of [...plainest, withPlainCommands(moves), withPlainTexts(moves), moves]) {
    let candidate: Candidate | undefined = { ...search.best, moves: plain };
    for (let round = 0; round < ROUNDS && candidate !== undefined; round++) {
      const result = search.trial(canonical(candidate), environment);
      yield;
      candidate = result === undefined ? undefined : candidateOf(environment, result);
      if (candidate !== undefined && (best === undefined || isBetter(candidate, best))) best = candidate;
    }
    if (best !== undefined) break;
  }
  if (best !== undefined && compare(best, search.best) <= 0) search.best = best;
}
