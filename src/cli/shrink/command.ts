// The command `shrink`: its flags, those of a run among them, and what loads it.
//
// Nothing here searches.

import type { CommandDescription } from '../command.ts';
import { addRunFlags, htmlFlag, runHelp } from '../run/flags.ts';
import type { Terminal } from '../ui/terminal.ts';
import { parseDuration } from '../../run/quantity.ts';
import type { ShrinkFlags } from './shrink-input.ts';

const USUAL_TIME = 60_000_000;

export const shrinkCommand: CommandDescription = {
  name: 'shrink',
  summary: 'find the shortest scenario that breaks the same promise',
  arguments: [
    {
      syntax: '[file]',
      meaning: 'a trace, a scenario that breaks a promise, or - for standard input; without it, a run',
    },
  ],
  flags(command) {
    command
      .option('-o, --output <file>', 'where the scenario is written (default: beside the file, or among the reports)')
      .option('--shrink-time <time>', 'real time after which the best so far is the result (default: 60s)', (text) =>
        parseDuration('--shrink-time', text),
      );
    addRunFlags(command).addOption(htmlFlag());
  },
  help: `${runHelp}
  raft-sim shrink --variant vote-no-log-check --seed 42
  raft-sim shrink reports/vote-once-42-87f98507.trace.ndjson -o vote-once.yaml
`,
  async load() {
    const { shrink } = await import('./shrink.ts');
    return (file: string | undefined, flags: Partial<ShrinkFlags>, terminal: Terminal) =>
      shrink(file, { color: true, reports: 'reports', shrinkTime: USUAL_TIME, ...flags }, terminal);
  },
};
