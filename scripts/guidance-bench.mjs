// Does guidance help the hunt? The same budget of steps, spent on fresh seeds alone or half of it on mutants.
//
// usage: node scripts/guidance-bench.mjs [--steps N] [--bases N] [--variants a,b] [--dist FOLDER]
//
// A run that reaches an abstract situation which no run before it reached joins the corpus. A mutant is such a run with
// its steps spliced with another's, repeated, shifted, dropped or inserted, or drawn anew with a parameter changed.
// Counted: situations of the correct node after the whole budget, and steps until each variant breaks a promise.

import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    bases: { type: 'string', default: '5' },
    variants: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
  },
});
const load = (path) => import(pathToFileURL(resolve(values.dist, path)).href);
const { drawPlan, makePlan, Simulation, variantNames, parameterTable } = await load('index.js');
const { Coverage } = await load('campaign/coverage.js');
const { Random } = await load('base/random.js');
const { TraceRecorder } = await load('trace/recorder.js');

const budget = Number(values.steps);
const bases = Array.from({ length: Number(values.bases) }, (_, i) => i + 1);
const variants = values.variants?.split(',') ?? variantNames;

function run(plan, script) {
  const coverage = new Coverage();
  const recorder = new TraceRecorder({ lines: false });
  const simulation = new Simulation(plan, { script, recorder, observers: [coverage] });
  coverage.watch(simulation.world);
  while (simulation.advance(1_000_000));
  const { steps, violation } = simulation.finish();
  return { steps, violation, situations: coverage.clusterStates, taken: recorder.drain().map(({ data }) => data) };
}

const at = (random, list) => list[random.below(list.length)];
const cutAt = (random, list) => random.below(list.length + 1);

/** One of six changes; the steps that are not possible any more are skipped by the world. */
const mutations = [
  (steps, random, other) => [...steps.slice(0, cutAt(random, steps)), ...other.slice(cutAt(random, other))],
  (steps, random) => {
    const [from, length] = [cutAt(random, steps), 1 + random.below(50)];
    return [...steps.slice(0, from + length), ...steps.slice(from)];
  },
  (steps, random) => {
    const from = cutAt(random, steps);
    const moved = steps.slice(from, from + 1 + random.below(20));
    const rest = [...steps.slice(0, from), ...steps.slice(from + moved.length)];
    const to = cutAt(random, rest);
    return [...rest.slice(0, to), ...moved, ...rest.slice(to)];
  },
  (steps, random) => steps.filter(() => !random.chance(50_000)),
  (steps, random, other) => {
    const [from, to] = [cutAt(random, other), cutAt(random, steps)];
    return [...steps.slice(0, to), ...other.slice(from, from + 1 + random.below(20)), ...steps.slice(to)];
  },
];

function changedPlan(plan, random) {
  const names = Object.keys(parameterTable).filter((name) => plan.parameters[name] > 0);
  const name = at(random, names);
  const value = Math.max(1, Math.floor(plan.parameters[name] * (random.chance(500_000) ? 2 : 0.5)));
  try {
    return makePlan({ ...plan, seed: String(random.next()), parameters: { ...plan.parameters, [name]: value } });
  } catch {
    return plan; // out of its range
  }
}

function mutant(corpus, random) {
  const { plan, taken } = at(random, corpus);
  if (random.chance(300_000)) return { plan: changedPlan(plan, random), script: undefined };
  const same = corpus.filter((entry) => entry.plan.nodes === plan.nodes);
  const script = at(random, mutations)(taken, random, at(random, same).taken);
  let now = 0;
  return { plan, script: script.map((step) => ({ ...step, at: (now = Math.max(now, step.at)) })) };
}

/** Spends the budget; ends early at the first broken promise if it hunts a variant. */
function hunt(base, variant, guided) {
  const random = Random.fromSeed(`guidance ${base}`);
  const seen = new Set();
  const corpus = [];
  let [spent, seeds] = [0, 0];
  while (spent < budget) {
    const isMutant = guided && corpus.length > 0 && random.chance(500_000);
    const { plan, script } = isMutant
      ? mutant(corpus, random)
      : { plan: drawPlan(`${base}/${seeds++}`, { variant }), script: undefined };
    const { steps, violation, situations, taken } = run(plan, script);
    spent += Math.max(1, steps);
    if (variant !== undefined && violation !== undefined) return { spent, situations: seen.size, found: true };
    const before = seen.size;
    for (const situation of situations) seen.add(situation);
    if (seen.size > before && taken.length < 10_000) corpus.push({ plan, taken });
  }
  return { spent, situations: seen.size, found: false };
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >>> 1];
const told = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ' ');

const reached = [false, true].map((guided) => middle(bases.map((base) => hunt(base, undefined, guided).situations)));
console.log(`situations of the correct node after ${told(budget)} steps, median of ${bases.length}:`);
console.log(`  fresh seeds ${told(reached[0])}, half mutants ${told(reached[1])}\n`);
console.log('steps until a promise broke, median (fresh seeds / half mutants):');
for (const variant of variants) {
  const [fresh, mutants] = [false, true].map((guided) => bases.map((base) => hunt(base, variant, guided)));
  const missed = [fresh, mutants].map((runs) => runs.filter(({ found }) => !found).length);
  const [a, b] = [fresh, mutants].map((runs) => told(middle(runs.map(({ spent }) => spent))));
  const notes = missed.some((n) => n > 0) ? `  not found: ${missed.join(' / ')}` : '';
  console.log(`  ${variant.padEnd(34)} ${a.padStart(10)} / ${b.padStart(10)}${notes}`);
}
