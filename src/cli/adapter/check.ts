// `raft-sim adapter check`: the level that a system reaches, what that buys, and whether its runs repeat.
//
// A plan is run alone, again, step by step beside another one, and in a process of its own: the same fingerprint
// each time, or what the system does depends on more than its seed. A system that keeps its own time is only tried.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Capability } from '../../protocol/capabilities.ts';
import { makePlan, type Plan } from '../../run/plan.ts';
import { Simulation, simulate, type Run } from '../../run/simulate.ts';
import { BEST_EFFORT_WORDS, isBestEffort } from '../../systems/best-effort.ts';
import { systemNamed } from '../../systems/system.ts';
import { type ExitCode, exitCodeOfBroken, exits } from '../exit-code.ts';
import { argumentsOf } from '../run/input.ts';
import { foldedLine } from '../ui/layout.ts';
import type { Terminal } from '../ui/terminal.ts';

const SEEDS = ['1', '2', '3'];
const MICROS = 5_000_000;
/** Steps that one run takes before the other has its turn. */
const TURN = 7;

/** What each level shows beyond the one before, and the promises that this buys. */
const levels: readonly { readonly shows: readonly Capability[]; readonly buys: string }[] = [
  { shows: [], buys: 'what is applied and answered' },
  { shows: ['roles', 'terms'], buys: 'elections' },
  { shows: ['log', 'commit', 'disk'], buys: 'logs, commits, progress' },
  { shows: ['votes', 'messages'], buys: 'votes, what messages claim' },
];

export function checkAdapter(name: string, _flags: object, { out }: Terminal): ExitCode {
  const system = systemNamed(name);
  const reached = levels.findIndex(({ shows }) => shows.some((one) => !system.shows.includes(one)));
  const level = (reached < 0 ? levels.length : reached) - 1;
  const say = (text: string): void => out.lines(foldedLine(text, out.width));
  say(`${system.title}: level L${level} of L${levels.length - 1}`);
  for (const [i, { buys }] of levels.entries()) say(`  ${i <= level ? '✓' : '–'} L${i}  ${buys}`);
  const next = levels[level + 1];
  if (next !== undefined) {
    say(`  L${level + 1} also shows ${next.shows.filter((one) => !system.shows.includes(one)).join(', ')}`);
  }
  if (isBestEffort(name)) return tried(name, say);
  const broken: string[] = [];
  let isSame = true;
  for (const seed of SEEDS) {
    const plan = makePlan({ seed, system: name, nodes: 3, length: { micros: MICROS } });
    const alone = simulate(plan);
    const { violation } = alone;
    if (violation !== undefined) {
      say(`  ✗ seed ${seed}: ${violation.property} is broken at step ${violation.step}: ${violation.why}`);
      broken.push(violation.property);
      if (exitCodeOfBroken(broken) === exits.workerFailed) continue;
    }
    const others = { 'run again': simulate(plan).fingerprint, ...elsewhere(plan, seed) };
    for (const [where, print] of Object.entries(others)) {
      if (print === alone.fingerprint) continue;
      isSame = false;
      say(`  ✗ seed ${seed}, ${where}: ${print}, but alone ${alone.fingerprint}`);
    }
    say(`  seed ${seed}: ${alone.steps} steps, ${words(alone)}`);
  }
  if (isSame) {
    if (broken.length < SEEDS.length) say('✓ runs repeat: twice, beside another run, in a fresh process');
    return exitCodeOfBroken(broken);
  }
  say('✗ runs differ: something decides besides the seed: a clock, threads, the order of a map, chance of its own');
  return exits.differs;
}

/** A system that keeps its own time is run, and nothing is said about its determinism. */
function tried(name: string, say: (text: string) => void): ExitCode {
  const run = simulate(makePlan({ seed: '1', system: name, nodes: 3, profile: 'calm', length: { micros: MICROS } }));
  const { violation } = run;
  if (violation !== undefined) say(`  ✗ ${violation.property} is broken at step ${violation.step}: ${violation.why}`);
  say(`  seed 1, without faults: ${run.steps} steps, ${words(run)}`);
  say(`? ${BEST_EFFORT_WORDS}: nothing was proved`);
  return exitCodeOfBroken(violation === undefined ? [] : [violation.property]);
}

const words = ({ summary: { leaders, entriesCommitted, callsCompleted } }: Run): string =>
  `${leaders} leaders, ${entriesCommitted} entries committed, ${callsCompleted} calls answered`;

function elsewhere(plan: Plan, seed: string): Readonly<Record<string, string>> {
  const one = new Simulation(plan);
  const other = new Simulation(makePlan({ ...plan, seed: `${seed} beside` }));
  for (let goesOn = true; goesOn;) {
    goesOn = one.advance(TURN);
    other.advance(TURN);
  }
  return { 'beside another run': one.finish().fingerprint, 'in a fresh process': inFreshProcess(plan) };
}

function inFreshProcess(plan: Plan): string {
  const program = fileURLToPath(new URL('../../../bin/raft-sim.js', import.meta.url));
  const flags = [program, ...argumentsOf(plan), '--json', '--reports', '/dev/null'];
  let text: string;
  try {
    text = execFileSync(process.execPath, flags, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    // A broken promise ends with 1, and is printed all the same.
    text = (error as { readonly stdout?: string }).stdout ?? '';
  }
  return /"fingerprint":"([0-9a-f]{16})"/.exec(text)?.[1] ?? 'no fingerprint';
}
