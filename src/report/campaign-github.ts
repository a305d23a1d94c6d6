// A campaign as annotations of a GitHub workflow: one error for each way to fail, ten at most.
//
// A regression that failed stands beside its line. The other failures have no line of a file to point to: their replay
// is told in the summary of the step, and kept as an artifact.

import { notApplicableTexts, type CampaignReport } from './campaign.ts';
import { message, property } from './github.ts';

const ANNOTATIONS_MAX = 10;
/** GitHub cuts a longer message off. */
const MESSAGE_MAX = 4000;

const error = (places: readonly (readonly [string, string | number])[], text: string): string => {
  const told = places.map(([name, value]) => `${name}=${property(String(value))}`).join(',');
  return `::error ${told}::${message(text.slice(0, MESSAGE_MAX))}`;
};

export function campaignGithub(report: CampaignReport): string {
  const { groups, regressions, missing } = report;
  const all = [
    ...regressions.failed.map(({ file, line, column, expected, found }) =>
      error(
        [
          ['file', file.replace(/^(?:\.\/+)+/, '')],
          ['line', line],
          ['col', column],
          ['title', 'a regression'],
        ],
        `expected ${expected}, found ${found}`,
      ),
    ),
    ...groups.map(({ name, why, command, seeds }) => {
      const more = seeds.length > 8 ? ', …' : '';
      return error([['title', name]], `${why}\nseeds ${seeds.slice(0, 8).join(', ')}${more}\n${command}`);
    }),
  ];
  const lines = all.slice(0, ANNOTATIONS_MAX);
  const more = all.length - lines.length;
  if (more > 0) lines.push(`::notice::and ${more} more, which the log tells`);
  const skipped = notApplicableTexts(report);
  if (skipped.length > 0) lines.push(`::notice::${message(`not applicable: ${skipped.join(', ')}`)}`);
  if (missing.length > 0) lines.push(`::warning::${message(`shards are missing: ${missing.join(', ')}`)}`);
  return lines.map((line) => `${line}\n`).join('');
}
