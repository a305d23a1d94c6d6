// The program as commander knows it, made of the registry of commands. What a command does is loaded when it is asked
// for.
//
// So `--help` and `--version` cost no more than commander itself. Each action hands its exit code to the caller that
// built the program; nothing here prints or ends anything.

import { Argument, Command } from 'commander';
import type { CommandDescription } from './command.ts';
import { exitMeanings, type ExitCode } from './exit-code.ts';
import { commandRegistry } from './registry.ts';
import { addShortFlags } from './short-flags.ts';
import { helpLines } from './ui/layout.ts';
import type { Terminal } from './ui/terminal.ts';
import { version } from './version.ts';

export function makeProgram(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command('raft-sim')
    .description('Runs real Raft nodes in a simulated world of faults and checks every promise after every step.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .helpCommand('help [command]', HELP_SUMMARY)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: () => undefined, // the caller that catches the error prints it
      getOutHelpWidth: () => terminal.out.width,
      getErrHelpWidth: () => terminal.err.width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ minWidthToWrap: HELP_WIDTH_MIN })
    .addHelpText('after', () => helpLines(exitCodesHelp, terminal.out.width).join('\n'));
  for (const description of commandRegistry) addCommand(program, description, terminal, done);
  return program;
}

function addCommand(
  parent: Command,
  description: CommandDescription,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): void {
  const { name, summary, arguments: words = [], flags, help, load, subcommands = [] } = description;
  const command = parent.command(name).description(summary).helpOption('-h, --help', 'print this help');
  for (const { syntax, meaning, choices } of words) {
    const argument = new Argument(syntax, meaning);
    command.addArgument(choices === undefined ? argument : argument.choices(choices));
  }
  flags?.(command);
  addShortFlags(command);
  if (help !== undefined) command.addHelpText('after', () => helpLines(help, terminal.out.width).join('\n'));
  if (subcommands.length > 0) command.helpCommand('help [command]', HELP_SUMMARY);
  for (const subcommand of subcommands) addCommand(command, subcommand, terminal, done);
  if (load === undefined) return;
  command.action(async (...given: unknown[]) => {
    const options = command.opts<{ color?: boolean }>();
    if (options.color !== undefined) terminal.allowColour(options.color);
    const [action, { openSystemsByName }] = await Promise.all([load(), import('../systems/open.ts')]);
    openSystemsByName();
    done(await action(...([...given.slice(0, -1), terminal, command] as never[])));
  });
}

/** Narrower than this, the meanings of flags are not wrapped. */
const HELP_WIDTH_MIN = 16;

const HELP_SUMMARY = 'print the help of a command';

const exitCodesHelp = `
Exit codes:
${exitMeanings.map(([codes, meaning]) => `  ${codes.padEnd(9)} ${meaning}`).join('\n')}
`;
