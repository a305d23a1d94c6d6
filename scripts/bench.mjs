// The bench: messages delivered per second, steps per second under chaos, memory, and the time of `--help`.
//
// usage: npm run bench [-- --json] [-- --peer COMMAND] [-- --quick]
//
// Every figure is the best of several runs in processes of their own; the load of a machine only ever slows a run
// down. `--peer` names a command that runs another implementation on the same workload and prints
// `delivered=N ... wall_s=S`; it runs in turn with ours, on the same machine at the same time of day.

import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { makePlan, Simulation } from '../dist/index.js';

// As the launcher does (bin/raft-sim.js).
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000');

const MILLISECOND = 1000;

/** Five nodes, 1 % loss, 1 to 10 ms, a proposal every 5 ms, a heartbeat every 10 ms; messages overtake each other. */
const yardstick = {
  seed: '42',
  nodes: 5,
  profile: 'calm',
  parameters: {
    loss: 10_000,
    reorder: 1_000_000,
    delayMin: 1 * MILLISECOND,
    delayMax: 10 * MILLISECOND,
    heartbeatInterval: 10 * MILLISECOND,
    electionTimeoutMin: 100 * MILLISECOND,
    electionTimeoutMax: 200 * MILLISECOND,
    openLoopEvery: 5 * MILLISECOND,
    clients: 32,
  },
  // As production implementations do: followers learn at once what is committed.
  node: { notifyCommit: true },
  length: { micros: 1_200_000_000 },
};
const chaos = (steps) => ({ seed: '42', nodes: 5, profile: 'chaos', length: { steps } });

const workloads = {
  'yardstick, every check on': { plan: yardstick, checks: true },
  'yardstick, no checks': { plan: yardstick, checks: false },
  'without commit notices': { plan: { ...yardstick, node: {} }, checks: true },
  'chaos, every check on': { plan: chaos(2_000_000), checks: true },
  'chaos, 10 million steps': { plan: chaos(10_000_000), checks: true },
};

function measureHere(name) {
  const { plan, checks } = workloads[name];
  const simulation = new Simulation(makePlan(plan), { checks });
  const start = performance.now();
  while (simulation.advance(1_000_000));
  const seconds = secondsSince(start);
  const { world } = simulation;
  const judged = performance.now();
  const run = checks ? simulation.finish() : undefined;
  return {
    steps: world.steps,
    delivered: world.counters.delivered,
    applied: world.counters.applied,
    virtualSeconds: world.now / 1e6,
    seconds,
    judgeSeconds: secondsSince(judged),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    violation: run?.violation ?? null,
    fingerprint: world.fingerprint.toString(),
  };
}

const secondsSince = (start) => (performance.now() - start) / 1000;

const here = fileURLToPath(import.meta.url);
const flags = process.argv.slice(2);

if (flags[0] === '--one') {
  process.stdout.write(JSON.stringify(measureHere(flags[1])));
} else {
  main();
}

function inChild(name) {
  return JSON.parse(execFileSync(process.execPath, [here, '--one', name], { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

function main() {
  const json = flags.includes('--json');
  const quick = flags.includes('--quick');
  const peer = flags.includes('--peer') ? flags[flags.indexOf('--peer') + 1] : undefined;
  const repeats = quick ? 1 : 5;
  const results = {};
  const best = (name, result) => {
    if (results[name] === undefined || result.seconds < results[name].seconds) results[name] = result;
  };
  for (let i = 0; i < repeats; i++) {
    best('yardstick, every check on', inChild('yardstick, every check on'));
    if (peer !== undefined) best('peer', runPeer(peer));
    best('yardstick, no checks', inChild('yardstick, no checks'));
    best('without commit notices', inChild('without commit notices'));
    best('chaos, every check on', inChild('chaos, every check on'));
  }
  if (!quick) best('chaos, 10 million steps', inChild('chaos, 10 million steps'));
  const help = helpMillis(quick ? 3 : 9);
  if (json) {
    process.stdout.write(`${JSON.stringify({ node: process.version, repeats, results, helpMillis: help }, null, 2)}\n`);
    return;
  }
  const perSecond = (count, result) => Math.round(count / result.seconds).toLocaleString('en-US');
  process.stdout.write(`node ${process.version}, best of ${repeats}\n\n`);
  for (const [name, r] of Object.entries(results)) {
    const rows = [`${perSecond(r.delivered, r)} deliveries/s`];
    if (r.steps !== undefined) {
      rows.push(`${perSecond(r.steps, r)} steps/s`, `${Math.round(r.virtualSeconds / r.seconds)} times real time`);
      rows.push(`${Math.round(r.peakMegabytes)} MB peak`);
      if (r.judgeSeconds > 0.01) rows.push(`judged in ${r.judgeSeconds.toFixed(2)} s`);
      if (r.violation !== null) rows.push(`VIOLATION ${r.violation.property}`);
    }
    process.stdout.write(`${name.padEnd(28)}${rows.join(' · ')}\n`);
  }
  const ours = results['yardstick, every check on'];
  if (results.peer !== undefined) {
    const ratio = ours.delivered / ours.seconds / (results.peer.delivered / results.peer.seconds);
    process.stdout.write(`\nagainst the peer, every check on: ${ratio.toFixed(2)} times its deliveries per second\n`);
  }
  process.stdout.write(`raft-sim --help: ${help} ms\n`);
}

function runPeer(command) {
  const { stdout, status, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the peer failed: ${stderr}`);
  const field = (name) => Number(new RegExp(`${name}=([0-9.]+)`).exec(stdout)?.[1]);
  return { delivered: field('delivered'), seconds: field('wall_s') };
}

function helpMillis(repeats) {
  const bin = fileURLToPath(new URL('../bin/raft-sim.js', import.meta.url));
  let least = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    spawnSync(process.execPath, [bin, '--help']);
    least = Math.min(least, secondsSince(start) * 1000);
  }
  return Math.round(least);
}
