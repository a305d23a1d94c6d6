// Findings in groups: one property, one way to be violated, the smallest witness kept.
//
// A group is made, and named, by what the failing run itself says, and never by what shrinking made of it: the same
// seeds give the same groups, however much time there was. A report over shards chooses among what the shards chose.

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
  const grouped = new Map<string, number>();
  for (const { finding, replay } of witnesses) {
    const { property, kind } = finding;
    const before = grouped.get(property) ?? 0;
    if (kind === 'violation' && before >= shrinksPerProperty) continue;
    grouped.set(property, before + 1);
    const name = groupName(finding);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, { name, finding, seeds: [finding.seed], replay });
    else groups.set(name, merged(known, finding, replay));
  }
  const notShrunk: Record<string, number> = {};
  for (const [property, n] of Object.entries(failures)) {
    const left = n - (grouped.get(property) ?? 0);
    if (left > 0) notShrunk[property] = left;
  }
  const inOrder = Array.from(groups.values()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { groups: inOrder, notShrunk };
}

/** A name that findings share whose facts differ only in servers, clients, numbers and contents. */
export function groupName({ property, kind, why }: SeedFinding): string {
  return `${property}-${hex(hashText(kind === 'violation' ? wayToFail(why) : why))}`;
}

/** `n1 and n3 were both elected leader of term 5` as `# were both elected leader of term #`. */
export function wayToFail(why: string): string {
  const [facts = ''] = why.split('\n'); // below stands a history, which no two runs share
  const plain = facts.replace(/"(?:[^"\\]|\\.)*"/g, '#').replace(/\b[nc]?\d+\b/g, '#');
  return plain.replace(/#(?:,? (?:and )?#)+/g, '#');
}

/** The smaller replay stays; of equals the one with the lower seed, which came first. */
function merged(known: FindingGroup, finding: SeedFinding, replay: Replay | undefined): FindingGroup {
  const seeds = known.seeds.concat(finding.seed);
  const isSmaller = replay !== undefined && replay.steps < (known.replay?.steps ?? Infinity);
  return isSmaller ? { name: known.name, finding, seeds, replay } : { ...known, seeds };
}
