// `raft-sim fuzz`: a campaign over many seeds, from the known regressions to one small replay for each kind of failure.
//
// The seeds are run by worker threads, so that this thread can count, report and be interrupted. What is found is
// written as whole files only, its checkpoint again and again, and the report depends on the seeds alone.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { BATCH_SEEDS } from '../../campaign/batch.ts';
import { Campaign, type Earlier } from '../../campaign/campaign.ts';
import { parseShard, seedsOfShard, shardText, type Shard } from '../../campaign/shards.ts';
import { drawPlan, planWords } from '../../campaign/swarm.ts';
import type { Regressions } from '../../campaign/regressions.ts';
import { CAMPAIGN_FILE, type Identity } from '../../campaign/saved.ts';
import { isEndless, seedAt, seedCount, seedsText, type Seeds } from '../../campaign/seeds.ts';
import type { CampaignReport } from '../../report/campaign.ts';
import { type ExitCode, exitCodeOfSignal, exits } from '../exit-code.ts';
import { troubleText, tryWriting } from '../ui/files.ts';
import { exitCodeOfReport } from './fuzz-exit.ts';
import { GroupFolders } from './fuzz-files.ts';
import { budgetMillis, freshSeed, swarmOf, swarmWords, type FuzzFlags } from './fuzz-flags.ts';
import { checkUnused, earlierCampaign, emptyFolder, writeCampaign } from './fuzz-folder.ts';
import { checkCorpus, playRegressions, regressionFiles } from './fuzz-regressions.ts';
import { identityOf, regressionsReport, reportOf, SHRINKS_PER_PROPERTY } from './fuzz-report.ts';
import { openPool, type OpenPool } from './fuzz-pool.ts';
import { checkReporters, isTextPrinted, writeReport } from './fuzz-output.ts';
import { regressionLines, standingLine, type FuzzTextOptions } from './fuzz-text.ts';
import { Interruption } from '../ui/interrupt.ts';
import { messageLines } from '../ui/layout.ts';
import { Progress, progressMode } from '../ui/progress.ts';
import { chooseReporters, type Reporter } from '../ui/reporters.ts';
import { realTime as time } from '../ui/real-time.ts';
import { companionLines, shapeOf } from '../ui/summary.ts';
import type { Terminal } from '../ui/terminal.ts';
import { countText } from '../ui/units.ts';
import { programWords, shellText } from '../run/input.ts';

const LINES_EVERY = 30_000;
const SAVED_EVERY = 2_000;

export async function fuzz(flags: FuzzFlags, terminal: Terminal): Promise<ExitCode> {
  const reporters = chooseReporters(flags.reporter ?? [], flags.json === true, {
    'what --resume goes on from': join(flags.reports, CAMPAIGN_FILE),
  });
  const shard = flags.shard === undefined ? { index: 0, count: 1 } : parseShard(flags.shard, terminal.env);
  drawPlan('1', swarmOf(flags)); // flags that no plan can have are refused before anything runs
  regressionFiles(flags.regressions);
  if (flags.dryRun === true) return showPlans(flags, shard, terminal);
  checkReporters(reporters);
  return new FuzzCommand(flags, shard, reporters, terminal).perform();
}

const PLANS_SHOWN = 10;

/** What each seed draws, a line each. */
function showPlans(flags: FuzzFlags, { index, count }: Shard, { out }: Terminal): ExitCode {
  const seeds = flags.seeds ?? { from: freshSeed(), to: Infinity };
  let left = isEndless(seeds) ? PLANS_SHOWN : Infinity;
  for (let place = index * BATCH_SEEDS; place < seedCount(seeds) && left > 0; place++) {
    if (Math.floor(place / BATCH_SEEDS) % count !== index) continue;
    for (const line of messageLines(planWords(drawPlan(String(seedAt(seeds, place)), swarmOf(flags))), out.lineWidth)) {
      out.line(line);
    }
    left--;
  }
  return exits.kept;
}

/** What a campaign is to do, after all flags and files have been read. */
interface Task {
  readonly identity: Identity;
  readonly earlier: Earlier | undefined;
  /** Milliseconds, if there is an end of it. */
  readonly budget: number | undefined;
}

class FuzzCommand {
  private readonly flags: FuzzFlags;
  private readonly shard: Shard;
  private readonly reporters: readonly Reporter[];
  private readonly terminal: Terminal;
  private readonly isText: boolean;
  private readonly interruption: Interruption;
  private pool: OpenPool | undefined = undefined;
  private readonly folders: GroupFolders;
  private readonly begun = time.now();
  /** When the search began: the budget is for seeds, so that some are run however short it is. */
  private searchBegun = time.now();
  private saved = time.now();
  /** Whether everything could be written. */
  private isWhole = true;

