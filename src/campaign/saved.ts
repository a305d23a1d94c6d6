// A campaign as it is saved, campaign.json: to go on from, and to be merged.
//
// What is read is not trusted: a text of another version, of another campaign, or damaged by hand is refused with the
// reason. Texts come and go here; files are opened elsewhere.

import * as z from 'zod';
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
  for (const [field, shape] of Object.entries(fields)) {
    if (!shape.safeParse(saved[field]).success) throw noCampaign(path, `${field} is missing or damaged`);
  }
  const right = saved as unknown as SavedCampaign;
  return { ...right, identity: { ...right.identity, seeds: withEnd(right.identity.seeds) } };
}

/** A range without an end has no number in JSON. */
function withEnd(seeds: Seeds): Seeds {
  if ('list' in seeds) return seeds;
  const { from, to }: { readonly from: number; readonly to: number | null } = seeds;
  return { from, to: to ?? Infinity };
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw noCampaign(path, 'it is no JSON');
  }
  const object = z.record(z.string(), z.unknown()).safeParse(json);
  if (!object.success) throw noCampaign(path, 'it is no JSON object');
  return object.data;
}

const noCampaign = (path: string, why: string): UsageError =>
  new UsageError(`${path} does not hold the sums of raft-sim fuzz: ${why}`);

const count = z.int().min(0);
const counts = z.record(z.string(), count);

const finding = z.object({
  seed: z.string(),
  kind: z.string(),
  property: z.string(),
  why: z.string(),
  step: count,
  fingerprint: z.string(),
});

const restOfBatch = z.object({ batch: count, after: count.nullable() });

const difference = z
  .object({
    server: z.string(),
    kind: z.string(),
    name: z.string(),
    section: z.string(),
    step: count,
    line: z.string(),
    answers: z.object({ here: z.string(), paper: z.string() }).optional(),
    sentence: z.string(),
  })
  .meta({ description: 'The first decision that the paper’s node would have made otherwise.' });

const replay = z.object({
  shape: z.string(),
  scenario: z.string().meta({ description: 'The smallest replay, as YAML.' }),
  why: z.string(),
  steps: count,
  deliveries: count,
  externals: count,
  nodes: count,
  tries: count,
  isMinimal: z.boolean(),
  difference: difference.optional(),
});

const fields = {
  identity: z.object({
    seeds: z.union([
      z.object({ from: count, to: count.nullable().meta({ description: 'null: they have no end.' }) }),
      z.object({ list: z.array(count) }),
    ]),
    swarmWords: z.array(z.string()).meta({ description: 'What was fixed, as it was typed.' }),
    checkDeterminism: count.meta({ description: 'How many seeds are run twice, in parts per million.' }),
  }),
  shard: z.object({ index: count, count }),
  position: restOfBatch
    .extend({ rests: z.array(restOfBatch).optional() })
    .meta({ description: 'Where the campaign goes on.' }),
  isOver: z.boolean(),
  sum: z.object({
    tally: z.object({
      runs: count,
      steps: count,
      virtualMicros: count,
      madeTwice: count,
      situations: count,
      goals: counts,
      stances: counts,
      drawn: counts,
      unknown: counts,
      notApplicable: counts.optional(),
      failures: counts,
      findings: z.array(finding),
    }),
    situations: z.array(count).meta({ description: 'The hashes of abstract cluster states that are kept.' }),
  }),
  witnesses: z.array(z.object({ finding, replay: replay.optional() })),
  regressions: z.object({
    played: count,
    failed: z.array(z.object({ file: z.string(), expected: z.string(), found: z.string() })),
  }),
} satisfies Readonly<Record<keyof SavedCampaign, z.ZodType>>;

/** The JSON Schema of the file. */
export const savedCampaignJsonSchema = (): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(z.object({ schema: z.literal(SCHEMA), version: z.string(), ...fields }), {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
  });

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
