// `raft-sim completion`: a script for a shell, written from the commands as the program parses them.
//
// The names of variants, profiles, properties and topics stand in the script, so that a shell never starts the program
// to complete a word.

import type { Command } from 'commander';
import { type ExitCode, exits } from '../exit-code.ts';
import type { Terminal } from '../ui/terminal.ts';
import { bashScript } from './bash.ts';
import type { Shell } from './shell.ts';
import { completionTree, type CompletionNode } from './tree.ts';
import { zshScript } from './zsh.ts';
import { fishScript } from './fish.ts';

const scripts: Readonly<Record<Shell, (root: CompletionNode) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export async function printCompletion(
  shell: Shell,
  _flags: object,
  { out }: Terminal,
  command: Command,
): Promise<ExitCode> {
  out.write(scripts[shell](await completionTree(command.parent ?? command)));
  return exits.kept;
}
