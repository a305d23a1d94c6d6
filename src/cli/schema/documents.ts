// Every kind of JSON document that raft-sim reads or prints, with its schema: a new one costs a row here.
//
// `raft-sim schema NAME`, the files in `schema/` and the reference page are made of this table.

import { savedCampaignJsonSchema } from '../../campaign/saved.ts';
import { scenarioJsonSchema } from '../../scenario/schema/json-schema.ts';
import { campaignReportSchema } from './campaign-documents.ts';
import { explainSchema, listSchema, topicsSchema } from './catalog-documents.ts';
import type { DocumentName } from './document-names.ts';
import type { JsonSchema } from './json-schema.ts';
import { exploreSchema } from './explore-documents.ts';
import { checkHistorySchema, validateSchema } from './history-documents.ts';
import { replaySchema, runSchema, shrinkSchema } from './run-documents.ts';
import { scenarioCheckSchema, scenarioListSchema, scenariosSchema } from './scenario-documents.ts';

interface DocumentRow {
  readonly title: string;
  /** What prints it, or reads it. */
  readonly from: string;
  readonly schema: () => object;
}

const printed = (title: string, from: string, schema: JsonSchema): DocumentRow => ({
  title,
  from,
  schema: () => ({ $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema }),
});

export const documentTable: Readonly<Record<DocumentName, DocumentRow>> = {
  scenario: {
    title: 'A scenario of raft-sim',
    from: 'the YAML that `raft-sim scenario run` reads',
    schema: scenarioJsonSchema,
  },
  run: printed('A run of raft-sim', '`raft-sim run --json`', runSchema),
  replay: printed('A replay of raft-sim', '`raft-sim replay --json`', replaySchema),
  shrink: printed('A shrunk failure of raft-sim', '`raft-sim shrink --json`', shrinkSchema),
  scenarios: printed(
    'Scenarios that raft-sim played',
    '`raft-sim scenario run --json` and `--reporter json`',
    scenariosSchema,
  ),
  'scenario-list': printed('A list of scenarios of raft-sim', '`raft-sim scenario list --json`', scenarioListSchema),
  'scenario-check': printed('Checked scenarios of raft-sim', '`raft-sim scenario check --json`', scenarioCheckSchema),
  campaign: printed(
    'A campaign of raft-sim as it is saved',
    'the `campaign.json` of `raft-sim fuzz`, which `--resume` and `merge-reports` read',
    savedCampaignJsonSchema(),
  ),
  'campaign-report': printed(
    'A campaign of raft-sim',
    '`raft-sim fuzz --json`, `raft-sim merge-reports --json` and `--reporter json`',
    campaignReportSchema,
  ),
  explore: printed('A search of all schedules of raft-sim', '`raft-sim explore --json`', exploreSchema),
  'check-history': printed('A judged history of raft-sim', '`raft-sim check-history --json`', checkHistorySchema),
  validate: printed('Logs of servers that raft-sim judged', '`raft-sim validate --json`', validateSchema),
  topics: printed('The topics of raft-sim', '`raft-sim list --json`', topicsSchema),
  list: printed('The names of a topic of raft-sim', '`raft-sim list TOPIC --json`', listSchema),
  explain: printed('What a name of raft-sim means', '`raft-sim explain NAME --json`', explainSchema),
};
