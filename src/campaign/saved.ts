// A campaign as it is saved, campaign.json: to go on from, and to be merged.
//
// What is read is not trusted: a text of another version, of another campaign, or damaged by hand is refused with the
// reason. Texts come and go here; files are opened elsewhere.

import { UsageError } from '../base/errors.ts';
import { BATCH_SEEDS } from './batch.ts';
import type { Campaign, Earlier, FailureWitness, Position } from './campaign.ts';
import { CampaignStatistics, type CheckpointState } from './checkpoint.ts';
import type { Regressions } from './regressions.ts';
import { seedAt, seedsText, type Seeds } from './seeds.ts';
import { shardText, type Shard } from './shards.ts';

/** The file of a campaign in its folder of reports. */
export const CAMPAIGN_FILE = 'campaign.json';
const SCHEMA = 'raft-sim/campaign@1';

/** What makes a campaign this one: its seeds, what they may draw, and how many are made twice. */
export interface Identity {
  readonly seeds: Seeds;
  /** As they are typed. */
  readonly swarmWords: readonly string[];
  /** In parts per million. */
  readonly checkDeterminism: number;
}

/** A campaign, or one shard of it. */
export interface SavedCampaign {
  readonly identity: Identity;
  readonly shard: Shard;
  readonly position: Position;
  readonly isOver: boolean;
  readonly sum: CheckpointState;
  readonly witnesses: readonly FailureWitness[];
  readonly regressions: Regressions;
}

/** The text of the file. */
export function savedText(
  campaign: Campaign,
  rest: Pick<SavedCampaign, 'identity' | 'shard' | 'regressions'>,
  version: string,
): string {
  const { position, isOver, statistics } = campaign;
  const saved: SavedCampaign = { ...rest, position, isOver, sum: statistics.state(), witnesses: campaign.witnesses() };
  return `${JSON.stringify({ schema: SCHEMA, version, ...saved })}\n`;
}

/** Reads the text of a file; throws a UsageError if it is no campaign, or one of another version. */
export function readSaved(text: string, path: string, version: string): SavedCampaign {
  const saved = parsed(text, path);
  if (saved['schema'] !== SCHEMA) throw noCampaign(path, 'its schema is another one');
  if (saved['version'] !== version) {
    throw new UsageError(
      `${path} was written by raft-sim ${String(saved['version'])}, expected ${version}: seeds may mean other runs now`,
    );
  }
  const wrong = Object.entries(shapes).find(([field, isRight]) => !isRight(saved[field]));
  if (wrong !== undefined) throw noCampaign(path, `${wrong[0]} is missing or damaged`);
  const right = saved as unknown as SavedCampaign;
  return { ...right, identity: { ...right.identity, seeds: withEnd(right.identity.seeds) } };
}

/** A range without an end has no number in JSON. */
function withEnd(seeds: Seeds): Seeds {
  if ('list' in seeds) return seeds;
  const { from, to }: { readonly from: number; readonly to: number | null } = seeds;
  return { from, to: to ?? Infinity };
}

function parsed(text: string, path: string): Fields {
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
const isOptional =
  (isRight: Check): Check =>
  (value) =>
    value === undefined || isRight(value);
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
const isRest = has({ batch: isCount, after: isCountOrNull });
const isReplay = has({ shape: isText, scenario: isText, why: isText, steps: isCount, nodes: isCount, tries: isCount });

const shapes: Readonly<Record<keyof SavedCampaign, Check>> = {
  identity: has({
    seeds: (seeds) => has({ from: isCount, to: isCountOrNull })(seeds) || has({ list: isList(isCount) })(seeds),
    swarmWords: isList(isText),
    checkDeterminism: isCount,
  }),
  shard: has({ index: isCount, count: isCount }),
  position: (position) => isRest(position) && isOptional(isList(isRest))((position as Fields)['rests']),
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
      notApplicable: isOptional(isCounts),
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
export interface Continuation {
  readonly seeds: Seeds | undefined;
  readonly swarmWords: readonly string[];
  readonly checkDeterminism: number;
  readonly shard: Shard;
}

/** Where a campaign goes on that was saved in this file; throws a UsageError if it is another one. */
export function resumed(saved: SavedCampaign, path: string, input: Continuation): Earlier & { identity: Identity } {
  const { identity, shard, position, sum, witnesses } = saved;
  const seeds = input.seeds ?? identity.seeds;
  expectSame(path, 'flags', wordsText(identity.swarmWords), wordsText(input.swarmWords));
  expectSame(path, 'the shard', shardText(shard), shardText(input.shard));
  expectSame(path, '--check-determinism', oddsText(identity.checkDeterminism), oddsText(input.checkDeterminism));
  if ('list' in seeds || 'list' in identity.seeds) {
    expectSame(path, 'the seeds', seedsText(identity.seeds), seedsText(seeds));
  } else {
    expectSame(path, 'the first seed', String(identity.seeds.from), String(seeds.from));
    const end = identity.seeds.to === Infinity ? lastSeedOf(saved) : identity.seeds.to;
    if (seeds.to < end) {
      throw new UsageError(`--resume goes on with ${path}, which has seeds up to ${end}; --seeds ends at ${seeds.to}`);
    }
  }
  return { identity: { ...identity, seeds }, position, sum, witnesses };
}

/** The last seed that was run. */
function lastSeedOf({ identity, shard, position: { batch, after, rests = [] } }: SavedCampaign): number {
  const lastOfBatches = seedAt(identity.seeds, (batch - shard.count + 1) * BATCH_SEEDS) - 1;
  const whole = rests.some((rest) => rest.batch === batch - shard.count) ? 0 : lastOfBatches;
  return Math.max(after ?? 0, whole, ...rests.map((rest) => rest.after ?? 0));
}

function expectSame(path: string, what: string, there: string, here: string): void {
  if (there === here) return;
  throw new UsageError(
    `--resume goes on with ${path}, but ${what} there: ${there}, here: ${here}; ` +
      'expected the same, or another --reports',
  );
}

const wordsText = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(' '));
const oddsText = (ppm: number): string => `${ppm / 10_000}%`;

/** Adds up several shards. */
export function mergedStatistics(all: readonly SavedCampaign[]): CampaignStatistics {
  const merged = new CampaignStatistics();
  for (const { sum } of all) merged.addState(sum);
  return merged;
}
