// The statistics of a whole campaign: what batches, shards and earlier nights came to, added up, and their checkpoint.
//
// Adding is the same in any order, and findings are kept by seed, so that a report depends neither on the number of
// workers nor on how the seeds were shared out. Memory is bounded: of each property the first findings are kept and
// the others only counted. The names of the plain data stand in campaign.json.

import type { BatchResult, SeedFinding } from './batch.ts';
import { Counts, StatisticsSum, type Statistics } from './statistics.ts';
import { ClusterStates } from './cluster-states.ts';

/** Everything that a campaign has come to, as plain data. */
export interface Checkpoint extends Statistics {
  /** How many abstract cluster states were reached, or about how many. */
  readonly situations: number;
  /** How many findings there are, by property. */
  readonly failures: Readonly<Record<string, number>>;
  /** The first of them, by seed. */
  readonly findings: readonly SeedFinding[];
}

/** The statistics as plain data, to go on from. */
export interface CheckpointState {
  readonly tally: Checkpoint;
  /** What the sketch of the abstract cluster states keeps. */
  readonly situations: readonly number[];
}

/** So many findings of a property are kept. */
export const FINDINGS_KEPT = 100;

export class CampaignStatistics {
  private readonly sum = new StatisticsSum();
  private readonly _failures = new Counts();
  private readonly _clusterStates = new ClusterStates();
  private readonly findings = new Map<string, SeedFinding[]>();

  get runs(): number {
    return this.sum.runs;
  }

  get steps(): number {
    return this.sum.steps;
  }

  /** Abstract cluster states of higher rank than this make no difference any more. */
  get rankMax(): number {
    return this._clusterStates.rankMax;
  }

  get clusterStates(): number {
    return this._clusterStates.count();
  }

  /** How many findings there are. */
  get failures(): number {
    return this._failures.total;
  }

  /** Adds a batch. */
  add(result: BatchResult): void {
    this.sum.add(result);
    for (const hash of result.clusterStates) this._clusterStates.add(hash);
    for (const finding of result.findings) this.addFinding(finding);
  }

  /** Adds what no batch can tell of itself. */
  addFinding(finding: SeedFinding): void {
    this._failures.count(finding.property);
    this.keep(finding);
  }

  /** Adds what another campaign over other seeds came to. */
  addState({ tally, situations }: CheckpointState): void {
    this.sum.add(tally);
    this._clusterStates.addKept(situations);
    this._failures.add(tally.failures);
    for (const finding of tally.findings) this.keep(finding);
  }

  /** Everything, to go on from later. */
  state(): CheckpointState {
    return { tally: this.checkpoint(), situations: this._clusterStates.kept() };
  }

  checkpoint(): Checkpoint {
    return {
      ...this.sum.total(),
      situations: this._clusterStates.count(),
      failures: this._failures.byWord(),
      findings: Array.from(this.findings.values()).flatMap(firstOf).toSorted(bySeed),
    };
  }

  private keep(finding: SeedFinding): void {
    const { property } = finding;
    const findings = this.findings.get(property) ?? [];
    findings.push(finding);
    this.findings.set(property, findings.length < 2 * FINDINGS_KEPT ? findings : firstOf(findings));
  }
}

const firstOf = (findings: readonly SeedFinding[]): SeedFinding[] => findings.toSorted(bySeed).slice(0, FINDINGS_KEPT);

/** By seed; what one seed found, by property. */
export function bySeed(a: SeedFinding, b: SeedFinding): number {
  const seeds = Number(a.seed) - Number(b.seed);
  if (seeds !== 0 || a.property === b.property) return seeds;
  return a.property < b.property ? -1 : 1;
}
