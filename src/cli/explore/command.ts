// The command `explore`: its flags, its help and what loads it.
//
// Nothing here takes a step.

import { Option } from 'commander';
import { parseDuration, parseWhole } from '../../run/quantity.ts';
import type { CommandDescription } from '../command.ts';
import { addNodeFlags, addOutputFlags, fileName } from '../run/flags.ts';

const help = `
Takes every schedule within the bound, breadth first; each state of the cluster
is entered once. The first schedule that breaks a promise is a shortest one, and
is written as a scenario. What is beyond the bound was not looked at, and is
said.

Examples:
  raft-sim explore
  raft-sim explore --terms 3 --calls 2 --messages 3 --max-time 10m
  raft-sim explore --variant vote-no-log-check
  raft-sim explore --membership joint --remove n3 --calls 0
  raft-sim explore --compact-every 1 --snapshots 1 --terms 1
  raft-sim explore --around found.yaml --changes 2 --variant none

Exit codes: 0 every schedule within the bound keeps every promise, or time and
memory were not enough and that was said; 1 a promise is broken, or not all was
seen with --fail-on unknown; 2 a mistake.
`;

export const exploreCommand: CommandDescription = {
  name: 'explore',
  summary: 'take every schedule of a small cluster',
  flags(command) {
    const whole = (flag: string) => (text: string) => parseWhole(flag, text);
    command
      .optionsGroup('The bound:')
      .option('--nodes <n>', 'servers, 1 to 5 (default: 3)', whole('--nodes'))
      .option('--terms <n>', 'no election leads into a later term (default: 2)', whole('--terms'))
      .option('--calls <n>', 'calls of clients (default: 1)', whole('--calls'))
      .option('--messages <n>', 'messages on their way at once; any of more are lost (default: 2)', whole('--messages'))
      .option('--duplicates <n>', 'messages that arrive twice (default: 0)', whole('--duplicates'))
      .option('--crashes <n>', 'crashes, between two steps or within one (default: 0)', whole('--crashes'))
      .option('--snapshots <n>', 'snapshots, with --compact-every (default: 0)', whole('--snapshots'))
      .option('--spares <n>', 'how many of the servers start as members of nothing (default: 0)', whole('--spares'))
      .option('--add <server...>', 'a leader is asked to let these vote, with --membership')
      .option('--remove <server...>', 'a leader is asked to let these leave, with --membership')
      .option('--liveness', 'from every state a fair schedule has to commit')
      .option('--variant <name>', 'explore a node with a named bug: see raft-sim list variants')
      .optionsGroup('Around a replay:')
      .option('--around <file>', 'instead: all schedules within a few changes of this scenario', fileName('--around'))
      .option('--changes <n>', 'steps left out, added, or exchanged (default: 1)', whole('--changes'))
      .optionsGroup('The search:')
      .option('--max-time <time>', 'search at most so long, in real time (default: 10m)', (text: string) =>
        parseDuration('--max-time', text),
      )
      .option(
        '--max-memory <megabytes>',
        'keep states in at most so much memory (default: 2000)',
        whole('--max-memory'),
      )
      .addOption(
        new Option('--fail-on <what>', 'unknown: a search that did not see all ends with 1').choices(['unknown']),
      )
      .option('--reports <dir>', 'where the scenario is written', fileName('--reports'), 'reports');
    addOutputFlags(command).option('--quiet', 'print only how it ended');
    addNodeFlags(command);
  },
  help,
  load: async () => (await import('./explore.ts')).explore,
};
