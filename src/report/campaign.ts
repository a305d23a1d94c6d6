// What a campaign came to, as plain data: one shape behind the text, the JSON document, JUnit, Markdown, annotations.
//
// Failures are in groups of one property and one way to violate it; each group keeps its smallest witness.
// Nothing here depends on real time, on the number of workers, or on how the seeds were shared out.

import type { Replay } from '../campaign/replay.ts';
import type { Regressions } from '../campaign/regressions.ts';
import type { Statistics } from '../campaign/statistics.ts';

/** The figures of all seeds together. */
export interface CampaignFigures extends Omit<Statistics, 'goals'> {
  readonly goals: Readonly<Record<string, number>>;
  /** Abstract cluster states that were reached. */
  readonly situations: number;
}

/** The smallest replay of a group. */
export interface SmallestReplay extends Omit<Replay, 'shape' | 'why'> {
  readonly seed: string;
}

export interface FailureGroup {
  /** `election-safety-1a2b3c4d`: property and way to violate it; no replay decides it. */
  readonly name: string;
  readonly kind: string;
  readonly property: string;
  readonly why: string;
  /** The seeds that led here, in order. */
  readonly seeds: readonly string[];
  /** Undefined for what is not shrunk. */
  readonly smallest: SmallestReplay | undefined;
  /** What its seed drew, in one line. */
  readonly plan: string;
  /** What its variant switches about the node, in sentences. */
  readonly companions?: readonly string[];
  /** Repeats the finding: `raft-sim fuzz --seeds 7..7`. */
  readonly command: string;
}

export interface CampaignReport {
  /** `1..1000`; null if only the regressions were run. */
  readonly seeds: string | null;
  /** The range has an end, and not all of it was run. */
  readonly isPartial: boolean;
  /** Shards whose sums were not there: `3/16`. */
  readonly missing: readonly string[];
  readonly regressions: Regressions;
  readonly figures: CampaignFigures;
  readonly groups: readonly FailureGroup[];
  /** Findings that are in no group, because enough of their property were shrunk; by property. */
  readonly notShrunk: Readonly<Record<string, number>>;
}

const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');

/** What could not be checked, and in how many runs. */
export const notApplicableTexts = ({ figures }: CampaignReport): string[] =>
  Object.entries(figures.notApplicable ?? {}).map(
    ([name, runs]) => `${name} in ${thousands(runs)} of ${thousands(figures.runs)} runs`,
  );

/** Goals that no run reached. */
export const missedGoals = ({ figures }: CampaignReport): string[] =>
  Object.entries(figures.goals)
    .filter(([, runs]) => runs === 0)
    .map(([name]) => name);

/** Ways for a server to stand among the others that no run came to, of how many. */
export function missedNodeStates({ figures: { stances } }: CampaignReport): { missed: string[]; all: number } {
  const names = Object.keys(stances);
  return { missed: names.filter((name) => stances[name] === 0), all: names.length };
}

const notShrunkIn = ({ notShrunk }: CampaignReport): number => Object.values(notShrunk).reduce((sum, n) => sum + n, 0);

/** Seeds that failed, once each whatever the number of ways; of what is not shrunk only a count is known. */
export function failedSeedsOf(report: CampaignReport): number {
  const named = new Set(report.groups.flatMap(({ seeds }) => seeds));
  return Math.min(report.figures.runs, named.size + notShrunkIn(report));
}

export const findingsOf = (report: CampaignReport): number =>
  report.groups.reduce((sum, { seeds }) => sum + seeds.length, 0) + notShrunkIn(report);
