// The commands and their flags, as commander knows them. What a command does is loaded when it is asked for.
//
// So `--help` and `--version` cost no more than commander itself. Each action hands its exit code to whoever built the
// program; nothing here prints or ends anything.

import { Command } from 'commander';
import { exitMeanings, type ExitCode } from './exit-code.ts';
import { addOutputFlags, addRunFlags, type OutputFlags, type RunFlags } from './run/flags.ts';
import { addHuntCommands } from './fuzz/commands.ts';
import type { ReplayFlags } from './replay/replay.ts';
import { addScenarioCommands } from './scenario/commands.ts';
import type { ShrinkFlags } from './shrink/shrink-input.ts';
import type { Terminal } from './ui/terminal.ts';
import { parseDuration, parseWhole } from '../run/quantity.ts';
import { version } from './version.ts';

export function makeProgram(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command('raft-sim')
    .description('Runs real Raft nodes in a simulated world of faults and checks every promise after every step.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: () => undefined, // told by whoever catches it
      getOutHelpWidth: () => terminal.out.width,
      getErrHelpWidth: () => terminal.err.width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', exitCodesHelp);

  addRunFlags(command(program, 'run', 'run one plan: nodes, faults and clients, all drawn from a seed')).action(
    async (flags: RunFlags) => {
      terminal.allowColour(flags.color);
      done(await (await import('./run/run.ts')).run(flags, terminal));
    },
  );

  const replay = command(program, 'replay', 'take the steps of a trace again and compare every fingerprint')
    .argument('<file>', 'a trace, or - for standard input')
    .option('--until <step>', 'stop after this step and show every server', (text: string) =>
      parseWhole('--until', text),
    )
    .option('--show', 'print every step in the one-line notation');
  addOutputFlags(replay)
    .option('--quiet', 'print only how it ended')
    .action(async (file: string, flags: ReplayFlags) => {
      terminal.allowColour(flags.color);
      done(await (await import('./replay/replay.ts')).replay(file, flags, terminal));
    });

  const shrink = command(program, 'shrink', 'find the shortest scenario that breaks the same promise')
    .argument('[file]', 'a trace, a scenario that breaks a promise, or - for standard input; without it, a run')
    .option('-o, --output <file>', 'where the scenario is written (default: beside the file, or among the reports)')
    .option('--shrink-time <time>', 'real time after which the best so far is the result (default: 60s)', shrinkTime);
  addRunFlags(shrink)
    .addHelpText('after', shrinkHelp)
    .action(async (file: string | undefined, { shrinkTime: time = 60_000_000, ...flags }: Partial<ShrinkFlags>) => {
      terminal.allowColour(flags.color ?? true);
      const all = { color: true, reports: 'reports', ...flags, shrinkTime: time };
      done(await (await import('./shrink/shrink.ts')).shrink(file, all, terminal));
    });

  addScenarioCommands(program, terminal, done);

  addHuntCommands(program, command, terminal, done);

  const list = command(program, 'list', 'name everything of a topic: properties, faults, verbs…').argument(
    '[topic]',
    'one of those that list without a topic prints',
  );
  addOutputFlags(list).action(async (topic: string | undefined, flags: OutputFlags) => {
    terminal.allowColour(flags.color);
    done(await (await import('./list/list.ts')).list(topic, flags, terminal));
  });

  const explain = command(program, 'explain', 'tell what one of these names means').argument(
    '<name>',
    'any name that list prints',
  );
  addOutputFlags(explain).action(async (name: string, flags: OutputFlags) => {
    terminal.allowColour(flags.color);
    done(await (await import('./list/explain.ts')).explain(name, flags, terminal));
  });
  return program;
}

const command = (program: Command, name: string, description: string): Command =>
  program.command(name).description(description).helpOption('-h, --help', 'print this help');

const shrinkTime = (text: string): number => parseDuration('--shrink-time', text);

const shrinkHelp = `
  raft-sim shrink --variant vote-no-log-check --seed 42
  raft-sim shrink reports/election-safety-42-87f98507.trace.ndjson -o regression.yaml
`;

const exitCodesHelp = `
Exit codes:
${exitMeanings.map(([codes, meaning]) => `  ${codes.padEnd(9)} ${meaning}`).join('\n')}
`;
