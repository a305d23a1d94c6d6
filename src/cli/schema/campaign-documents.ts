// The document about a campaign: what `fuzz` and `merge-reports` print with `--json`, and `--reporter json` writes.
//
// A merged report is the report of one machine that ran all seeds, so both have one schema.

import { about, constant, count, flag, list, nullable, object, position, record, text, texts } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { place } from './parts.ts';

const counts = record(count);

const smallest = object({
  seed: text,
  steps: count,
  deliveries: count,
  externals: count,
  nodes: position,
  tries: count,
  isMinimal: flag,
  scenario: about(text, 'The scenario, as YAML.'),
});

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
  findings: count,
  seeds: nullable(text),
  isPartial: flag,
  missing: texts,
  regressions: object({
    played: count,
    failed: list(object({ file: text, ...place, expected: text, found: text })),
  }),
  figures: object({
    runs: count,
    steps: count,
    virtualMicros: count,
    madeTwice: count,
    situations: count,
    goals: counts,
    stances: counts,
    drawn: counts,
    unknown: counts,
  }, { notApplicable: counts }),
  groups: list(group),
  notShrunk: counts,
});
