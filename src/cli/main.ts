// The program: arguments in, exit code out. Only this file decides how the process ends.
//
// A mistake of the user is reported in a line or two and ends with 2. Anything unforeseen is a defect of raft-sim: it
// is reported in full, with what a report needs, and ends with 70.

import { setImmediate } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { UsageError } from '../base/errors.ts';
import { defectLines } from './defect.ts';
import { type ExitCode, exitCodeOf, exits } from './exit-code.ts';
import { systemTrouble } from './system-trouble.ts';
import { makeProgram } from './program.ts';
import { messageLines } from './ui/layout.ts';
import { Terminal } from './ui/terminal.ts';

async function perform(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exits.kept;
  try {
    await makeProgram(terminal, (ended) => (code = ended)).parseAsync(words, { from: 'user' });
  } catch (error) {
    code = exitCodeOf(error);
    terminal.err.lines(fitted(await errorLines(error, code, words), code));
  }
  await setImmediate(); // a stream reports its trouble a moment later
  const { trouble } = terminal.out;
  if (trouble === undefined) return code;
  terminal.err.line(`raft-sim: cannot write to standard output: ${trouble}`);
  return code === exits.kept ? exits.mistake : code;
}

/** A mistake wraps on a terminal; a defect is pasted into an issue as it is. */
const fitted = (lines: readonly string[], code: ExitCode): readonly string[] =>
  code === exits.defect ? lines : lines.flatMap((line) => messageLines(line, terminal.err.lineWidth));

async function errorLines(error: unknown, code: ExitCode, words: readonly string[]): Promise<string[]> {
  if (code === exits.defect) return defectLines(error, ['raft-sim', ...words].join(' '));
  if (error instanceof CommanderError) {
    if (code === exits.kept || error.code === 'commander.help') return []; // the help itself was printed
    const message = error.message.replace(/^error: /, '').replace(/^\((Did you mean .*)\)$/m, lowerFirst);
    return [`raft-sim: ${message}`, ...hintsFor(error, words)];
  }
  if (!(error instanceof UsageError)) return [`raft-sim: ${systemTrouble(error) ?? String(error)}`];
  const { suggestionFor } = await import('../run/checked.ts');
  const near = suggestionFor(error);
  return [`raft-sim: ${error.message}`, ...(near === undefined ? [] : [`did you mean ${near}?`])];
}

/** Where a file is given to a command that takes none, the one that plays it is meant. */
function hintsFor({ code }: CommanderError, [command, ...rest]: readonly string[]): string[] {
  const isMisplaced =
    code === 'commander.unknownCommand' || (command === 'run' && code === 'commander.excessArguments');
  const file = [command, ...rest].find((word) => word !== undefined && /\.ya?ml$/.test(word));
  return isMisplaced && file !== undefined ? [`play a scenario: raft-sim scenario run ${file}`] : [];
}

const lowerFirst = (_all: string, hint: string): string => hint.charAt(0).toLowerCase() + hint.slice(1);

const terminal = new Terminal(process.stdout, process.stderr, process.env);
process.once('uncaughtException', (error) => {
  const trouble = systemTrouble(error);
  const command = ['raft-sim', ...process.argv.slice(2)].join(' ');
  terminal.err.lines(trouble === undefined ? defectLines(error, command) : [`raft-sim: ${trouble}`]);
  process.exit(trouble === undefined ? exits.defect : exits.mistake);
});
process.exitCode = await perform(process.argv.slice(2), terminal);
