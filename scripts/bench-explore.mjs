// The shortest schedule that breaks each variant of the zoo, found by taking all of a bound: a column of docs/zoo.md.
//
// usage: npm run build && node scripts/bench-explore.mjs [--only a,b] [--limit SECONDS] [--again]
//
// Breadth first, so that the first schedule is a shortest one of its bound; it is played again in the simulator. What is
// measured stands in bench/explore.json after every variant, so that a bench that was stopped goes on where it was.
// CPU time only: what else runs on the machine does not count.

import { parseArgs } from 'node:util';
import { counterexampleOf } from '../dist/explore/counterexample.js';
import { Exploration, judgedPromises } from '../dist/explore/explore.js';
import { makePlan } from '../dist/run/plan.js';
import { variantNames, variantTable } from '../dist/zoo/variant.js';
import { cpuSeconds, readExplored, writeExplored } from './measured.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    limit: { type: 'string', default: '10' },
    again: { type: 'boolean', default: false },
  },
});

const USUAL = { nodes: 3, terms: 2, calls: 1, messages: 2, duplicates: 0, crashes: 0, snapshots: 0, change: undefined };

/** Bounds from narrow to wide: what one does not show, the next one may. */
const BOUNDS = [
  USUAL,
  { ...USUAL, messages: 1, crashes: 1 },
  { ...USUAL, terms: 3, messages: 1 },
  { ...USUAL, nodes: 4, terms: 1, calls: 0, duplicates: 2 },
];

/** What the options of a variant's node make possible: a snapshot, and that the last server leaves. */
function boundFor(bound, { compactEvery, membership }) {
  const change = { voters: [], learners: [], removed: [bound.nodes - 1] };
  return { ...bound, snapshots: compactEvery > 0 ? 1 : 0, change: membership === 'off' ? undefined : change };
}

/** Searches one bound for so long; what came of it. */
function search(variant, base, limit) {
  const plan = makePlan({ nodes: base.nodes, profile: 'calm', variant, parameters: { clients: 0 } });
  const bound = { ...boundFor(base, plan.node), isFair: needsFairness(variantTable[variant]) };
  const start = cpuSeconds();
  const exploration = new Exploration(plan, bound);
  const work = exploration.run();
  for (;;) {
    const piece = work.next();
    const seconds = Number((cpuSeconds() - start).toFixed(2));
    const { states } = exploration.progress;
    if (piece.done && piece.value.outcome === 'broken') {
      const found = counterexampleOf(plan, piece.value.path, piece.value.broken, 'a search of all schedules');
      return { bound, outcome: 'broken', property: found.property, steps: found.steps, states, seconds };
    }
    if (piece.done) return { bound, outcome: 'clean', states, seconds };
    if (seconds > limit) return { bound, outcome: 'stopped', states, seconds };
  }
}

const needsFairness = ({ breaks }) => breaks === 'bounded-liveness';

const isJudged = ({ breaks, noticedBy }) =>
  needsFairness({ breaks }) || [breaks, ...noticedBy].some((name) => judgedPromises.includes(name));

for (const variant of values.only?.split(',') ?? variantNames) {
  const explored = readExplored();
  if (explored[variant] !== undefined && !values.again) continue;
  const tried = [];
  for (const bound of isJudged(variantTable[variant]) ? BOUNDS : []) {
    try {
      tried.push(search(variant, bound, Number(values.limit)));
    } catch (error) {
      tried.push({ bound, outcome: 'defect', why: error.message });
    }
    if (tried.at(-1).outcome === 'broken') break;
  }
  writeExplored({ ...explored, [variant]: tried });
  const last = tried.at(-1);
  process.stdout.write(
    `${variant.padEnd(40)} ${last?.outcome ?? 'not judged'} ${last?.property ?? last?.why ?? ''} ${last?.steps ?? ''}\n`,
  );
}
