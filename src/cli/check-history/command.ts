// The command `check-history`: its flags, its help and what loads it.
//
// Nothing here reads a history.

import { Option } from 'commander';
import { historyFormats } from '../../history/formats/names.ts';
import { historyModels } from '../../history/models/names.ts';
import { parseDuration, parseWhole } from '../../run/quantity.ts';
import type { CommandDescription } from '../command.ts';
import { addOutputFlags } from '../run/flags.ts';

const help = `
Is there an order of all calls, each between its begin and its end, that explains
every answer? If not, the smallest part that has none is printed.

Formats: operations of Jepsen and Knossos in EDN, Jepsen's log, Porcupine's
key-value files, messages of Maelstrom's clients, and JSON of one event or one
call a line; which one it is, the first line tells.

Examples:
  raft-sim check-history store/latest/history.edn
  raft-sim check-history calls.ndjson --model append-list
  zcat history.edn.gz | raft-sim check-history - --max-time 10m --fail-on unknown

Exit codes: 0 linearizable, or undecided and said so; 1 not linearizable, or
undecided with --fail-on unknown; 2 a mistake in the file or the flags.
`;

export const checkHistoryCommand: CommandDescription = {
  name: 'check-history',
  summary: 'judge a history of the clients of a real cluster',
  arguments: [{ syntax: '<file>', meaning: 'the history, or - for standard input' }],
  flags(command) {
    const whole = (flag: string) => (text: string) => parseWhole(flag, text);
    command
      .addOption(
        new Option('--model <name>', 'what the clients talked to (default: what its words say)').choices(historyModels),
      )
      .addOption(
        new Option('--format <name>', 'how it is written (default: what its first line says)').choices(historyFormats),
      )
      .option('--steps <n>', 'search at most so many steps (default: no bound but time and memory)', whole('--steps'))
      .option('--max-time <time>', 'search at most so long, in real time (default: 1m)', (text: string) =>
        parseDuration('--max-time', text),
      )
      .option('--max-memory <megabytes>', 'use at most so much memory (default: 2000)', whole('--max-memory'))
      .addOption(
        new Option('--fail-on <what>', 'unknown: a history that stays undecided ends with 1').choices(['unknown']),
      );
    addOutputFlags(command).option('--quiet', 'print only how it ended');
  },
  help,
  load: async () => (await import('./check-history.ts')).checkHistoryFile,
};
