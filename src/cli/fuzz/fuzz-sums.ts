// The sums of a campaign as a file, campaign.json: to go on from, and to be merged.
//
// What is read is not trusted: a file of another version, of another campaign, or damaged by hand is told and refused.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { BATCH_SEEDS } from '../../campaign/batch.ts';
import type { Campaign, Earlier, Position, FailureWitness } from '../../campaign/campaign.ts';
import { shardText, type Shard } from '../../campaign/shards.ts';
import { CampaignSum, type CheckpointState } from '../../campaign/checkpoint.ts';
import type { Regressions } from '../../report/campaign.ts';
import { troubleText, writeWhole } from '../ui/files.ts';
import type { Range } from './fuzz-flags.ts';
import type { Identity } from './fuzz-report.ts';
import { version } from '../version.ts';

/** The file that holds the sums. */
export const SUMS = 'campaign.json';
const SCHEMA = 'raft-sim/campaign@1';

/** The sums of a campaign, or of one shard of it. */
export interface CampaignSums {
  readonly identity: Identity;
  readonly shard: Shard;
  readonly position: Position;
  readonly isOver: boolean;
  readonly sum: CheckpointState;
  readonly witnesses: readonly FailureWitness[];
  readonly regressions: Regressions;
}

export function writeSums(
  folder: string,
  campaign: Campaign,
  rest: Pick<CampaignSums, 'identity' | 'shard' | 'regressions'>,
): void {
  const { position, isOver } = campaign;
  const sums: CampaignSums = { ...rest, position, isOver, sum: campaign.sum.state(), witnesses: campaign.witnesses() };
  writeWhole(join(folder, SUMS), [JSON.stringify({ schema: SCHEMA, version, ...sums }), '\n']);
}

/** Reads the sums of a campaign; throws a UsageError if the file is none, or of another version. */
export function readSums(path: string): CampaignSums {
  const sums = parsed(path);
  if (sums['schema'] !== SCHEMA) throw noCampaign(path, 'its schema is another one');
  if (sums['version'] !== version) {
    throw new UsageError(
      `${path} was written by raft-sim ${String(sums['version'])}, expected ${version}: seeds may mean other runs now`,
    );
  }
  const wrong = Object.entries(shapes).find(([field, isRight]) => !isRight(sums[field]));
  if (wrong !== undefined) throw noCampaign(path, `${wrong[0]} is missing or damaged`);
  const right = sums as unknown as CampaignSums;
  // An endless range has no number in JSON.
  const { from, to } = right.identity.seeds as { readonly from: number; readonly to: number | null };
  return { ...right, identity: { ...right.identity, seeds: { from, to: to ?? Infinity } } };
}

function parsed(path: string): Fields {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${troubleText(error)}`);
  }
  try {
    const json: unknown = JSON.parse(text);
    if (isFields(json)) return json;
  } catch {
    throw noCampaign(path, 'it is no JSON');
  }
  throw noCampaign(path, 'it is no JSON object');
}

const noCampaign = (path: string, why: string): UsageError =>
  new UsageError(`${path} does not hold the sums of raft-sim fuzz: ${why}`);

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isInteger(value) && Number(value) >= 0;
const isCountOrNull: Check = (value) => value === null || isCount(value);
const isCounts: Check = (value) => isFields(value) && Object.values(value).every(isCount);
const isList =
  (isRight: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(isRight);
const has =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isFields(value) && Object.entries(fields).every(([name, isRight]) => isRight(value[name]));

const isFinding = has({
  seed: isText,
  kind: isText,
  property: isText,
  why: isText,
  step: isCount,
  fingerprint: isText,
});
const isReplay = has({ shape: isText, scenario: isText, why: isText, steps: isCount, nodes: isCount, tries: isCount });

const shapes: Readonly<Record<keyof CampaignSums, Check>> = {
  identity: has({
    seeds: has({ from: isCount, to: isCountOrNull }),
    swarmWords: isList(isText),
    checkDeterminism: isCount,
  }),
  shard: has({ index: isCount, count: isCount }),
  position: has({ batch: isCount, after: isCountOrNull }),
  isOver: (value) => typeof value === 'boolean',
  sum: has({
    tally: has({
      runs: isCount,
      steps: isCount,
      virtualMicros: isCount,
      madeTwice: isCount,
      situations: isCount,
      goals: isCounts,
      stances: isCounts,
      drawn: isCounts,
      unknown: isCounts,
      notApplicable: (value) => value === undefined || isCounts(value),
      failures: isCounts,
      findings: isList(isFinding),
    }),
    situations: isList(isCount),
  }),
  witnesses: isList((witness) => {
    if (!has({ finding: isFinding })(witness) || !isFields(witness)) return false;
    return witness['replay'] === undefined || isReplay(witness['replay']);
  }),
  regressions: has({ played: isCount, failed: isList(has({ file: isText, expected: isText, found: isText })) }),
};

/** What a campaign must share with an earlier one to go on with it. */
export interface Wished {
  readonly seeds: Range | undefined;
  readonly swarmWords: readonly string[];
  readonly checkDeterminism: number;
  readonly shard: Shard;
}

/** Where the campaign in the folder ended, for --resume; undefined if there is none yet. */
export function earlierCampaign(folder: string, wished: Wished): (Earlier & { identity: Identity }) | undefined {
  const path = join(folder, SUMS);
  if (!existsSync(path)) return undefined;
  const { identity, shard, position, sum, witnesses } = readSums(path);
  const seeds = wished.seeds ?? identity.seeds;
  differ(path, 'flags', wordsText(identity.swarmWords), wordsText(wished.swarmWords));
  differ(path, 'the shard', shardText(shard), shardText(wished.shard));
  differ(path, '--check-determinism', oddsOf(identity.checkDeterminism), oddsOf(wished.checkDeterminism));
  differ(path, 'the first seed', String(identity.seeds.from), String(seeds.from));
  const ran = position.after ?? seeds.from + (position.batch - shard.count + 1) * BATCH_SEEDS - 1;
  const end = identity.seeds.to === Infinity ? ran : identity.seeds.to;
  if (seeds.to < end) {
    throw new UsageError(`--resume goes on with ${path}, which has seeds up to ${end}; --seeds ends at ${seeds.to}`);
  }
  return { identity: { ...identity, seeds }, position, sum, witnesses };
}

function differ(path: string, what: string, found: string, wished: string): void {
  if (found === wished) return;
  throw new UsageError(
    `--resume goes on with ${path}, but ${what} there: ${found}, here: ${wished}; ` +
      'expected the same, or another --reports',
  );
}

const wordsText = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(' '));
const oddsOf = (ppm: number): string => `${ppm / 10_000}%`;

/** Adds up the sums of several shards. */
export function mergedSum(all: readonly CampaignSums[]): CampaignSum {
  const merged = new CampaignSum();
  for (const { sum } of all) merged.addSum(sum);
  return merged;
}
