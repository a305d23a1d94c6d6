// What became of scenarios, as plain data: one shape behind the text, the JSON document, JUnit and annotations.
//
// It travels between threads and into documents as it is, so it holds nothing but texts, numbers and lists of them.

import type { BrokenPromise } from '../run/simulate.ts';
import type { NodeSnapshot } from '../trace/node-snapshot.ts';

/** mistake: the file is wrong. defect: raft-sim is. not run: the run was stopped before. */
export type ScenarioOutcome = 'passed' | 'failed' | 'mistake' | 'defect' | 'not run';

/** One mistake in a file. */
export interface MistakeInFile {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The word that was probably meant. */
  readonly suggestion: string | null;
}

/** What is wrong with a file, found before it was played. */
export interface Mistakes {
  /** All of it as a person reads it, with places, lines of the file and suggestions. */
  readonly lines: readonly string[];
  readonly inFile: readonly MistakeInFile[];
}

/** A step that could not be taken. */
export interface SkippedPlace {
  readonly line: number;
  readonly column: number;
  readonly why: string;
  /** How often, if it stands in a `repeat`. */
  readonly times: number;
}

/** A story that was played. */
export interface PlayFacts {
  readonly seed: string;
  readonly nodes: number;
  readonly variant: string | null;
  /** What the variant switches about the node, in sentences. */
  readonly companions: readonly string[];
  /** Properties that could not be checked, as the system does not show what they need. */
  readonly notApplicable: readonly string[];
  /** With how many seeds it was played; 1 if it has no random parts. */
  readonly plays: number;
  readonly steps: number;
  readonly fingerprint: string;
  readonly virtualMicros: number;
  /** Of all plays together. */
  readonly virtualMicrosOfAll: number;
  readonly messages: number;
  readonly bytes: number;
  readonly entriesCommitted: number;
  readonly skipped: readonly SkippedPlace[];
  /** Plays this again: `raft-sim scenario run …`. */
  readonly command: string;
}

/** What was not as the story wants it. */
export interface FailureFacts {
  readonly kind: 'expectation' | 'promise' | 'mistake';
  readonly line: number;
  readonly column: number;
  /** Which expectation: `expect: logs: n2`. */
  readonly what: string;
  /** The line of the file and a caret. */
  readonly excerpt: readonly string[];
  readonly expected: string;
  readonly found: string;
  /** Of kind promise: which one, and how. */
  readonly promise: BrokenPromise | null;
  /** How it came to that, in the one-line notation. */
  readonly lastSteps: readonly string[];
  /** The servers at the end, a line for each below a heading. */
  readonly servers: readonly string[];
  /** The same servers as data. */
  readonly nodes: readonly NodeSnapshot[];
}

export interface DefectFacts {
  readonly message: string;
  readonly stack: string;
  /** What leads to it. */
  readonly command: string;
}

export interface ScenarioResult {
  readonly file: string;
  /** What the file calls itself; null if it could not be read. */
  readonly name: string | null;
  readonly outcome: ScenarioOutcome;
  readonly play: PlayFacts | null;
  readonly failure: FailureFacts | null;
  readonly mistakes: Mistakes | null;
  readonly defect: DefectFacts | null;
  readonly realMillis: number;
}

/** All of a run. */
export interface ScenarioReport {
  readonly results: readonly ScenarioResult[];
  readonly realMillis: number;
  /** A signal stopped it. */
  readonly interrupted: boolean;
}

const nothing = { name: null, play: null, failure: null, mistakes: null, defect: null, realMillis: 0 } as const;

/** A file that was left out. */
export const notRun = (file: string): ScenarioResult => ({ ...nothing, file, outcome: 'not run' });

/** A file at which raft-sim itself failed. */
export const defectOf = (file: string, defect: DefectFacts): ScenarioResult => ({
  ...nothing,
  file,
  outcome: 'defect',
  defect,
});

/** A file that is no scenario. */
export const mistaken = (file: string, mistakes: Mistakes): ScenarioResult => ({
  ...nothing,
  file,
  outcome: 'mistake',
  mistakes,
});

/** The folder that a file lies in: `.` for one without. */
export function folderOf(file: string): string {
  const end = file.lastIndexOf('/');
  return end < 0 ? '.' : file.slice(0, Math.max(1, end));
}

export const countOutcomes = (results: readonly ScenarioResult[], outcome: ScenarioOutcome): number =>
  results.filter((result) => result.outcome === outcome).length;

export const virtualMicrosOf = (results: readonly ScenarioResult[]): number =>
  results.reduce((sum, { play }) => sum + (play?.virtualMicrosOfAll ?? 0), 0);

/** What went wrong, as lines without colour and without a width; nothing for a scenario that passed. */
export function troubleLines({ file, failure, mistakes, defect, play }: ScenarioResult): string[] {
  if (mistakes !== null) return [...mistakes.lines];
  if (defect !== null)
    return [`a defect of raft-sim itself: ${defect.message}`, `at ${file}`, `repeat    ${defect.command}`];
  if (failure === null) return [];
  const { line, column, what, excerpt, expected, found, promise } = failure;
  const broken =
    promise === null
      ? [`expected  ${expected}`, `found     ${found}`]
      : [`found     ${promise.why}`, `at        step ${promise.step}`];
  const skipped = skippedTexts(file, play).map((text) => `skipped   ${text}`);
  const repeat = play === null ? [] : [`repeat    ${play.command}`];
  return [`${file}:${line}:${column}: ${what}`, ...excerpt, ...broken, ...skipped, ...repeat];
}

const SKIPPED_MAX = 5;

/** The steps that could not be taken; of many the first ones, and how many more. */
export function skippedTexts(file: string, play: PlayFacts | null): string[] {
  const { skipped = [] } = play ?? {};
  const texts = skipped.slice(0, SKIPPED_MAX).map(({ line, column, why, times }) => {
    return `${file}:${line}:${column} ${why}${times > 1 ? ` (${times} times)` : ''}`;
  });
  const more = skipped.length - texts.length;
  return more > 0 ? [...texts, `and ${more} more step${more === 1 ? '' : 's'}`] : texts;
}
