// Every reporter that makes a text of a report: a new one costs its file and a row here.
//
// The text for people is none of them: it grows while the work goes on, and the commands print it themselves.

import { githubReporter } from './github.ts';
import { jsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import { markdownReporter } from './markdown.ts';
import type { ReporterDescription } from './reporter.ts';

const documents = [jsonReporter, junitReporter, githubReporter, markdownReporter] as const;

export type DocumentReporterName = (typeof documents)[number]['name'];
export type ReporterName = 'text' | DocumentReporterName;

export const reporterTable = Object.fromEntries(documents.map((reporter) => [reporter.name, reporter])) as Readonly<
  Record<DocumentReporterName, ReporterDescription>
>;

export const reporterNames: readonly ReporterName[] = ['text', ...documents.map(({ name }) => name)];
