// Every single-point mutant of the node and of its state machine, each hunted as somebody would who knows nothing of it.
//
// usage: npm run mutants -- [--seconds N] [--sample N] [--only TEXT] [--again] [--list]
//
// A mutant is killed if the hunt finds anything, else missed; what bench/mutants-equivalent.json names changes nothing
// that could be seen, with the reason. Results stand in bench/mutants.json after every mutant, so that a stop loses
// none; `--sample` takes an even part of those that are left, `--again` those that were missed. CPU time only.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEquivalents, readMutants, writeMutants } from './measured.mjs';
import { mutantsOf } from './mutate.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    sample: { type: 'string' },
    only: { type: 'string' },
    again: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('..', import.meta.url));
/** A program of its own in a folder that git does not know; below the root, where packages are found. */
const folder = `${root}reports/mutants-${process.pid}`;

/** Tables of plain data, and what only says where the paper speaks of something. */
const DATA = ['raft/options.js', 'raft/sections.js'];

const files = ['raft', 'systems/in-process'].flatMap((room) =>
  readdirSync(`${root}dist/${room}`)
    .filter((name) => name.endsWith('.js'))
    .map((name) => `${room}/${name}`)
    .filter((file) => !DATA.includes(file)),
);
const all = mutantsOf(`${root}dist`, files);
const measured = readMutants();
const equivalents = readEquivalents();

const isLeft = ({ id }) =>
  equivalents[id] === undefined && (values.again ? measured[id]?.state === 'missed' : measured[id] === undefined);
const wanted = all.filter((mutant) => mutant.id.includes(values.only ?? '') && isLeft(mutant));
const chosen = values.sample === undefined ? wanted : evenly(wanted, Number(values.sample));

/** So many of them, equally far apart. */
function evenly(items, count) {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]);
}

/** Sixteen kinds of endless loops are no use: a mutant that uses so much more than its time is killed by it. */
const GRACE_SECONDS = 15;

function hunted({ file, from, to, after }) {
  const path = `${folder}/${file}`;
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, from) + after + text.slice(to));
  const limit = Number(values.seconds) + GRACE_SECONDS;
  const hunt = [`${root}scripts/mutant-hunt.mjs`, folder, values.seconds];
  const command = `ulimit -t ${limit}; exec "$0" "$@"`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', command, process.execPath, ...hunt], {
    encoding: 'utf8',
  });
  writeFileSync(path, text);
  if (status === 0) return JSON.parse(stdout);
  if (status === null || status > 128) return { state: 'killed', property: 'endless loop', seeds: 1, seconds: limit };
  return { state: 'killed', property: 'does not run', seeds: 0, seconds: 0, why: stderr.trim().split('\n').at(-1) };
}

function score() {
  const known = all.map(({ id }) => (equivalents[id] === undefined ? measured[id]?.state : 'equivalent') ?? 'open');
  const count = (state) => known.filter((one) => one === state).length;
  const words = ['killed', 'equivalent', 'missed', 'open'].map((state) => `${count(state)} ${state}`);
  process.stdout.write(`${all.length} mutants: ${words.join(', ')}\n`);
}

if (values.list) {
  for (const { id, line } of wanted) process.stdout.write(`${String(line).padStart(4)}  ${id}\n`);
} else {
  mkdirSync(folder, { recursive: true });
  cpSync(`${root}dist`, folder, { recursive: true });
  try {
    for (const mutant of chosen) {
      const { id, line } = mutant;
      const result = hunted(mutant);
      measured[id] = { line, ...result };
      writeMutants(
        measured,
        all.map((one) => one.id),
      );
      const { state, property = '', seconds } = result;
      process.stdout.write(`${state.padEnd(6)} ${seconds.toFixed(2).padStart(6)} s  ${property.padEnd(20)}  ${id}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
score();
