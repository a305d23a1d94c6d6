// Annotations of a GitHub workflow: what went wrong stands beside the line of the file that says so.
//
// GitHub shows ten errors of a step and drops the rest without a word, so the rest is counted in a notice. A failure of
// a campaign has no line of a file to point to: its replay is in the summary of the step, and kept as an artifact.

import { notApplicableTexts, type CampaignReport } from './campaign.ts';
import type { ReporterDescription } from './reporter.ts';
import { troubleLines, type ScenarioResult } from './result.ts';

const ANNOTATIONS_MAX = 10;

interface Annotation {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly title: string;
  readonly message: string;
}

/** A message as the workflow commands want it. */
const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** A value beside the message. */
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** As git names it: without a leading `./`. */
const gitPath = (file: string): string => file.replace(/^(?:\.\/+)+/, '');

function annotationsOf(result: ScenarioResult): Annotation[] {
  const { name, failure, mistakes, defect } = result;
  const file = gitPath(result.file);
  const lines = troubleLines(result);
  const title = name ?? file;
  if (failure !== null) {
    const { line, column, what } = failure;
    return [{ file, line, col: column, title: `${title}: ${what}`, message: lines.join('\n') }];
  }
  if (defect !== null) return [{ file, line: 1, col: 1, title: 'a defect of raft-sim', message: lines.join('\n') }];
  if (mistakes === null) return [];
  if (mistakes.inFile.length === 0) return [{ file, line: 1, col: 1, title, message: lines.join('\n') }];
  return mistakes.inFile.map(({ line, column, message: found, suggestion }) => ({
    file,
    line,
    col: column,
    title,
    message: suggestion === null ? found : `${found}\ndid you mean ${suggestion}?`,
  }));
}

function errorLine({ message: text, ...places }: Annotation): string {
  const properties = Object.entries(places).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::error ${properties.join(',')}::${message(text)}`;
}

/** The lines that make the annotations; none if all is well. */
export function scenariosGithub(results: readonly ScenarioResult[]): string[] {
  const all = results.flatMap(annotationsOf);
  const lines = all.slice(0, ANNOTATIONS_MAX).map(errorLine);
  const more = all.length - lines.length;
  return more > 0 ? [...lines, `::notice::and ${more} more, which the log tells`] : lines;
}

/** GitHub cuts a longer message off. */
const MESSAGE_MAX = 4000;

const error = (places: readonly (readonly [string, string | number])[], text: string): string => {
  const properties = places.map(([name, value]) => `${name}=${property(String(value))}`).join(',');
  return `::error ${properties}::${message(text.slice(0, MESSAGE_MAX))}`;
};

export function campaignGithub(report: CampaignReport): string {
  const { groups, regressions, missing } = report;
  const all = [
    ...regressions.failed.map(({ file, line, column, expected, found }) =>
      error(
        [
          ['file', gitPath(file)],
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

export const githubReporter = {
  name: 'github',
  ending: undefined,
  scenarios: ({ results }) =>
    scenariosGithub(results)
      .map((line) => `${line}\n`)
      .join(''),
  campaign: campaignGithub,
} as const satisfies ReporterDescription;
