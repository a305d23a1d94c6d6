// The command `merge-reports`: its flags, its help and what loads it.
//
// Nothing here reads a report.

import type { CommandDescription } from '../command.ts';
import { addOutputFlags, fileName } from '../run/flags.ts';
import { addReporterFlag } from '../ui/reporters.ts';

const mergeHelp = `
The report is the one that a single machine would have made of all seeds. A
missing shard is named; the report of the others then ends with 2, unless they
found something graver.

Examples:
  raft-sim merge-reports shards
  raft-sim merge-reports shards --reporter text --reporter markdown=report.md

Exit codes: those of raft-sim fuzz.
`;

export const mergeReportsCommand: CommandDescription = {
  name: 'merge-reports',
  summary: 'make one report of the shards of a campaign',
  arguments: [{ syntax: '<dir>', meaning: 'a folder with the campaign.json of every shard somewhere below' }],
  flags(command) {
    command.option('--reports <dir>', 'where the merged report is kept', fileName('--reports'), 'reports');
    addOutputFlags(addReporterFlag(command)).option('--quiet', 'print only how it ended');
  },
  help: mergeHelp,
  load: async () => (await import('./merge-reports.ts')).mergeReports,
};
