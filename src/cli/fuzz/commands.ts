// The commands of campaigns, as commander knows them: fuzz and merge-reports.
//
// What they do is loaded when it is asked for.

import type { Command } from 'commander';
import type { ExitCode } from '../exit-code.ts';
import { addOutputFlags, fileName } from '../run/flags.ts';
import { addFuzzFlags, type FuzzFlags } from './fuzz-flags.ts';
import type { MergeFlags } from '../merge-reports/merge-reports.ts';
import { addReporterFlag, fuzzReporters } from '../ui/reporters.ts';
import type { Terminal } from '../ui/terminal.ts';

type Make = (program: Command, name: string, description: string) => Command;

export function addHuntCommands(
  program: Command,
  make: Make,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): void {
  addFuzzFlags(make(program, 'fuzz', 'run many seeds, each with a plan of its own, and shrink what fails'))
    .addHelpText('after', fuzzHelp)
    .action(async (_typed: FuzzFlags, command: Command) => {
      const config = await (await import('./config.ts')).applyConfig(command, process.cwd());
      const flags = { ...command.opts<FuzzFlags>(), config: config ?? false } satisfies FuzzFlags;
      terminal.allowColour(flags.color);
      done(await (await import('./fuzz.ts')).fuzz(flags, terminal));
    });

  const merge = make(program, 'merge-reports', 'make one report of the shards of a campaign')
    .argument('<dir>', 'a folder with the campaign.json of every shard somewhere below')
    .option('--reports <dir>', 'where the merged report is kept', fileName('--reports'), 'reports');
  addOutputFlags(addReporterFlag(merge, fuzzReporters))
    .option('--quiet', 'print only how it ended')
    .addHelpText('after', mergeHelp)
    .action(async (folder: string, flags: MergeFlags) => {
      terminal.allowColour(flags.color);
      done((await import('../merge-reports/merge-reports.ts')).mergeReports(folder, flags, terminal));
    });
}

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

Exit codes, the gravest first:
  70        a run ended in a defect of raft-sim itself
  5         two runs of one plan differ
  1         a safety property violated, or a regression failed
  4         only a liveness property violated
  3         a worker died or hung; its seed is a finding, the others were run
  2         a wrong flag, name or file
  130, 143  interrupted; the report tells everything found so far
  0         every promise kept
`;

const mergeHelp = `
The report is the one that a single machine would have made of all seeds. A
missing shard is named; the report of the others then ends with 2, unless they
found something graver.

Examples:
  raft-sim merge-reports shards
  raft-sim merge-reports shards --reporter text --reporter markdown=report.md

Exit codes: those of raft-sim fuzz.
`;
