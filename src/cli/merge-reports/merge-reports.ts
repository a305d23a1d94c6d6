// `raft-sim merge-reports`: all shards of a campaign become one report.
//
// It is the report that one machine would have made, byte for byte; a missing shard is named, and the report of the
// others is not green.

import { UsageError } from '../../base/errors.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { troubleText } from '../ui/files.ts';
import type { OutputFlags } from '../run/flags.ts';
import { exitCodeOfReport } from '../fuzz/fuzz-exit.ts';
import { GroupFolders } from '../fuzz/fuzz-files.ts';
import { swarmOfWords } from '../fuzz/fuzz-flags.ts';
import { checkReporters, writeReport } from '../fuzz/fuzz-output.ts';
import { chooseReporters, type Reporter } from '../ui/reporters.ts';
import type { Terminal } from '../ui/terminal.ts';
import { programWords, shellText } from '../run/input.ts';
import { mergedCampaign } from './merged-campaign.ts';

export interface MergeFlags extends OutputFlags {
  readonly reports: string;
  readonly reporter?: readonly Reporter[];
}

export function mergeReports(folder: string, flags: MergeFlags, terminal: Terminal): ExitCode {
  const reporters = chooseReporters(flags.reporter ?? [], flags.json === true);
  const { identity, report, shards } = mergedCampaign(folder);
  const { missing } = report;
  checkReporters(reporters);
  const folders = new GroupFolders(flags.reports, swarmOfWords(identity.swarmWords));
  folders.draw(report);
  try {
    folders.write(report);
  } catch (error) {
    throw new UsageError(`cannot write into --reports ${flags.reports}: ${troubleText(error)}`);
  }
  const options = {
    folderOf: folders.folderOf,
    program: shellText(programWords(process.argv[1], process.cwd(), process.env['npm_command'])),
    speed: undefined,
    signal: undefined,
    isQuiet: flags.quiet === true,
    areRegressionsPrinted: false,
  };
  const isWritten = writeReport(report, folders.pictures, options, reporters, terminal);
  if (missing.length > 0) {
    terminal.err.line(`raft-sim: missing below ${folder}: ${missing.join(', ')}, expected ${shards} shards`);
  }
  const code = exitCodeOfReport(report);
  return code === exits.kept && !isWritten ? exits.mistake : code;
}
