// Findings in groups: one property, one shape of the shrunk replay, the smallest witness kept.
//
// Which findings are told in full depends on their seeds only; a report over shards chooses among what the shards
// chose. What cannot be shrunk (an exception, a dead worker, two runs that differ) has the shape of its words.

import { hashText, hex } from '../base/hash.ts';
import type { FailureWitness } from './campaign.ts';
import type { SeedFinding } from './batch.ts';
import type { Replay } from './replay.ts';

export interface FindingGroup {
  /** `election-safety-1a2b3c4d`. */
  readonly name: string;
  readonly finding: SeedFinding;
  /** The seeds that led here, in order. */
  readonly seeds: readonly string[];
  readonly replay: Replay | undefined;
}

/** The groups by name, and how many findings of each property are in none. */
export function groupFindings(
  witnesses: readonly FailureWitness[],
  failures: Readonly<Record<string, number>>,
  shrinksPerProperty: number,
): {
  readonly groups: readonly FindingGroup[];
  readonly notShrunk: Readonly<Record<string, number>>;
} {
  const groups = new Map<string, FindingGroup>();
  const told = new Map<string, number>();
  for (const { finding, replay } of witnesses) {
    const { property, kind } = finding;
    const before = told.get(property) ?? 0;
    if (kind === 'violation' && before >= shrinksPerProperty) continue;
    told.set(property, before + 1);
    const name = `${property}-${shapeOf(finding, replay)}`;
    const known = groups.get(name);
    if (known === undefined) groups.set(name, { name, finding, seeds: [finding.seed], replay });
    else groups.set(name, merged(known, finding, replay));
  }
  const notShrunk: Record<string, number> = {};
  for (const [property, n] of Object.entries(failures)) {
    const left = n - (told.get(property) ?? 0);
    if (left > 0) notShrunk[property] = left;
  }
  const inOrder = Array.from(groups.values()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { groups: inOrder, notShrunk };
}

function shapeOf({ kind, seed, why }: SeedFinding, replay: Replay | undefined): string {
  if (replay !== undefined) return replay.shape;
  // The words of a broken promise name the servers and terms of one run.
  return kind === 'violation' ? `seed-${seed}` : hex(hashText(why));
}

/** The smaller witness stays; of equals the one with the lower seed, which came first. */
function merged(known: FindingGroup, finding: SeedFinding, replay: Replay | undefined): FindingGroup {
  const seeds = known.seeds.concat(finding.seed);
  const isSmaller = replay !== undefined && known.replay !== undefined && replay.steps < known.replay.steps;
  return isSmaller ? { name: known.name, finding, seeds, replay } : { ...known, seeds };
}
