// The commands about adapters: a skeleton for a Raft of one's own, and what one comes to.
//
// What they do is loaded when it is asked for.

import type { CommandDescription } from '../command.ts';
import { skeletonLanguages } from './languages.ts';

const fresh: CommandDescription = {
  name: 'new',
  summary: 'write a complete, running skeleton',
  arguments: [
    { syntax: '<language>', meaning: 'the language of your Raft', choices: skeletonLanguages },
    { syntax: '[folder]', meaning: 'a new folder (default: raft-in-LANGUAGE)' },
  ],
  load: async () => (await import('./new.ts')).newAdapter,
};

const check: CommandDescription = {
  name: 'check',
  summary: 'say what a system shows, and prove that its runs repeat',
  arguments: [{ syntax: '<system>', meaning: 'what --system takes' }],
  help: `
Ends with 0 if runs repeat, 1 if a promise is broken, 3 if the system does not
keep to the interface, 5 if two runs of one plan differ.
`,
  load: async () => (await import('./check.ts')).checkAdapter,
};

export const adapterCommand: CommandDescription = {
  name: 'adapter',
  summary: 'put a Raft of your own behind raft-sim',
  subcommands: [fresh, check],
};
