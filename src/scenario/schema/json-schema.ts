// The JSON Schema of scenarios, for editors: draft-7, which YAML language servers read.
//
// Made from the zod schema, which is the only definition; what only the parsers of small texts know (logs, links,
// commands) an editor sees as text.

import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

export function scenarioJsonSchema(): object {
  const schema = z.toJSONSchema(scenarioSchema, { target: 'draft-7', io: 'input', reused: 'ref' });
  return {
    ...schema,
    title: 'A scenario of raft-sim',
    description: 'A story about a Raft cluster, and what must be so in it.',
  };
}
