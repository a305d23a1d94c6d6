// Scenarios as annotations of a GitHub workflow: what went wrong stands beside the line of the file that says so.
//
// GitHub shows ten errors of a step and drops the rest without a word, so the rest is counted in a notice.

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
export const message = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** A value beside the message. */
export const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** As git names it: without a leading `./`. */
const fileName = (file: string): string => file.replace(/^(?:\.\/+)+/, '');

function annotationsOf(result: ScenarioResult): Annotation[] {
  const { name, failure, mistakes, defect } = result;
  const file = fileName(result.file);
  const lines = troubleLines(result);
  const title = name ?? file;
  if (failure !== null) {
    const { line, column, what } = failure;
    return [{ file, line, col: column, title: `${title}: ${what}`, message: lines.join('\n') }];
  }
  if (defect !== null) return [{ file, line: 1, col: 1, title: 'a defect of raft-sim', message: lines.join('\n') }];
  if (mistakes === null) return [];
  if (mistakes.inFile.length === 0) return [{ file, line: 1, col: 1, title, message: lines.join('\n') }];
  return mistakes.inFile.map(({ line, column, message: told, suggestion }) => ({
    file,
    line,
    col: column,
    title,
    message: suggestion === null ? told : `${told}\ndid you mean ${suggestion}?`,
  }));
}

function errorLine({ message: told, ...places }: Annotation): string {
  const properties = Object.entries(places).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::error ${properties.join(',')}::${message(told)}`;
}

/** The lines that make the annotations; none if all is well. */
export function githubLines(results: readonly ScenarioResult[]): string[] {
  const all = results.flatMap(annotationsOf);
  const lines = all.slice(0, ANNOTATIONS_MAX).map(errorLine);
  const more = all.length - lines.length;
  return more > 0 ? [...lines, `::notice::and ${more} more, which the log tells`] : lines;
}
