// The commands about scenarios: their flags, their help and what loads each.
//
// The readers of YAML and of schemas cost nothing where no scenario is read.

import type { Command } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { parseWhole } from '../../run/quantity.ts';
import type { CommandDescription } from '../command.ts';
import { addOutputFlags, fileName, htmlFlag, seedText, SYSTEM_MEANING } from '../run/flags.ts';
import { addReporterFlag } from '../ui/reporters.ts';
import { addSelectionFlags } from './selection-flags.ts';
import type { Terminal } from '../ui/terminal.ts';

const files = {
  syntax: '[files...]',
  meaning: "files, folders, 'patterns', names of the library, or - for standard input (default: scenarios/)",
} as const;

const playHelp = `
Folders mean every .yaml and .yml file below them. Without any file the folder scenarios/ is meant, or else the library
that comes with raft-sim; names of files in one of them need neither folder nor ending.

Exit codes, of several the first of 70, 1, 2, 4:
  0         every scenario passed
  1         an expectation not met, or a promise broken
  2         a mistake in a file; all other files are played
  4         only a liveness property violated
  70        a defect of raft-sim itself
  128 + n   interrupted by signal n (Ctrl-C: 130); what was played is told

Examples:
  raft-sim scenario run scenarios
  raft-sim scenario run two-leaders-by-partition
  raft-sim scenario run 'scenarios/**/figure-8*.yaml' --watch
  raft-sim scenario run --catches vote-no-log-check --variant vote-no-log-check
  raft-sim scenario run story.yaml --variant vote-no-log-check --show
  raft-sim scenario run scenarios --repeat 100 -r junit=report.xml -r text
`;

const run: CommandDescription = {
  name: 'run',
  summary: 'play scenarios and tell what is not as they expect',
  arguments: [files],
  flags: addPlayFlags,
  help: playHelp,
  load: async () => (await import('./run.ts')).runScenarios,
};

function addPlayFlags(command: Command): void {
  const whole = (flag: string) => (text: string) => parseWhole(flag, text);
  addSelectionFlags(command.optionsGroup('The scenarios:'))
    .option('--last-failed', 'only those that did not pass the last time, as .raft-sim/ here knows')
    .option('--watch', 'play what changed again, until Ctrl-C')
    .option('--variant <name>', 'play under this named bug; none: under none, whatever a file says', notAFlag)
    .option('--system <what>', SYSTEM_MEANING)
    .option('--seed <seed>', 'draw the random parts from this seed', seedText(command))
    .option('--repeat <n>', 'play each file with n seeds: its own, then SEED/2, SEED/3…', whole('--repeat'))
    .option('--nodes <n>', 'servers, for files that allow several numbers', whole('--nodes'))
    .option('--bail', 'stop at the first scenario that does not pass')
    .option('--workers <n>', 'threads (default: one for each core)', whole('--workers'))
    .option('--trace <file>', 'write every step to this file: for one scenario', fileName('--trace'));
  addReporterFlag(addOutputFlags(command))
    .addOption(htmlFlag())
    .option('--show', 'print every step in the one-line notation, with lanes in a wide terminal')
    .option('--quiet', 'print only what did not pass, and the last line');
}

const notAFlag = (text: string): string => {
  if (text.startsWith('-')) throw new UsageError(`--variant is ${JSON.stringify(text)}, expected a name or none`);
  return text;
};

const list: CommandDescription = {
  name: 'list',
  summary: 'name the scenarios, what they show, and which bugs they catch',
  arguments: [files],
  flags: (command) => addOutputFlags(addSelectionFlags(command)),
  load: async () => (await import('./list.ts')).listScenarios,
};

const check: CommandDescription = {
  name: 'check',
  summary: 'tell every mistake in files without playing them',
  arguments: [files],
  flags: (command) => addOutputFlags(addSelectionFlags(command)).option('--quiet', 'print only mistakes'),
  load: async () => (await import('./check.ts')).checkScenarios,
};

const fresh: CommandDescription = {
  name: 'new',
  summary: 'write a first file to start from',
  arguments: [{ syntax: '<name>', meaning: 'what it is called: NAME writes NAME.yaml' }],
  async load() {
    const { newScenario } = await import('./new.ts');
    return (name: string, _flags: object, terminal: Terminal) => newScenario(name, terminal);
  },
};

const record: CommandDescription = {
  name: 'record',
  summary: 'write the steps of a trace as a scenario',
  arguments: [{ syntax: '<trace>', meaning: 'a trace, or - for standard input' }],
  flags(command) {
    command
      .option('-o, --output <file>', 'write to this new file instead of standard output', fileName('--output'))
      .option('--force', 'write over a file that is there');
  },
  load: async () => (await import('./record.ts')).record,
};

export const scenarioCommand: CommandDescription = {
  name: 'scenario',
  summary: 'play stories about a cluster, written in YAML',
  subcommands: [run, list, check, fresh, record],
};
