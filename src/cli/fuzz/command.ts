// The command `fuzz`: its flags, its help and what loads it.
//
// Nothing here runs a seed.

import type { Command } from 'commander';
import type { CommandDescription } from '../command.ts';
import type { Terminal } from '../ui/terminal.ts';
import { addFuzzFlags, type FuzzFlags } from './fuzz-flags.ts';

const fuzzHelp = `
Every seed draws its own cluster, faults, clients and scheduler. The report
depends on the seeds alone, not on the workers, the shards or the time.

A campaign leaves campaign.json in --reports, and for each way to fail a folder
with replay.yaml (shrunk), original.yaml, trace.ndjson and summary.md. A folder
that holds a campaign is refused without --resume or --force.

Every seed draws what no flag fixes. The flags of a team's usual campaign may stand
in raft-sim.config.yaml (json, mjs), or as "raft-sim" in package.json:

  fuzz: { time-budget: 10m, profile: [chaos, partitions], loss: 5% }

Examples:
  raft-sim fuzz --time-budget 10m
  raft-sim fuzz --seeds 1..1000 --reporter text --reporter junit=report.xml
  raft-sim fuzz --variant vote-no-log-check --stop-on-first
  raft-sim fuzz --loss 5% --election-timeout-min 1s --no-noop
  raft-sim fuzz --seeds 1,5,7 --force
  raft-sim fuzz --seeds 1.. --time-budget 8h --resume --reports nightly
  raft-sim fuzz --seeds 1..1000000 --shard 3/16 --reports shards/3
  raft-sim merge-reports shards
  raft-sim fuzz --seeds 1..1000000 --queue redis://queue.example.com:6379

Exit codes, the gravest first:
  70        a run ended in a defect of raft-sim itself
  5         two runs of one plan differ
  1         a safety property violated, or a regression failed
  4         only a liveness property violated
  3         a worker died or hung; its seed is a finding, the others were run
  2         a wrong flag, name or file
  128 + n   interrupted by signal n (Ctrl-C: 130); the report tells what was found
  0         every promise kept
`;

export const fuzzCommand: CommandDescription = {
  name: 'fuzz',
  summary: 'run many seeds, each with a plan of its own, and shrink what fails',
  flags: addFuzzFlags,
  help: fuzzHelp,
  async load() {
    const [{ fuzz }, { applyConfig }] = await Promise.all([import('./fuzz.ts'), import('./config.ts')]);
    return async (_typed: FuzzFlags, terminal: Terminal, command: Command) => {
      const config = await applyConfig(command, process.cwd());
      return fuzz({ ...command.opts<FuzzFlags>(), config: config ?? false }, terminal);
    };
  },
};
