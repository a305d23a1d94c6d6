// docs/zoo.md: what an unhinted hunt finds of the zoo, how soon, and what is not in the zoo, each with the reason.
//
// The figures are those of bench/zoo.json, the rows those of the program's tables. Nothing is measured here.

import { paperHandlers } from '../dist/raft/handlers.js';
import { familyOf, variantNames, variantTable } from '../dist/zoo/variant.js';
import { table } from './markdown.mjs';
import { readEquivalents, readExplored, readMeasured, readMutants } from './measured.mjs';
import { catalogue, recent } from './zoo-catalogue.mjs';

const code = (text) => `\`${text}\``;
const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
/** The items by key, in the order in which the keys come first. */
function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const unique = (items) => [...new Set(items)];

/** Events of the shortest trace that is published, and whose. Ours are deliveries, timers, faults and calls. */
const PUBLISHED = {
  'stale-vote-response-counted': '8 (SandTable), 23 (DEMi)',
  'grant-vote-while-leader': '8 (SandTable)',
  'append-truncates-always': '9 (SandTable), 29 (DEMi)',
  'commit-counts-prior-term': '14 (SandTable)',
  'commit-scan-stops-at-old-term': '14 (SandTable)',
  'match-index-regresses': '10 (SandTable)',
  'next-not-advanced-on-success': '18 (SandTable)',
  'read-local-no-quorum': '10 (SandTable)',
  'snapshot-lowers-term': '23 (SandTable)',
  'zero-prev-index-always-matches': '22 (SandTable), 28 (DEMi)',
  'vote-reset-same-term-follower': '21 (DEMi)',
  'duplicate-votes-counted': '22 (DEMi)',
  'progress-reset-too-late': '51 (DEMi)',
  'commit-median-wrong': '39 (DEMi)',
};

/** Why hunts miss what they miss, as far as it is known. */
const REASONS = {};

/** The rules, handlers or session rules that a variant changes. */
const brokenParts = ({ rules, handlers, sessions }) =>
  [rules, handlers?.(paperHandlers), sessions].flatMap((part) => Object.keys(part ?? {}));

/** What was measured of a variant; undefined if nothing was. */
function figuresOf(name, measured) {
  const bases = measured[name]?.bases;
  if (bases === undefined || bases.length === 0) return undefined;
  const found = bases.filter(({ property }) => property !== undefined);
  const replays = found.flatMap(({ replay }) => (replay?.steps === undefined ? [] : [replay]));
  const named = replays.filter(({ difference }) => difference !== undefined);
  const right = named.filter(({ difference }) => brokenParts(variantTable[name]).includes(difference.name));
  return {
    bases,
    found,
    replays,
    seconds: middle(bases.map((one) => one.seconds)),
    secondsMax: Math.max(...bases.map((one) => one.seconds)),
    seeds: middle(bases.map((one) => one.seeds)),
    named: named.length,
    right: right.length,
  };
}

const stepsText = (replays) => {
  const steps = replays.map((one) => one.steps);
  if (steps.length === 0) return '–';
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  return least === most ? String(least) : `${least} to ${most}`;
};

/** Shapes of replays that break the same promise: one is the aim. */
function shapesText(found) {
  const byProperty = groupBy(
    found.filter(({ replay }) => replay?.shape !== undefined),
    ({ property }) => property,
  );
  return Array.from(byProperty, ([, rows]) => unique(rows.map(({ replay }) => replay.shape)).length).join(' + ') || '–';
}

/** What taking every schedule came to: the steps of a shortest one, beside those of the shrinker. */
function exploredText(tried) {
  if (tried === undefined) return 'not measured';
  if (tried.length === 0) return 'not judged';
  const found = tried.find(({ outcome }) => outcome === 'broken');
  if (found !== undefined) return `${found.steps} (${code(found.property)}${boundText(found.bound)})`;
  return tried.every(({ outcome }) => outcome === 'clean') ? 'none within the bounds' : 'not reached';
}

/** Whatever is not usual in a bound. */
function boundText({ nodes, terms, crashes, duplicates }) {
  const parts = [];
  if (nodes !== 3) parts.push(`${nodes} servers`);
  if (terms > 2) parts.push(`${terms} terms`);
  if (crashes > 0) parts.push(`${crashes} crash`);
  if (duplicates > 0) parts.push(`${duplicates} duplicates`);
  return parts.map((part) => `, ${part}`).join('');
}