  constructor(flags: FuzzFlags, shard: Shard, reporters: readonly Reporter[], terminal: Terminal) {
    this.flags = flags;
    this.shard = shard;
    this.reporters = reporters;
    this.terminal = terminal;
    this.isText = isTextPrinted(reporters);
    this.folders = new GroupFolders(flags.reports, swarmOf(flags));
    this.interruption = new Interruption((signal) => {
      this.pool?.stop();
      terminal.err.line(
        `\n${signal}: the seeds that run are finished, then what was found is told. Once more stops at once.`,
      );
    });
  }

  async perform(): Promise<ExitCode> {
    try {
      if (this.flags.replayCorpus === true) return await this.performRegressions();
      const task = this.task();
      this.tryFolder();
      const regressions = await this.regressions();
      const pool = await openPool(this.flags, this.terminal);
      this.pool = pool;
      return await this.performCampaign(task, regressions, pool);
    } finally {
      await this.pool?.close();
      this.interruption.release();
    }
  }

  /** Reads what came before; everything that can be wrong is reported here. */
  private task(): Task {
    const flags = this.flags;
    const isShared = this.shard.count > 1;
    const { seeds: given, checkDeterminism } = flags;
    const input = { seeds: given, swarmWords: swarmWords(flags), shard: this.shard, checkDeterminism };
    const earlier = flags.resume === true ? earlierCampaign(flags.reports, input) : undefined;
    if (flags.resume !== true && flags.force !== true) checkUnused(flags.reports);
    const seeds = earlier?.identity.seeds ?? flags.seeds;
    if (seeds === undefined && isShared) {
      throw new UsageError(
        '--shard without --seeds, expected the same --seeds for all shards, such as 1..100000 or 1..',
      );
    }
    const identity = identityOf(seeds ?? { from: freshSeed(), to: Infinity }, flags);
    return { identity, earlier, budget: budgetMillis(flags, identity.seeds) };
  }

  private tryFolder(): void {
    const { reports } = this.flags;
    try {
      tryWriting(join(reports, CAMPAIGN_FILE));
      if (this.flags.force === true) emptyFolder(reports);
    } catch (error) {
      throw new UsageError(`cannot write into --reports ${reports}: ${troubleText(error)}`);
    }
  }

  private async performRegressions(): Promise<ExitCode> {
    checkCorpus(this.flags.regressions);
    const regressions = await this.regressions();
    return this.print(regressionsReport(regressions), undefined);
  }

  private async regressions(): Promise<Regressions> {
    const { regressions: folder, quiet } = this.flags;
    const regressions = await playRegressions(folder, this.interruption);
    if (this.isText) {
      const { out } = this.terminal;
      out.lines(regressionLines(regressionsReport(regressions), quiet === true, shapeOf(out)));
    }
    return regressions;
  }

  private async performCampaign(
    { identity, earlier, budget }: Task,
    regressions: Regressions,
    pool: OpenPool,
  ): Promise<ExitCode> {
    const flags = this.flags;
    const { seeds } = identity;
    if (this.isText && flags.quiet !== true) {
      const { out } = this.terminal;
      out.lines(messageLines(this.title(seeds, earlier), out.lineWidth));
      out.lines(companionLines(drawPlan('1', swarmOf(flags)), shapeOf(out)));
    }
    const standing = (phase: 'search' | 'shrink', left: number): string =>
      this.standing(campaign, seeds, earlier, budget, phase === 'shrink' ? left : undefined);
    const save = (): void => this.save(campaign, identity, regressions);
    let [phase, left]: ['search' | 'shrink', number] = ['search', 0];
    const plan = {
      work: { swarm: swarmOf(flags), checkDeterminismPpm: flags.checkDeterminism },
      seeds,
      shard: this.shard,
      findingsMax: flags.stopOnFirst === true ? 1 : (flags.maxFailures ?? Infinity),
      shrinksPerProperty: SHRINKS_PER_PROPERTY,
      shrinkMillis: flags.shrinkTime / 1000,
    };
    const isInterrupted = (): boolean => this.interruption.signal !== undefined;
    const listener = {
      progress: (...now: [phase: 'search' | 'shrink', left: number]): void => {
        [phase, left] = now;
        if (time.now() - this.saved > SAVED_EVERY) save();
      },
      isEnough: () => isInterrupted() || (budget !== undefined && time.now() - this.searchBegun >= budget),
      isInterrupted,
    };
    const campaign = new Campaign(plan, listener, earlier);
    const { err, env } = this.terminal;
    const progress = new Progress(err, progressMode(err, env, flags.quiet === true), () => time.now(), LINES_EVERY);
    /** Ends the search within the batches. */
    const endInTime = (): void => {
      if (phase === 'search' && listener.isEnough()) pool.stop();
    };
    const stopTicking = time.every(100, () => {
      endInTime();
      void progress.tick(() => standing(phase, left));
    });
    let searchMillis = 0;
    try {
      save();
      this.searchBegun = time.now();
      const search = campaign.search(pool);
      endInTime();
      await search;
      searchMillis = time.now() - this.searchBegun;
      save();
      phase = 'shrink';
      if (flags.shrink) await campaign.shrink(pool);
    } finally {
      stopTicking();
      progress.stop();
      save();
    }
    const { statistics, isOver } = campaign;
    if (flags.queue !== undefined && statistics.runs === 0 && !isInterrupted()) {
      throw new UsageError(`no seed was run, expected workers: raft-sim worker --queue ${flags.queue.text}`);
    }
    const report = reportOf(identity, {
      statistics,
      isOver,
      witnesses: campaign.witnesses(),
      missing: [],
      regressions,
    });
    this.folders.draw(report);
    this.trying(flags.reports, () => this.folders.write(report));
    return this.print(report, { millis: time.now() - this.begun, searchMillis, runsNow: runsNow(campaign, earlier) });
  }

