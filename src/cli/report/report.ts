// `raft-sim report`: the page of a campaign, and beside it the folder of each finding with a page of its own.
//
// It is made from campaign.json alone, so that it can be made anew at any time, also of several shards.

import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { campaignDocument, campaignStyle } from '../../view/campaign-document.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { GroupFolders } from '../fuzz/fuzz-files.ts';
import { swarmOfWords } from '../fuzz/fuzz-flags.ts';
import { mergedCampaign } from '../merge-reports/merged-campaign.ts';
import { troubleText } from '../ui/files.ts';
import type { Terminal } from '../ui/terminal.ts';
import { version } from '../version.ts';
import { writeText } from '../view/report-page.ts';

export interface ReportFlags {
  readonly out?: string;
}

export function report(folder: string, flags: ReportFlags, { out }: Terminal): ExitCode {
  const { identity, report: found } = mergedCampaign(folder);
  const path = flags.out ?? join(folder, 'report.html');
  const folders = new GroupFolders(dirname(resolve(path)), swarmOfWords(identity.swarmWords));
  try {
    folders.draw(found);
    folders.write(found);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(`cannot write beside ${path}: ${troubleText(error)}`);
  }
  const styleHash = createHash('sha256').update(campaignStyle).digest('base64');
  writeText(path, campaignDocument(found, identity.swarmWords, { styleHash, version }));
  out.line(`wrote ${path}`);
  return exits.kept;
}