function exploredSummary(explored, measured) {
  const rows = variantNames.flatMap((name) => (explored[name] === undefined ? [] : [{ name, tried: explored[name] }]));
  if (rows.length === 0) return '';
  const judged = rows.filter(({ tried }) => tried.length > 0);
  const found = judged.flatMap(({ name, tried }) =>
    tried.filter(({ outcome }) => outcome === 'broken').map((one) => ({ name, ...one })),
  );
  const both = found.flatMap(({ name, steps, property }) => {
    const replays = (figuresOf(name, measured)?.found ?? []).filter(
      (one) => one.property === property && one.replay?.steps,
    );
    return replays.length === 0 ? [] : [{ steps, least: Math.min(...replays.map(({ replay }) => replay.steps)) }];
  });
  const count = (keep) => both.filter(keep).length;
  return (
    `*explore* is the shortest schedule of all within a bound of 3 servers, 2 terms, a call and 2 messages on their way, or of wider ones that are named ` +
    `([explore.md](explore.md)); \`node scripts/bench-explore.mjs\` measures it. ${rows.length} variants were explored: ${rows.length - judged.length} break nothing ` +
    `that is judged there, ${found.length} of the other ${judged.length} were found. Where both broke the same promise the shrinker came to as few steps ` +
    `${count(({ steps, least }) => steps === least)} times, to more ${count(({ steps, least }) => steps < least)} times, to fewer (with fewer servers, or options of its own) ` +
    `${count(({ steps, least }) => steps > least)} times.\n`
  );
}

function rowOf(name, measured, explored) {
  const [variant, ...figures] = huntedRow(name, measured);
  return [variant, ...figures.slice(0, 5), exploredText(explored[name]), ...figures.slice(5)];
}

function huntedRow(name, measured) {
  const figures = figuresOf(name, measured);
  if (figures === undefined) return [code(name), 'not measured', '', '', '', '', '', PUBLISHED[name] ?? '', ''];
  const { bases, found, replays, seconds, secondsMax, seeds, named, right } = figures;
  const properties = unique(found.map(({ property }) => property))
    .map(code)
    .join(', ');
  return [
    code(name),
    `${found.length} of ${bases.length}`,
    found.length === 0 ? `more than ${seconds.toFixed(0)}` : `${seconds.toFixed(2)} (${secondsMax.toFixed(1)})`,
    String(seeds),
    properties || (REASONS[name] ?? 'missed'),
    stepsText(replays),
    shapesText(found),
    PUBLISHED[name] ?? '',
    replays.length === 0 ? '–' : `${right} of ${named}`,
  ];
}

function summary(measured) {
  const all = variantNames.flatMap((name) => figuresOf(name, measured) ?? []);
  if (all.length === 0) return 'Nothing was measured yet.\n';
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const hunts = all.flatMap(({ bases }) => bases);
  const found = sum(all.map((one) => one.found.length));
  const seconds = all.map((one) => one.seconds);
  const replays = all.flatMap((one) => one.replays);
  const minimal = replays.filter((one) => one.isMinimal).length;
  const quick = replays.filter((one) => one.seconds <= 10).length;
  const [named, right] = [sum(all.map((one) => one.named)), sum(all.map((one) => one.right))];
  return (
    `${all.length} of ${variantNames.length} variants were hunted, ${hunts.length} hunts in all: ${found} found the bug. ` +
    `The median of the medians is ${middle(seconds).toFixed(2)} core-seconds, the slowest median ${Math.max(...seconds).toFixed(1)}.\n` +
    `Of ${replays.length} replays ${minimal} are proven 1-minimal, ${quick} took ten core-seconds or less. ` +
    `The rule that a replay names is the broken one in ${right} of ${named}.\n`
  );
}

const NEEDS = 'waits for';

function stateOf(name, { by, needs, not }) {
  const variant = by ?? name;
  if (variantNames.includes(variant)) return by === undefined ? 'variant' : `told by ${code(by)}`;
  if (not !== undefined) return `not told: ${not}`;
  return `${NEEDS} ${needs || by || 'a variant'}`;
}

function states() {
  const rows = [...Object.values(catalogue).flatMap(Object.entries), ...Object.entries(recent)];
  return rows.map(([name, entry]) => [code(name), stateOf(name, entry)]);
}

/** The upper end of the Wilson interval of 95 % for a rate, and the lower one. */
function wilson(found, runs) {
  const z = 1.96;
  const rate = found / runs;
  const centre = rate + (z * z) / (2 * runs);
  const half = z * Math.sqrt((rate * (1 - rate)) / runs + (z * z) / (4 * runs * runs));
  const scale = 1 + (z * z) / runs;
  return [(centre - half) / scale, (centre + half) / scale];
}

const oneIn = (rate) => (rate <= 0 ? 'never' : `1 in ${Math.max(1, Math.round(1 / rate))}`);

