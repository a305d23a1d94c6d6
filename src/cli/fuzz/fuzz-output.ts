// The report of a campaign in the forms that were asked for.
//
// In a GitHub workflow the summary of the step is written as well, without being asked for. What cannot be written is
// reported on standard error, so that everything else is still written.

import { appendFileSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import type { CampaignReport } from '../../report/campaign.ts';
import { campaignMarkdown } from '../../report/markdown.ts';
import { reporterTable } from '../../report/reporters.ts';
import { troubleText, tryWriting, writeWhole } from '../ui/files.ts';
import { paintWith } from '../ui/paint.ts';
import { fuzzLines, type FuzzTextOptions } from './fuzz-text.ts';
import type { Reporter } from '../ui/reporters.ts';
import { shapeOf } from '../ui/summary.ts';
import type { Terminal } from '../ui/terminal.ts';
import { version } from '../version.ts';

/** A text that goes into a file. */
const PLAIN = shapeOf({ width: 80, paint: paintWith(false) });

/** Hears before anything runs whether the reports could be written in the end. */
export function checkReporters(reporters: readonly Reporter[]): void {
  for (const { file } of reporters) {
    if (file === undefined) continue;
    try {
      tryWriting(file);
    } catch (error) {
      throw new UsageError(`cannot write ${file}: ${troubleText(error)}`);
    }
  }
}

export const isTextPrinted = (reporters: readonly Reporter[]): boolean =>
  reporters.some(({ name, file }) => name === 'text' && file === undefined);

/** Writes the report; returns false if a part of it could not be written. */
export function writeReport(
  report: CampaignReport,
  pictures: ReadonlyMap<string, string>,
  options: FuzzTextOptions,
  reporters: readonly Reporter[],
  terminal: Terminal,
): boolean {
  const { out, err, env } = terminal;
  let isWhole = true;
  const trying = (file: string, write: () => void): void => {
    try {
      write();
    } catch (error) {
      isWhole = false;
      err.line(`raft-sim: cannot write ${file}: ${troubleText(error)}`);
    }
  };
  for (const { name, file } of reporters) {
    if (name === 'text' && file === undefined) {
      out.lines(fuzzLines(report, options, shapeOf(out)));
      continue;
    }
    const text =
      name === 'text' ? textOf(report, options) : reporterTable[name].campaign(report, { version, pictures });
    if (file === undefined) out.write(text);
    else trying(file, () => writeWhole(file, [text]));
  }
  const summary = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (summary !== '') trying(summary, () => appendFileSync(summary, campaignMarkdown(report, pictures)));
  return isWhole;
}

const textOf = (report: CampaignReport, options: FuzzTextOptions): string =>
  fuzzLines(report, { ...options, areRegressionsPrinted: false }, PLAIN)
    .map((line) => `${line}\n`)
    .join('');
