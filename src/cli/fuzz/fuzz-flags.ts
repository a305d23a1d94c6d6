// The flags of `fuzz`, and what they mean for a campaign.
//
// What decides a seed's run goes into the input of its draw; everything else (workers, budgets, reporters) decides only
// how many seeds run and what is reported of them.

import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { isEndless, parseRange, parseSeeds, type Range, type RangeForm, type Seeds } from '../../campaign/seeds.ts';
import type { SwarmInput } from '../../campaign/swarm.ts';
import { UnknownWordError } from '../../run/checked.ts';
import { parseOdds } from '../../run/quantity.ts';
import { propertyNames } from '../../run/properties.ts';
import { profileNames } from '../../sim/faults/profile.ts';
import { schedulerNames } from '../../sim/schedule/scheduler.ts';
import {
  addNodeFlags,
  addOutputFlags,
  addParameterFlags,
  fileName,
  nodeOptionsIn,
  type OutputFlags,
  SYSTEM_MEANING,
  type ParameterFlags,
} from '../run/flags.ts';
import { parametersOf, argumentWords } from '../run/input.ts';
import type { QueueAddress } from '../../queue/address.ts';
import { addReporterFlag, type Reporter } from '../ui/reporters.ts';
import { parseCount, parseThreads, parseTime } from './amounts.ts';
import { deadAfterFlag, parseQueue } from './queue-flags.ts';

export interface FuzzFlags extends ParameterFlags, OutputFlags {
  readonly seeds?: Seeds;
  readonly timeBudget?: number;
  readonly maxFailures?: number;
  readonly stopOnFirst?: boolean;
  readonly dryRun?: boolean;
  readonly workers?: number;
  readonly profile?: readonly string[];
  readonly nodes?: Range;
  readonly variant?: string;
  readonly system?: string;
  readonly scheduler?: readonly string[];
  readonly property?: readonly string[];
  readonly checkDeterminism: number;
  readonly shrink: boolean;
  readonly shrinkTime: number;
  readonly shard?: string;
  readonly queue?: QueueAddress;
  /** Seeds of a block on a queue. */
  readonly block: number;
  /** Microseconds. */
  readonly deadAfter: number;
  readonly resume?: boolean;
  readonly force?: boolean;
  /** A file; false: none. */
  readonly config?: string | false;
  readonly replayCorpus?: boolean;
  readonly regressions?: string;
  readonly reports: string;
  readonly reporter?: readonly Reporter[];
}

const FRESH_SEEDS = 1_000_000_000;
const COUNT_MAX = 1_000_000_000;
const BLOCK_MAX = 65_536;
const NODE_RANGE: RangeForm = { most: 9, mayBeEndless: false, examples: '3..7 or 5' };

function parseShare(text: string): number {
  const ppm = parseOdds('--check-determinism', text);
  if (ppm > 1_000_000) throw new UsageError(`--check-determinism is ${text}, expected 0% to 100%`);
  return ppm;
}

/** Collects words of a list, each once. */
const parseNames =
  (what: string, known: readonly string[]) =>
  (text: string, before: readonly string[] = []): readonly string[] => {
    if (!known.includes(text)) throw new UnknownWordError(what, text, known);
    return before.includes(text) ? before : [...before, text];
  };

