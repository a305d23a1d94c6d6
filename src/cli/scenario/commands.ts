// The commands about scenarios and their flags, as commander knows them. What each does is loaded when it is asked for.
//
// So the readers of YAML and of schemas cost nothing where nobody reads a scenario.

import type { Command } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { parseWhole } from '../../run/quantity.ts';
import type { ExitCode } from '../exit-code.ts';
import { addOutputFlags, fileName, seedText, type OutputFlags } from '../run/flags.ts';
import { addReporterFlag, scenarioReporters } from '../ui/reporters.ts';
import type { RecordFlags } from './record.ts';
import type { ScenarioRunFlags } from './run.ts';
import { addSelectionFlags } from './selection-flags.ts';
import type { Terminal } from '../ui/terminal.ts';

const FILES = "files, folders, 'patterns', names of the library, or - for standard input (default: scenarios/)";

export function addScenarioCommands(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const scenario = command(program, 'scenario', 'play stories about a cluster, written in YAML').helpCommand(
    'help [command]',
    'print the help of a command',
  );
  addRun(scenario, terminal, done);

  const list = command(scenario, 'list', 'name the scenarios, what they show, and which bugs they catch');
  list.argument('[files...]', FILES);
  addOutputFlags(addSelectionFlags(list)).action(async (files: readonly string[], flags: OutputFlags) => {
    terminal.allowColour(flags.color);
    done(await (await import('./list.ts')).listScenarios(files, flags, terminal));
  });

  const check = command(scenario, 'check', 'tell every mistake in files without playing them');
  check.argument('[files...]', FILES);
  addOutputFlags(addSelectionFlags(check))
    .option('--quiet', 'print only mistakes')
    .action(async (files: readonly string[], flags: OutputFlags) => {
      terminal.allowColour(flags.color);
      done(await (await import('./check.ts')).checkScenarios(files, flags, terminal));
    });

  command(scenario, 'new', 'write a first file to start from')
    .argument('<name>', 'what it is called: NAME writes NAME.yaml')
    .action(async (name: string) => {
      done((await import('./new.ts')).newScenario(name, terminal));
    });

  command(scenario, 'record', 'write the steps of a trace as a scenario')
    .argument('<trace>', 'a trace, or - for standard input')
    .option('-o, --output <file>', 'write to this new file instead of standard output', fileName('--output'))
    .option('--force', 'write over a file that is there')
    .action(async (trace: string, flags: RecordFlags) => {
      done(await (await import('./record.ts')).record(trace, flags, terminal));
    });

  command(program, 'schema', 'print the JSON Schema of scenarios, for editors').action(async () => {
    done((await import('../schema/schema.ts')).printSchema(terminal));
  });
}

function addRun(scenario: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const run = command(scenario, 'run', 'play scenarios and tell what is not as they expect').argument(
    '[files...]',
    FILES,
  );
  const whole = (flag: string) => (text: string) => parseWhole(flag, text);
  addSelectionFlags(run.optionsGroup('The scenarios:'))
    .option('--last-failed', 'only those that did not pass the last time, as .raft-sim/ here knows')
    .option('--watch', 'play what changed again, until Ctrl-C')
    .option('--variant <name>', 'play under this named bug; none: under none, whatever a file says', notAFlag)
    .option('--seed <seed>', 'draw the random parts from this seed', seedText(run))
    .option('--repeat <n>', 'play each file with n seeds: its own, then SEED/2, SEED/3…', whole('--repeat'))
    .option('--nodes <n>', 'servers, for files that allow several numbers', whole('--nodes'))
    .option('--bail', 'stop at the first scenario that does not pass')
    .option('--workers <n>', 'threads (default: one for each core)', whole('--workers'))
    .option('--trace <file>', 'write every step to this file: for one scenario', fileName('--trace'));
  addReporterFlag(addOutputFlags(run), scenarioReporters)
    .option('--show', 'print every step in the one-line notation')
    .option('--quiet', 'print only what did not pass, and the last line')
    .addHelpText('after', runHelp)
    .action(async (files: readonly string[], flags: ScenarioRunFlags) => {
      terminal.allowColour(flags.color);
      done(await (await import('./run.ts')).runScenarios(files, flags, terminal));
    });
}

const notAFlag = (text: string): string => {
  if (text.startsWith('-')) throw new UsageError(`--variant is ${JSON.stringify(text)}, expected a name or none`);
  return text;
};

const command = (program: Command, name: string, description: string): Command =>
  program.command(name).description(description).helpOption('-h, --help', 'print this help');

const runHelp = `
Folders mean every .yaml and .yml file below them. Without any file the folder scenarios/ is meant, or else the library
that comes with raft-sim; names of files in one of them need neither folder nor ending.

Exit codes, of several the first of 70, 1, 2, 4:
  0         every scenario passed
  1         an expectation not met, or a promise broken
  2         a mistake in a file; all other files are played
  4         only a liveness property violated
  70        a defect of raft-sim itself
  130, 143  interrupted; what was played is told

Examples:
  raft-sim scenario run scenarios
  raft-sim scenario run two-leaders-by-partition
  raft-sim scenario run 'scenarios/**/figure-8*.yaml' --watch
  raft-sim scenario run --catches vote-no-log-check --variant vote-no-log-check
  raft-sim scenario run story.yaml --variant vote-no-log-check --show
  raft-sim scenario run scenarios --repeat 100 --reporter junit=report.xml --reporter text
`;
