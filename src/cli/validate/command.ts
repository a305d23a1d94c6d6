// The command `validate`: its flags, its help and what loads it.
//
// Nothing here reads a log.

import { Option } from 'commander';
import type { CommandDescription } from '../command.ts';
import { addOutputFlags, fileName } from '../run/flags.ts';

const help = `
Holds what the servers of a real cluster logged against every promise that needs
no simulator: one JSON object a line, our own events or the trace of etcd's raft
(build tag with_tla). Events of a server stand in their order, those of several
servers in any. What was not told makes a promise not applicable or unknown.

Examples:
  raft-sim validate servers.ndjson
  cat n1.log n2.log n3.log | raft-sim validate -
  raft-sim validate trace.ndjson --itf trace.itf.json --fail-on unknown

Exit codes: 0 nothing contradicts a promise; 1 a promise is broken, or not all
are decided with --fail-on unknown; 2 a mistake in the file or the flags.
`;

export const validateCommand: CommandDescription = {
  name: 'validate',
  summary: 'judge what the servers of a real cluster logged',
  arguments: [{ syntax: '<file>', meaning: 'the events, or - for standard input' }],
  flags(command) {
    command
      .option('--itf <file>', 'write the states as a trace for TLA+ tools', fileName('--itf'))
      .addOption(
        new Option('--fail-on <what>', 'unknown: a promise that stays undecided ends with 1').choices(['unknown']),
      );
    addOutputFlags(command).option('--quiet', 'print only how it ended');
  },
  help,
  load: async () => (await import('./validate.ts')).validateFile,
};
