// The command `view`: its flags, those of a run among them, and what loads it.
//
// Nothing here draws anything.

import { Option } from 'commander';
import type { CommandDescription } from '../command.ts';
import { addRunFlags, fileName, runHelp } from '../run/flags.ts';
import type { Terminal } from '../ui/terminal.ts';
import type { ViewFlags } from './view-input.ts';

export const viewCommand: CommandDescription = {
  name: 'view',
  summary: 'write a page that shows a run step by step, and open it',
  arguments: [
    { syntax: '[file]', meaning: 'a trace, a scenario, or - for standard input; without it, the flags of a run' },
  ],
  flags(command) {
    command
      .option(
        '--out <file>',
        'where the page is written (default: beside the file, or among the reports)',
        fileName('--out'),
      )
      .option('--no-open', 'write the page without opening it')
      .addOption(new Option('--export <format>', 'write another format instead: see docs/viewer.md'))
      .option('--from <step>', 'of an export: its first step', Number)
      .option('--to <step>', 'of an export: its last step', Number)
      .option('--terminal', 'show the run in the terminal: arrow keys, / to search, q to leave');
    addRunFlags(command);
  },
  help: `${runHelp}
  raft-sim view reports/vote-once-42-87f98507.trace.ndjson
  raft-sim view two-leaders-by-partition.yaml --no-open --out two-leaders.html
  raft-sim view --seed 3 --variant vote-no-log-check
  raft-sim view run.trace.ndjson --export svg --from 800 --to 818 --out end.svg
`,
  async load() {
    const { view } = await import('./view.ts');
    return (file: string | undefined, flags: Partial<ViewFlags>, terminal: Terminal) =>
      view(file, { color: true, reports: 'reports', open: true, ...flags }, terminal);
  },
};
