// What is printed of scenarios, and where: `--reporter text`, `--reporter junit=report.xml`.
//
// Standard output holds one document, or text; annotations are lines as well and may stand behind text.

import { UsageError } from '../base/assert.ts';
import { UnknownWordError } from '../run/plan.ts';

export const reporterNames = ['text', 'json', 'junit', 'github'] as const;
export type ReporterName = (typeof reporterNames)[number];

export interface Reporter {
  readonly name: ReporterName;
  /** Where it writes; undefined: to standard output. */
  readonly file: string | undefined;
}

/** Reads what stands behind one `--reporter`. */
export function parseReporter(text: string): Reporter {
  const [, word = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const name = reporterNames.find((one) => one === word);
  if (name !== undefined && file !== '') return { name, file };
  if (name !== undefined) throw new UsageError(`--reporter is ${text}, expected the name of a file behind the =`);
  const [, before = '', behind = ''] = /^(\w+)[:,\s](.*)$/s.exec(word) ?? [];
  if (reporterNames.some((one) => one === before)) {
    const isList = reporterNames.some((one) => one === behind);
    const hint = isList ? `--reporter ${before} --reporter ${behind}` : `--reporter ${before}=${behind}`;
    throw new UsageError(`--reporter is ${JSON.stringify(text)}, expected ${hint}`);
  }
  throw new UnknownWordError('reporter', word, reporterNames);
}

/** What was asked for, and text where nothing else is printed; refuses what would mix on standard output. */
export function chooseReporters(asked: readonly Reporter[], json: boolean): readonly Reporter[] {
  const all = json ? [...asked, { name: 'json', file: undefined } as const] : asked;
  const printed = all.filter(({ file }) => file === undefined).map(({ name }) => name);
  const mixed = Array.from(new Set(printed));
  const lines: readonly ReporterName[] = ['text', 'github'];
  if (mixed.length > 1 && !mixed.every((name) => lines.includes(name))) {
    const other = mixed.find((name) => !lines.includes(name)) ?? 'json';
    const ending = other === 'junit' ? 'xml' : 'json';
    throw new UsageError(
      `the reporters ${mixed.join(' and ')} would all print to standard output, expected a file for all but one: ` +
        `--reporter ${other}=report.${ending}`,
    );
  }
  const files = all.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined) throw new UsageError(`two reporters would write to ${twice}, expected a file for each`);
  const isPrinted = printed.length > 0 || all.some(({ name }) => name === 'text');
  return isPrinted ? all : [...all, { name: 'text', file: undefined }];
}