  private print(report: CampaignReport, speed: FuzzTextOptions['speed']): ExitCode {
    const { signal } = this.interruption;
    const options: FuzzTextOptions = {
      folderOf: this.folders.folderOf,
      program: shellText(programWords(process.argv[1], process.cwd(), process.env['npm_command'])),
      speed,
      signal,
      isQuiet: this.flags.quiet === true,
      areRegressionsPrinted: true,
    };
    const isWritten = writeReport(report, this.folders.pictures, options, this.reporters, this.terminal);
    if (signal !== undefined) return exitCodeOfSignal(signal);
    const code = exitCodeOfReport(report);
    return code === exits.kept && !(isWritten && this.isWhole) ? exits.mistake : code;
  }

  private save(campaign: Campaign, identity: Identity, regressions: Regressions): void {
    const { reports } = this.flags;
    this.trying(join(reports, CAMPAIGN_FILE), () =>
      writeCampaign(reports, campaign, { identity, shard: this.shard, regressions }),
    );
    this.saved = time.now();
  }

  /** A disk that is full in the middle of the night does not end the search. */
  private trying(file: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      if (this.isWhole) this.terminal.err.line(`raft-sim: cannot write ${file}: ${troubleText(error)}`);
      this.isWhole = false;
    }
  }

  private title(seeds: Seeds, earlier: Earlier | undefined): string {
    const { workers, queue, config = false } = this.flags;
    return [
      'raft-sim fuzz',
      `seeds ${seedsText(seeds)}`,
      ...(this.shard.count > 1 ? [`shard ${shardText(this.shard)}`] : []),
      ...(earlier === undefined ? [] : [`going on behind ${countText(earlier.sum.tally.runs, 'seed')}`]),
      ...swarmWords(this.flags).join(' ').split(' --').map(withoutDashes),
      queue?.text ?? countText(workers ?? availableParallelism(), 'worker'),
      ...(config === false ? [] : [`flags of ${config}`]),
    ]
      .filter((part) => part !== '')
      .join(' · ');
  }

  private standing(
    { statistics: sum }: Campaign,
    seeds: Seeds,
    earlier: Earlier | undefined,
    budget: number | undefined,
    toShrink: number | undefined,
  ): string {
    const before = earlier?.sum.tally;
    const all = seedsOfShard(seedCount(seeds), BATCH_SEEDS, this.shard);
    return standingLine({
      runs: sum.runs,
      runsNow: sum.runs - (before?.runs ?? 0),
      stepsNow: sum.steps - (before?.steps ?? 0),
      situations: sum.clusterStates,
      failures: sum.failures,
      millis: time.now() - this.searchBegun,
      budget,
      seedsNow: isEndless(seeds) ? undefined : all - (before?.runs ?? 0),
      toShrink,
    });
  }
}

const withoutDashes = (text: string): string => text.replace(/^--/, '');

const runsNow = ({ statistics }: Campaign, earlier: Earlier | undefined): number =>
  statistics.runs - (earlier?.sum.tally.runs ?? 0);
