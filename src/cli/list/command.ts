// The command `list`: its argument and what loads it.
//
// The topics themselves are known to the catalog.

import type { CommandDescription } from '../command.ts';
import { addOutputFlags } from '../run/flags.ts';

export const listCommand: CommandDescription = {
  name: 'list',
  summary: 'name everything of a topic: properties, faults, verbs…',
  arguments: [{ syntax: '[topic]', meaning: 'one of those that list without a topic prints' }],
  flags: addOutputFlags,
  load: async () => (await import('./list.ts')).list,
};
