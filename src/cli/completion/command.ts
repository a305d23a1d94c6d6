// The command `completion`: its argument, its help and what loads it.
//
// Nothing here writes a script.

import type { CommandDescription } from '../command.ts';
import { shells } from './shell.ts';

export const completionCommand: CommandDescription = {
  name: 'completion',
  summary: 'print a script that lets a shell complete commands, flags and names',
  arguments: [{ syntax: '<shell>', meaning: 'bash, zsh or fish', choices: shells }],
  help: `
In ~/.bashrc; in ~/.zshrc, behind compinit; for fish, once:
  source <(raft-sim completion bash)
  source <(raft-sim completion zsh)
  raft-sim completion fish > ~/.config/fish/completions/raft-sim.fish
`,
  load: async () => (await import('./completion.ts')).printCompletion,
};
