// `raft-sim schema`: the JSON Schema of scenarios, for editors that check YAML, or that of another document.
//
// The one of scenarios is made from the schema that reads the files.

import { type ExitCode, exits } from '../exit-code.ts';
import type { Terminal } from '../ui/terminal.ts';
import type { DocumentName } from './document-names.ts';
import { documentTable } from './documents.ts';

export function printSchema(name: DocumentName | undefined, _flags: object, { out }: Terminal): ExitCode {
  out.line(JSON.stringify(documentTable[name ?? 'scenario'].schema(), null, 2));
  return exits.kept;
}
