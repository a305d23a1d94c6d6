// `raft-sim schema`: the JSON Schema of scenarios, for editors that complete and check YAML.
//
// It is made from the schema that reads the files, so that both always agree.

import { scenarioJsonSchema } from '../../scenario/schema/json-schema.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import type { Terminal } from '../ui/terminal.ts';

export function printSchema({ out }: Terminal): ExitCode {
  out.line(JSON.stringify(scenarioJsonSchema(), null, 2));
  return exits.kept;
}
