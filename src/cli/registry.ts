// Every command of raft-sim, in the order of the help: a new one costs its folder and a row here.
//
// The program, `--help`, the completion of shells and `docs/reference/commands.md` are made of this list.

import type { CommandDescription } from './command.ts';
import { adapterCommand } from './adapter/command.ts';
import { checkHistoryCommand } from './check-history/command.ts';
import { completionCommand } from './completion/command.ts';
import { exploreCommand } from './explore/command.ts';
import { fuzzCommand } from './fuzz/command.ts';
import { explainCommand } from './explain/command.ts';
import { listCommand } from './list/command.ts';
import { mergeReportsCommand } from './merge-reports/command.ts';
import { replayCommand } from './replay/command.ts';
import { reportCommand } from './report/command.ts';
import { runCommand } from './run/command.ts';
import { validateCommand } from './validate/command.ts';
import { scenarioCommand } from './scenario/command.ts';
import { schemaCommand } from './schema/command.ts';
import { shrinkCommand } from './shrink/command.ts';
import { workerCommand } from './worker/command.ts';
import { viewCommand } from './view/command.ts';

export const commandRegistry: readonly CommandDescription[] = [
  runCommand,
  replayCommand,
  viewCommand,
  shrinkCommand,
  scenarioCommand,
  schemaCommand,
  fuzzCommand,
  workerCommand,
  mergeReportsCommand,
  exploreCommand,
  checkHistoryCommand,
  adapterCommand,
  reportCommand,
  validateCommand,
  listCommand,
  explainCommand,
  completionCommand,
];
