// The document about a campaign: what `fuzz` and `merge-reports` print with `--json`, and `--reporter json` writes.
//
// A merged report is the report of one machine that ran all seeds, so both have one schema.

import { about, arrayOf, constant, flag, mapOf, natural, nullable } from './json-schema.ts';
import { object, position, text, texts, type JsonSchema } from './json-schema.ts';
import { difference, place } from './parts.ts';

const counts = mapOf(natural);

const smallest = object(
  {
  seed: text,
  steps: natural,
  deliveries: natural,
  externals: natural,
  nodes: position,
  tries: natural,
  isMinimal: flag,
  scenario: about(text, 'The scenario, as YAML.'),
  },
  { difference: about(difference, 'The first decision that the paper’s node would have made otherwise.') },
);

const group = object(
  {
    name: text,
    kind: text,
    property: text,
    why: text,
    seeds: texts,
    plan: text,
    command: about(text, 'Repeats the finding.'),
  },
  { companions: texts, smallest: about(smallest, 'The smallest replay; left out for what is not shrunk.') },
);

export const campaignReportSchema: JsonSchema = object({
  schema: constant('raft-sim/campaign-report@1'),
  version: text,
  findings: natural,
  seeds: nullable(text),
  isPartial: flag,
  missing: texts,
  regressions: object({
    played: natural,
    failed: arrayOf(object({ file: text, ...place, expected: text, found: text })),
  }),
  figures: object({
    runs: natural,
    steps: natural,
    virtualMicros: natural,
    madeTwice: natural,
    situations: natural,
    goals: counts,
    stances: counts,
    drawn: counts,
    unknown: counts,
  }, { notApplicable: counts }),
  groups: arrayOf(group),
  notShrunk: counts,
});