/** Of each family: how many seeds show one of its bugs, and how many green seeds would make the rarest unlikely. */
function rates(measured) {
  const families = groupBy(variantNames, familyOf);
  const rows = Array.from(families, ([family, names]) => {
    const known = names.flatMap((name) => {
      const bases = measured[name]?.bases ?? [];
      if (bases.length === 0) return [];
      const runs = bases.reduce((sum, { seeds }) => sum + seeds, 0);
      return [{ name, runs, found: bases.filter(({ property }) => property !== undefined).length }];
    });
    if (known.length === 0) return [family, '0', '', '', ''];
    const byRate = known.toSorted((a, b) => b.found / b.runs - a.found / a.runs);
    const rarest = byRate.at(-1);
    const [low, high] = wilson(rarest.found, rarest.runs);
    const usual = middle(known.map(({ found, runs }) => found / runs));
    const needed = low > 0 ? String(Math.ceil(Math.log(0.05) / Math.log(1 - low))) : '–';
    return [
      family,
      String(known.length),
      oneIn(usual),
      `${oneIn(low)} to ${oneIn(high)} (${code(rarest.name)})`,
      needed,
    ];
  });
  return table(
    ['family', 'bugs', 'seeds that show one, median', 'the rarest, 95 %', 'green seeds that rule it out, 95 %'],
    rows,
  );
}

const CLEAN = [100, 1000, 10_000, 100_000];

const cleanText = () =>
  `${CLEAN.map((runs) => `after ${runs} green seeds a bug that is left shows in fewer than ${oneIn(wilson(0, runs)[1])}`).join('; ')} ` +
  '(the upper end of the Wilson interval of 95 %).';

function mutantsText() {
  const [measured, equivalents] = [readMutants(), readEquivalents()];
  const all = Object.entries(measured);
  const killed = all.filter(([, { state }]) => state === 'killed');
  const missed = all.filter(([id, { state }]) => state === 'missed' && equivalents[id] === undefined);
  const same = all.filter(([id, { state }]) => state === 'missed' && equivalents[id] !== undefined);
  const kills = groupBy(killed, ([, { property }]) => property);
  const by = Array.from(kills, ([property, rows]) => [code(property), String(rows.length)]);
  by.sort(([, a], [, b]) => Number(b) - Number(a));
  return (
    '`npm run mutants` changes one operator, constant, condition or statement of the node or its machine at a time, and hunts for 15\n' +
    `core-seconds. Of ${all.length} that were tried, an even sample, ${killed.length} were killed, ${same.length} are equivalent ` +
    `(bench/mutants-equivalent.json has the reasons), ${missed.length} were missed.\n\n${table(['killed by', 'mutants'], by)}\n` +
    `Missed:\n\n${missed.map(([id, { line }]) => `- line ${line}, ${id}\n`).join('')}`
  );
}

export function zooPage(note) {
  const measured = readMeasured();
  const explored = readExplored();
  const head = [
    'variant',
    'found',
    'core-seconds',
    'seeds',
    'promise',
    'steps',
    'explore',
    'shapes',
    'published',
    'rule named',
  ];
  const families = groupBy(variantNames, familyOf);
  const parts = Array.from(families, ([family, names]) => {
    return `### ${family}\n\n${table(
      head,
      names.map((name) => rowOf(name, measured, explored)),
    )}`;
  });
  const all = states();
  const count = (word) => all.filter(([, state]) => state.startsWith(word)).length;
  return (
    `# What the hunt finds\n\n${note}` +
    'Each bug of the [zoo](reference/variants.md) is hunted as somebody would who knows nothing of it: ' +
    '`raft-sim fuzz --variant NAME`, one worker, no profile, no hint. *core-seconds* is the median until the first broken\n' +
    'promise, the slowest in brackets; *seeds* how many runs that took; *steps* those of the shrunk replay; *shapes* in how many\n' +
    'different replays the hunts ended, for each promise; *published* the events of the shortest trace that others give; *rule named*\n' +
    'how often the replay names the rule that is broken. `npm run bench:zoo` measures it.\n\n' +
    `${summary(measured)}\n${exploredSummary(explored, measured)}\n${parts.join('\n')}\n` +
    '## What a green campaign says\n\n' +
    `${rates(measured)}\nOf any bug: ${cleanText()}\n\n` +
    `## Mutants\n\n${mutantsText()}\n` +
    '## Every entry of the lists\n\n' +
    `The zoo is made from two lists of real bugs. Of their ${all.length} entries ${count('variant')} are variants, ${count('told')} are told by another ` +
    `one, ${count(NEEDS)} wait, ${count('not told')} cannot be told of this node.\n\n` +
    table(['entry', 'state'], all)
  );
}
