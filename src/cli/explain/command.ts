// The command `explain`: its argument and what loads it.
//
// The names themselves are known to the catalog of `list`.

import type { CommandDescription } from '../command.ts';
import { addOutputFlags } from '../run/flags.ts';

export const explainCommand: CommandDescription = {
  name: 'explain',
  summary: 'say what one of these names means',
  arguments: [{ syntax: '<name>', meaning: 'any name that list prints' }],
  flags: addOutputFlags,
  load: async () => (await import('./explain.ts')).explain,
};
