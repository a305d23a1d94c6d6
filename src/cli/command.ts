// What a command is to the program: one description, from which its help, its completion and its page come.
//
// A command is a folder with a `command.ts` that exports one, and a row in `registry.ts`. Descriptions cost nothing:
// what a command does is loaded when it is asked for.

import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';

/** Called with the arguments, the flags, the terminal, and the command as it was parsed. */
export type CommandAction = (...given: readonly never[]) => ExitCode | Promise<ExitCode>;

export interface CommandDescription {
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Each as it is written in the help, with its meaning and, where there are few, the words that it may be. */
  readonly arguments?: readonly {
    readonly syntax: string;
    readonly meaning: string;
    readonly choices?: readonly string[];
  }[];
  /** Adds its flags. */
  readonly flags?: (command: Command) => void;
  /** What stands behind the flags in its help: examples, exit codes. */
  readonly help?: string;
  /** What carries it out; a command of commands has none. */
  readonly load?: () => Promise<CommandAction>;
  readonly subcommands?: readonly CommandDescription[];
}
