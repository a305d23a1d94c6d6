// What is printed of a campaign, and where: `--reporter text`, `--reporter markdown=summary.md`.
//
// Standard output holds one document, or text with annotations behind it. In a GitHub workflow the summary of the step
// is written by itself.

import { UsageError } from '../base/assert.ts';
import { UnknownWordError } from '../run/plan.ts';

export const fuzzReporterNames = ['text', 'json', 'junit', 'github', 'markdown'] as const;
type Name = (typeof fuzzReporterNames)[number];

export interface FuzzReporter {
  readonly name: Name;
  /** Where it writes; undefined: to standard output. */
  readonly file: string | undefined;
}

export function parseFuzzReporter(text: string): FuzzReporter {
  const [, word = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const name = fuzzReporterNames.find((one) => one === word);
  if (name === undefined) throw new UnknownWordError('reporter', word, fuzzReporterNames);
  if (file === '') throw new UsageError(`--reporter is ${text}, expected the name of a file behind the =`);
  return { name, file };
}

/** What was asked for, or text; refuses what would mix on standard output. */
export function chooseFuzzReporters(asked: readonly FuzzReporter[], json: boolean): readonly FuzzReporter[] {
  const all = json ? [...asked, { name: 'json', file: undefined } as const] : asked;
  const printed = Array.from(new Set(all.filter(({ file }) => file === undefined).map(({ name }) => name)));
  const lines: readonly Name[] = ['text', 'github'];
  if (printed.length > 1 && !printed.every((name) => lines.includes(name))) {
    const told = printed.join(' and ');
    throw new UsageError(
      `the reporters ${told} would all print to standard output, expected a file: --reporter NAME=FILE`,
    );
  }
  return all.length === 0 ? [{ name: 'text', file: undefined }] : all;
}
