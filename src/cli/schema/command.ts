// The command `schema`: its argument and what loads it.
//
// The schemas come from the code that reads and writes the documents.

import type { CommandDescription } from '../command.ts';
import { documentNames } from './document-names.ts';

export const schemaCommand: CommandDescription = {
  name: 'schema',
  summary: 'print the JSON Schema of scenarios, for editors, or that of another document',
  arguments: [{ syntax: '[document]', meaning: 'whose schema: scenario if it is left out', choices: documentNames }],
  load: async () => (await import('./schema.ts')).printSchema,
};
