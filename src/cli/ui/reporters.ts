// What is printed, and where: `--reporter text`, `--reporter junit=report.xml`; the same for scenarios and campaigns.
//
// Standard output holds one document, or text; annotations are lines as well and may stand behind text.

import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { reporterNames, reporterTable, type ReporterName } from '../../report/reporters.ts';
import { UnknownWordError } from '../../run/checked.ts';

/** A reporter that was asked for. */
export interface Reporter {
  readonly name: ReporterName;
  /** Where it writes; undefined: to standard output. */
  readonly file: string | undefined;
}

/** The ending of its file, for a reporter that prints one whole document; all others print lines. */
const endingOf = (name: ReporterName): string | undefined => (name === 'text' ? undefined : reporterTable[name].ending);

const NAMES = `${reporterNames.slice(0, -1).join(', ')} or ${reporterNames.at(-1)}`;

export function addReporterFlag(command: Command): Command {
  return command.option(
    '--reporter <name>',
    `${NAMES}; NAME=FILE writes to a file; may be repeated (default: text)`,
    (text: string, before: readonly Reporter[] | undefined) => [...(before ?? []), parseReporter(text)],
  );
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

/**
 * What was asked for, and text where nothing else is printed; refuses what would mix, on the screen, in a file, or in
 * one that is `taken` for something else.
 */
export function chooseReporters(
  asked: readonly Reporter[],
  json: boolean,
  taken: Readonly<Record<string, string | undefined>> = {},
): readonly Reporter[] {
  const wanted: readonly Reporter[] = json ? [...asked, { name: 'json', file: undefined }] : asked;
  const isFirst = ({ name, file }: (typeof wanted)[number], place: number): boolean =>
    file !== undefined || wanted.findIndex((other) => other.name === name && other.file === undefined) === place;
  const all = wanted.filter(isFirst);
  const printed = all.filter(({ file }) => file === undefined).map(({ name }) => name);
  const mixed = Array.from(new Set(printed));
  const document = mixed.find((name) => endingOf(name) !== undefined);
  if (mixed.length > 1 && document !== undefined) {
    throw new UsageError(
      `the reporters ${mixed.join(' and ')} would all print to standard output, expected a file for all but one: ` +
        `--reporter ${document}=report.${endingOf(document)}`,
    );
  }
  const files = all.flatMap(({ file }) => file ?? []);
  const places = files.map(placeOf);
  const twice = files.find((_, i) => places.indexOf(places[i] ?? '') !== i && !isDevice(files[i] ?? ''));
  if (twice !== undefined) throw new UsageError(`two reporters would write to ${twice}, expected a file for each`);
  for (const [what, file] of Object.entries(taken)) {
    const found = file === undefined ? -1 : places.indexOf(placeOf(file));
    if (found < 0 || isDevice(files[found] ?? '')) continue;
    throw new UsageError(`a reporter would write to ${files[found]}, which is ${what}, expected another file`);
  }
  const isPrinted = printed.length > 0 || all.some(({ name }) => name === 'text');
  return isPrinted ? all : [...all, { name: 'text', file: undefined }];
}

/** A file by the one name that all its names lead to; its folder need not exist yet. */
function placeOf(file: string): string {
  const path = resolve(file);
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(placeOf(above), basename(path));
  }
}

/** What takes everything, and keeps nothing whole: `/dev/null` may be named twice. */
function isDevice(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isCharacterDevice() === true;
}
