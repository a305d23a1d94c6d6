// All shards of a campaign below a folder, read and added up to the report that one machine would have made.
//
// Shards of different campaigns, or two of one shard, are refused; one that is missing is named.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { CAMPAIGN_FILE, mergedStatistics, type Identity, type SavedCampaign } from '../../campaign/saved.ts';
import { seedsText } from '../../campaign/seeds.ts';
import { shardText } from '../../campaign/shards.ts';
import { bySeed } from '../../campaign/checkpoint.ts';
import type { CampaignReport } from '../../report/campaign.ts';
import { readCampaign } from '../fuzz/fuzz-folder.ts';
import { reportOf } from '../fuzz/fuzz-report.ts';
import { fileNear, troubleText } from '../ui/files.ts';

interface ShardFile {
  readonly path: string;
  readonly saved: SavedCampaign;
}

export interface MergedCampaign {
  readonly identity: Identity;
  readonly report: CampaignReport;
  /** Into how many shards the campaign was dealt. */
  readonly shards: number;
}

/** Reads the campaign below a folder; throws a UsageError if there is none, or more than one. */
export function mergedCampaign(folder: string): MergedCampaign {
  const [first, ...others] = filesBelow(folder).map((path) => ({ path, saved: readCampaign(path) }));
  if (first === undefined)
    throw new UsageError(`there is no ${CAMPAIGN_FILE} below ${folder}, expected those of all shards`);
  for (const other of others) checkSame(first, other);
  const all = [first, ...others].toSorted((a, b) => a.saved.shard.index - b.saved.shard.index);
  checkTwins(all);
  const missing = missingOf(all);
  const shards = all.map(({ saved }) => saved);
  const { identity, regressions, shard } = first.saved;
  const report = reportOf(identity, {
    statistics: mergedStatistics(shards),
    witnesses: shards.flatMap(({ witnesses }) => witnesses).toSorted((a, b) => bySeed(a.finding, b.finding)),
    isOver: missing.length === 0 && shards.every(({ isOver }) => isOver),
    missing,
    regressions: shards.find((one) => one.regressions.failed.length > 0)?.regressions ?? regressions,
  });
  return { identity, report, shards: shard.count };
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.split(/[\\/]/).at(-1) === CAMPAIGN_FILE)
      .toSorted()
      .map((name) => join(folder, name));
  } catch (error) {
    const near = fileNear(folder, error);
    const hint = near === undefined ? '' : `\ndid you mean ${near}?`;
    throw new UsageError(`cannot read ${folder}: ${troubleText(error)}${hint}`);
  }
}

/** What must be the same in all shards of a campaign, in words. */
const facts: readonly (readonly [what: string, of: (saved: SavedCampaign) => string])[] = [
  ['seeds', ({ identity }) => seedsText(identity.seeds)],
  ['flags', ({ identity }) => identity.swarmWords.join(' ') || 'none'],
  ['--check-determinism', ({ identity }) => `${identity.checkDeterminism / 10_000}%`],
  ['number of shards', ({ shard }) => String(shard.count)],
];

function checkSame(first: ShardFile, other: ShardFile): void {
  for (const [what, of] of facts) {
    const [expected, found] = [of(first.saved), of(other.saved)];
    if (found === expected) continue;
    throw new UsageError(
      `${other.path} is of another campaign than ${first.path}: ${what}: ${found}, expected ${expected}`,
    );
  }
}

/** Throws if two files are of one shard. */
function checkTwins(all: readonly ShardFile[]): void {
  for (let i = 1; i < all.length; i++) {
    const [one, other] = [all[i - 1], all[i]];
    if (one === undefined || other === undefined || one.saved.shard.index !== other.saved.shard.index) continue;
    throw new UsageError(`${one.path} and ${other.path} are both of shard ${shardText(one.saved.shard)}, expected one`);
  }
}

function missingOf(all: readonly ShardFile[]): string[] {
  const count = all[0]?.saved.shard.count ?? 1;
  const there = new Set(all.map(({ saved }) => saved.shard.index));
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => !there.has(index))
    .map((index) => shardText({ index, count }));
}
