// The command `run`: its flags and what loads it.
//
// Nothing here runs anything.

import type { CommandDescription } from '../command.ts';
import { addRunFlags, htmlFlag, runHelp, statesFlag } from './flags.ts';

export const runCommand: CommandDescription = {
  name: 'run',
  summary: 'run one plan: nodes, faults and clients, all drawn from a seed',
  flags: (command) => void addRunFlags(command).addOption(htmlFlag()).addOption(statesFlag()),
  help: runHelp,
  load: async () => (await import('./run.ts')).runOnce,
};