export function addFuzzFlags(command: Command): Command {
  command
    .optionsGroup('The search:')
    .option(
      '--seeds <seeds>',
      'seeds to run: 1..1000, 5000.., 42 or 1,5,7 (default: from a fresh one on)',
      (text: string) => parseSeeds('--seeds', text),
    )
    .option(
      '--time-budget <time>',
      'begin no more seeds after this real time (default: 1m if the seeds have no end)',
      parseTime('--time-budget'),
    )
    .addOption(
      new Option('--max-failures <n>', 'end when so many seeds have failed, of all nights together')
        .argParser(parseCount('--max-failures', COUNT_MAX))
        .conflicts('stopOnFirst'),
    )
    .option('--stop-on-first', 'end with the first seed that fails, and its batch of 32')
    .option('--workers <n>', 'threads (default: one for each core)', parseThreads)
    .option('--shard <i/n>', 'run only this share of --seeds, such as 3/16; auto: as the environment says')
    .addOption(
      new Option('--queue <redis>', 'deal the seeds to every raft-sim worker on this queue: redis://host:6379')
        .argParser(parseQueue)
        .conflicts('workers'),
    )
    .addOption(
      new Option('--block <seeds>', 'with --queue: so many seeds go to a worker together, in batches of 32')
        .argParser(parseCount('--block', BLOCK_MAX))
        .default(128),
    )
    .addOption(deadAfterFlag())
    .option('--resume', 'go on where the campaign in --reports ended, or was killed')
    .addOption(new Option('--force', 'empty --reports of an earlier campaign, and of nothing else').conflicts('resume'))
    .option(
      '--config <file>',
      'take flags from this file (default: raft-sim.config.*, or package.json)',
      fileName('--config'),
    )
    .option('--no-config', 'take none from a file')
    .addOption(
      new Option('--check-determinism <odds>', 'run this part of the seeds twice')
        .argParser(parseShare)
        .default(10_000, '1%'),
    )
    .option('--dry-run', 'print what each seed draws and run nothing; ten seeds if they have no end')
    .option('--replay-corpus', 'run the scenarios in --regressions and nothing else')
    .option(
      '--regressions <dir>',
      'scenarios that are run first (default: scenarios/regressions, if it is there)',
      fileName('--regressions'),
    );
  command
    .optionsGroup('What a seed may draw:')
    .option('--nodes <range>', 'servers (default: 3..7)', (text: string) => parseRange('--nodes', text, NODE_RANGE))
    .option(
      '--profile <name...>',
      `faults of these profiles instead of drawn ones: ${profileNames.join(', ')}`,
      parseNames('profile', profileNames),
    )
    .option(
      '--scheduler <name...>',
      `only these schedulers: ${schedulerNames.join(', ')}`,
      parseNames('scheduler', schedulerNames),
    )
    .option('--variant <name>', 'hunt this named bug: see raft-sim list variants')
    .option('--system <what>', SYSTEM_MEANING)
    .option(
      '--property <name...>',
      'check only these promises: see raft-sim list properties',
      parseNames('property', propertyNames),
    );
  command
    .optionsGroup('What is found:')
    .option('--no-shrink', 'keep seeds only')
    .addOption(
      new Option('--shrink-time <time>', 'real time for shrinking one failure')
        .argParser(parseTime('--shrink-time'))
        .default(30_000_000, '30s'),
    )
    .option('--reports <dir>', 'where it is kept', fileName('--reports'), 'reports');
  addOutputFlags(addReporterFlag(command)).option('--quiet', 'print only how it ended');
  return addParameterFlags(addNodeFlags(command), () => ' (default: drawn)');
}

/** A campaign without seeds begins somewhere new, so that every night sees other runs. */
export const freshSeed = (): number => randomInt(FRESH_SEEDS);

export function swarmOf(flags: FuzzFlags): SwarmInput {
  return {
    variant: flags.variant,
    system: flags.system,
    profiles: flags.profile,
    nodesMin: flags.nodes?.from,
    nodesMax: flags.nodes?.to,
    schedulers: flags.scheduler,
    parameters: parametersOf(flags),
    node: nodeOptionsIn(flags),
    properties: flags.property,
  };
}

/** The flags that decide what a seed draws, to repeat it. */
export function swarmWords(flags: FuzzFlags): string[] {
  const { variant, system, nodes, profile, scheduler, property } = flags;
  const words: string[] = [];
  if (variant !== undefined) words.push('--variant', variant);
  if (system !== undefined) words.push('--system', system);
  if (nodes !== undefined) words.push('--nodes', `${nodes.from}..${nodes.to}`);
  if (profile !== undefined) words.push('--profile', ...profile);
  if (scheduler !== undefined) words.push('--scheduler', ...scheduler);
  if (property !== undefined) words.push('--property', ...property);
  return [...words, ...argumentWords(nodeOptionsIn(flags), parametersOf(flags))];
}

/** The way back from `swarmWords`. */
export function swarmOfWords(words: readonly string[]): SwarmInput {
  const command = new Command().exitOverride().allowExcessArguments(false);
  return swarmOf(addFuzzFlags(command).parse(words, { from: 'user' }).opts<FuzzFlags>());
}

/** When no more seeds are begun, in milliseconds; undefined: when the seeds are over. */
export function budgetMillis({ timeBudget }: FuzzFlags, seeds: Seeds): number | undefined {
  if (timeBudget !== undefined) return timeBudget / 1000;
  return isEndless(seeds) ? USUAL_BUDGET_MILLIS : undefined;
}

const USUAL_BUDGET_MILLIS = 60_000;
