// The command `replay`: its flags and what loads it.
//
// Nothing here reads a trace.

import type { CommandDescription } from '../command.ts';
import { addOutputFlags, htmlFlag, statesFlag } from '../run/flags.ts';
import { parseWhole } from '../../run/quantity.ts';
import { parseKinds, parseNodes, parseSteps } from './shown-steps.ts';

export const replayCommand: CommandDescription = {
  name: 'replay',
  summary: 'take the steps of a trace again and compare every fingerprint',
  arguments: [{ syntax: '<file>', meaning: 'a trace, or - for standard input' }],
  flags(command) {
    command
      .option(
        '--until <step>',
        'stop after this step and show the cluster: servers, machines, messages on their way',
        (text: string) => parseWhole('--until', text),
      )
      .option('--show', 'print every step in the one-line notation, with lanes in a wide terminal')
      .option('--show-steps <range>', 'print these steps: 100..200, 100.. or 42', parseSteps)
      .option(
        '--show-node <names>',
        'print the steps of these servers, and messages from and to them: n1,n3',
        parseNodes,
      )
      .option('--show-kind <kinds>', 'print the steps of these kinds: crash,restart', parseKinds);
    addOutputFlags(command).option('--quiet', 'print only how it ended').addOption(htmlFlag()).addOption(statesFlag());
  },
  help: `
Examples:
  raft-sim replay run.trace.ndjson --until 120
  raft-sim replay run.trace.ndjson --show-steps 100..200 --show-node n2
  raft-sim replay run.trace.ndjson --show-kind crash,restart,timer
`,
  load: async () => (await import('./replay.ts')).replay,
};
