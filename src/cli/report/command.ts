// The command `report`: its arguments, its flags and what loads it.
//
// Nothing here reads a campaign.

import type { CommandDescription } from '../command.ts';
import { fileName } from '../run/flags.ts';

export const reportCommand: CommandDescription = {
  name: 'report',
  summary: 'write a page of a whole campaign, with a page for each finding',
  arguments: [{ syntax: '<dir>', meaning: 'the folder of a campaign, or one above those of its shards' }],
  flags(command) {
    command.option('--out <file>', 'where it is written (default: report.html in the folder)', fileName('--out'));
  },
  help: `
Examples:
  raft-sim fuzz --seeds 1..2000 --reports night
  raft-sim report night
`,
  load: async () => (await import('./report.ts')).report,
};
