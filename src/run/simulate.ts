// `simulate(plan) → run`: the one verb, and the only place that wires node, world, properties and variants together.
//
// A simulation can also be advanced piece by piece, so that its caller can show progress or stop. Watching and
// recording change nothing: the fingerprint is the plan's alone.

import { UsageError } from '../base/errors.ts';
import { logIndex, nodeId, term, type NodeId } from '../base/ids.ts';
import { initialConfiguration, NO_CONFIGURATION } from '../protocol/configuration.ts';
import { NO_OP } from '../protocol/message.ts';
import { withoutRest } from '../base/rest.ts';
import { Random } from '../base/random.ts';
import { Goals, type GoalName } from '../check/goals.ts';
import { capabilities, capabilityTable, type Capability } from '../protocol/capabilities.ts';
import type { Judgement, Property } from '../check/property.ts';
import { freshGhost, Monitor } from '../check/monitor.ts';
import { SYSTEM_ANSWERS, systemAnswers } from '../check/properties/system-answers.ts';
import { paperHandlers } from '../raft/handlers.ts';
import type { NodeOptions } from '../raft/options.ts';
import { paperRules } from '../raft/rules.ts';
import type { Behaviour } from '../raft/state.ts';
import { AdversarialScheduler } from '../sim/schedule/adversarial.ts';
import { Bounds, LOOK_EVERY, type Flood } from '../sim/bounds.ts';
import { keyLifeOf } from '../sim/clients/workload.ts';
import type { Counters } from '../sim/counters.ts';
import { DirectedScheduler, type ByHand } from '../sim/schedule/directed.ts';
import type { Disk } from '../sim/disk/disk.ts';
import type { Host } from '../sim/host.ts';
import type { Recorder } from '../sim/observer.ts';
import type { Process } from '../sim/process.ts';
import type { RunLimits, Scheduler } from '../sim/schedule/scheduler.ts';
import { ScriptedScheduler, type Skipped } from '../sim/schedule/scripted.ts';
import type { Step } from '../sim/step.ts';
import { TimedScheduler } from '../sim/schedule/timed.ts';
import { World } from '../sim/world.ts';
import { exactlyOnce } from '../systems/in-process/key-value-machine.ts';
import { RaftProcess, type NodeRecipe } from '../systems/in-process/raft-process.ts';
import { systemNamed, type System } from '../systems/system.ts';
import { notByHand } from '../systems/best-effort.ts';
import type { Variant } from '../zoo/row.ts';
import { variantTable } from '../zoo/variant.ts';
import type { DiskContents, Plan } from './plan.ts';
import { guarded } from './own-property.ts';
import {
  missingFor,
  propertyNames,
  propertyTable,
  restsOnDisks,
  whyNotPromised,
  type PropertyName,
} from './properties.ts';

/** What a run says of one promise. */
export interface Verdict {
  /** A name of `propertyTable`, or that of a property of one's own. */
  readonly property: string;
  /**
   * unknown: a budget ran out, the run ended too early to tell, or nothing was checked. not applicable: it needs to see
   * what the system does not show, or an option of the node without which it is not promised is off.
   */
  readonly outcome: 'pass' | 'fail' | 'unknown' | 'not applicable';
  /** What was found, in one sentence; empty if the promise is kept. */
  readonly why: string;
}

/** The promises of a run that hold for its options, and were not checked because the system does not show enough. */
export const uncheckedPromises = ({ verdicts, plan }: Pick<Run, 'verdicts' | 'plan'>): string[] =>
  verdicts
    .filter(({ outcome, property }) => outcome === 'not applicable' && whyNotPromised(property, plan) === undefined)
    .map(({ property }) => property);

/** A promise that a run broke, and where. */
export interface BrokenPromise {
  /** A name of `propertyTable`, or that of a property or an observer of one's own. */
  readonly property: string;
  /** The two facts that contradict each other, in one sentence. */
  readonly why: string;
  /** The step that broke it; the last one for promises that are judged at the end. */
  readonly step: number;
  /** Virtual microseconds. */
  readonly at: number;
}

/** What came of a plan. */
export interface Run {
  /** What decided the run. */
  readonly plan: Plan;
  /** How many steps were taken. */
  readonly steps: number;
  /** Virtual microseconds. */
  readonly at: number;
  /** 16 hexadecimal digits: equal for equal runs, on every machine. */
  readonly fingerprint: string;
  /** Of every promise of the plan, of every property of one's own, and of an observer that found something. */
  readonly verdicts: readonly Verdict[];
  /** The promise that ended the run; undefined if all were kept. */
  readonly violation: BrokenPromise | undefined;
  /** What the world counted: messages, writes, faults, calls. */
  readonly counters: Counters;
  /** How often each goal was reached. */
  readonly goals: Readonly<Record<GoalName, number>>;
  /** What the cluster came to. */
  readonly summary: RunSummary;
  /** The bound of a run that this one went beyond, and ended at; see `boundTable`. */
  readonly flood: Flood | undefined;
  /** Steps of the script that could not be taken. */
  readonly skipped: readonly Skipped[];
}

/** What a run came to, in a few numbers. */
export interface RunSummary {
  /** Elections won. */
  readonly leaders: number;
  /** The highest term on any disk. */
  readonly terms: number;
  /** Entries that were committed anywhere. */
  readonly entriesCommitted: number;
  /** Calls that clients began. */
  readonly callsBegun: number;
  /** Calls whose outcome the client knows. */
  readonly callsCompleted: number;
}

/** What was ever committed, by index from 1: the hash of the log up to there. */
export interface Committed {
  /** How many places there are; the first entry stands at 1. */
  readonly length: number;
  /** The hash of the log up to an index. */
  at(index: number): number;
}

/** Who watches a run, or decides it in place of the plan. Nothing here is needed to repeat a run. */
export interface SimulateOptions {
  /** Writes the run down. */
  readonly recorder?: Recorder | undefined;
  /** False: check nothing, for measurements; every verdict is then `unknown`. */
  readonly checks?: boolean;
  /** Take these steps instead of drawing any. */
  readonly script?: readonly Step[] | undefined;
  /** The caller decides what happens, step by step, through `director`; it boots the nodes, too. */
  readonly direct?: ByHand | undefined;
  /** A scheduler of the caller decides what happens. */
  readonly schedule?: ((world: World) => Scheduler) | undefined;
  /** Makes each process in place of our own, of the recipe that ours would have. */
  readonly processOf?: ((id: NodeId, recipe: NodeRecipe) => Process) | undefined;
  /** What the system shows of itself; left out: everything. */
  readonly capabilities?: readonly Capability[];
  /** Properties of one's own, checked behind those of the plan; each has a verdict. */
  readonly properties?: readonly Property[];
  /** Those who only look on; should one find something all the same, the run ends with a violation that names it. */
  readonly observers?: readonly Property[];
}

/**
 * Runs a plan to its end, or to the first broken promise. Synchronous, and repeatable: the plan alone decides the run.
 *
 * @example
 * ```js
 * const run = simulate(makePlan({ seed: '42', variant: 'vote-no-log-check' }));
 * console.log(run.violation?.why ?? 'every promise kept', run.fingerprint);
 * ```
 */
export function simulate(plan: Plan, options: SimulateOptions = {}): Run {
  const simulation = new Simulation(plan, options);
  while (simulation.advance(1_000_000));
  return simulation.finish();
}

/** A run that is advanced piece by piece, so that its caller can show progress or stop it. */
export class Simulation {
  /** What decides the run. */
  readonly plan: Plan;
  /** The simulated world, to look at; changing it ends repeatability. */
  readonly world: World;
  /** Those of the plan by place, undefined for one that is not applicable; then the caller's own. */
  private readonly judges: readonly (Property | undefined)[];
  private readonly shown: readonly Capability[];
  private readonly isChecked: boolean;
  private readonly bounds: Bounds;
  private readonly _goals: Goals;
  private readonly _committed: Committed;
  private scripted: ScriptedScheduler | undefined;
  private directed: DirectedScheduler | undefined;
  private done = false;

  /** Boots the world of a plan; no step is taken yet. */
  constructor(plan: Plan, options: SimulateOptions = {}) {
    if (options.script !== undefined || options.direct !== undefined || options.schedule !== undefined)
      notByHand(plan.system);
    this.plan = plan;
    const world = makeWorld(plan, options.processOf);
    this.world = world;
    const ghost = freshGhost(plan.nodes);
    this._committed = ghost.committed;
    this._goals = new Goals(ghost, plan.node.checkQuorum);
    this.shown = options.capabilities ?? shownBy(world);
    this.isChecked = options.checks !== false;
    const promised = plan.properties.map((name) =>
      this.whyNotApplicable(name) === undefined ? propertyTable[name].make(ghost, world, plan) : undefined,
    );
    const guard = plan.system === undefined ? [] : [systemAnswers()];
    const own = [...guarded(options.properties ?? [], [...propertyNames, this._goals.name, SYSTEM_ANSWERS]), ...guard];
    this.judges = [...promised, ...own];
    const applicable = promised.filter((property) => property !== undefined);
    const watch = this.isChecked
      ? new Monitor(
          ghost,
          [...applicable, this._goals, ...own, ...(options.observers ?? [])],
          world.hosts,
          (name) => world.brokenTrust !== undefined && restsOnDisks(name),
        )
      : undefined;
    world.useWitnesses(watch, options.recorder);
    for (const property of [...applicable, ...own]) property.begin?.(world);
    const scheduler = this.schedulerFor(options);
    this.bounds = new Bounds(world, scheduler);
    world.useScheduler(scheduler);
  }

  private schedulerFor(options: SimulateOptions): Scheduler {
    const { plan, world } = this;
    if (options.script !== undefined) {
      this.scripted = new ScriptedScheduler(world, options.script);
      return this.scripted;
    }
    if (options.direct !== undefined) {
      this.directed = new DirectedScheduler(world, plan.parameters, Random.fromSeed(plan.seed), options.direct);
      return this.directed;
    }
    return options.schedule === undefined ? drawingScheduler(world, plan) : options.schedule(world);
  }

  /**
   * The scheduler that takes steps by hand, of a simulation that was made with `direct`.
   *
   * @throws UsageError of any other simulation.
   */
  get director(): DirectedScheduler {
    if (this.directed === undefined) throw new UsageError('this simulation has no director: ask for it with `direct`');
    return this.directed;
  }

  /** How often each goal was reached so far. */
  get goals(): Readonly<Record<GoalName, number>> {
    return this._goals.counts(this.world.counters);
  }

  /** What was committed so far. */
  get committed(): Committed {
    return this._committed;
  }

  /** Takes at most so many steps; false once the run is over. */
  advance(stepsMax: number): boolean {
    const { world } = this;
    const until = world.steps + stepsMax;
    while (!this.done && world.steps < until) {
      // At the same steps whatever the caller asks for, so that a run and its replay end at the same one.
      const look = world.steps - (world.steps % LOOK_EVERY) + LOOK_EVERY;
      const stop = Math.min(until, look);
      while (!this.done && world.steps < stop) {
        if (!world.next() || world.violation !== undefined) this.done = true;
      }
      if (world.steps === look && this.bounds.look() !== undefined) this.done = true;
    }
    return !this.done;
  }

  /** What the run has too much of now, for those who take its steps one by one. */
  flood(): Flood | undefined {
    return this.bounds.look();
  }

  /** Judges what can be judged only at the end. The run may have been stopped early. */
  finish(): Run {
    return withoutRest(this.judging());
  }

  /** The same in pieces, for a program that has something else to do in between. */
  *judging(): Generator<undefined, Run> {
    const { world, plan } = this;
    // A run ends with its last step: all else that came up had lost its meaning, and no script knows of it.
    world.now = world.lastStepAt;
    const found = world.violation;
    const flood = this.bounds.look();
    const verdicts: Verdict[] = [];
    for (const [i, property] of this.judges.entries()) {
      if (property === undefined) {
        const name = plan.properties[i] as PropertyName;
        verdicts.push({ property: name, outcome: 'not applicable', why: this.whyNotApplicable(name) ?? '' });
        continue;
      }
      if (world.brokenTrust !== undefined && restsOnDisks(property.name)) {
        verdicts.push({
          property: property.name,
          outcome: 'not applicable',
          why: `no Raft survives it: ${world.brokenTrust}`,
        });
        continue;
      }
      const { outcome, why } = found === undefined ? yield* this.judge(property, flood) : judgeAfter(found, property);
      verdicts.push({ property: property.name, outcome, why });
    }
    if (found !== undefined && !this.judges.some((property) => property?.name === found.property)) {
      verdicts.push({ property: found.property, outcome: 'fail', why: found.why });
    }
    const broken = verdicts.find(({ outcome }) => outcome === 'fail');
    const violation =
      broken === undefined
        ? undefined
        : { property: broken.property, why: broken.why, step: world.steps, at: world.lastStepAt };
    return {
      plan,
      steps: world.steps,
      at: world.lastStepAt,
      fingerprint: world.fingerprint.toString(),
      verdicts,
      violation,
      counters: world.counters,
      goals: this.goals,
      summary: this.summary(),
      flood: violation === undefined ? flood : undefined,
      skipped: this.scripted?.skipped ?? [],
    };
  }

  /** What a run has come to so far. */
  summary(): RunSummary {
    const { world } = this;
    let terms = 0;
    for (const host of world.hosts) terms = Math.max(terms, host.disk.hardState.term);
    return {
      leaders: this._goals.leaders,
      terms,
      entriesCommitted: this._committed.length - 1,
      callsBegun: world.sessions.begun,
      callsCompleted: world.sessions.completed,
    };
  }

  private whyNotApplicable(property: PropertyName): string | undefined {
    const missing = missingFor(property, this.shown).map((need) => `${need} (${capabilityTable[need]})`);
    if (missing.length > 0) return `the system does not show ${missing.join(', ')}`;
    return whyNotPromised(property, this.plan);
  }

  private *judge(property: Property, flood: Flood | undefined): Generator<undefined, Judgement> {
    if (!this.isChecked) return { outcome: 'unknown', why: 'nothing was checked' };
    if (property.finishing !== undefined) return yield* property.finishing(this.world);
    yield;
    return property.finish?.(this.world, flood) ?? { outcome: 'pass', why: '' };
  }
}

/** What every process of the world shows. */
function shownBy({ hosts }: World): readonly Capability[] {
  return capabilities.filter((one) => hosts.every(({ process: { shows } }) => shows?.includes(one) ?? true));
}

/** The scheduler that draws what happens next from the seed. */
function drawingScheduler(world: World, plan: Plan): Scheduler {
  const seed = Random.fromSeed(plan.seed);
  const { parameters, scheduler } = plan;
  if (scheduler === undefined) return new TimedScheduler(world, parameters, limitsOf(plan), seed);
  return new AdversarialScheduler(world, parameters, limitsOf(plan), seed, scheduler);
}

/** After a violation nothing more is judged: the run stopped there. */
function judgeAfter(found: { property: string; why: string }, { name, mood }: Property): Judgement {
  if (found.property === name) return { outcome: 'fail', why: found.why };
  if (mood === 'always') return { outcome: 'pass', why: '' };
  return { outcome: 'unknown', why: 'the run stopped at a broken promise' };
}

/** The node of the paper, or with what a variant changes in it. */
function behaviourOf(options: NodeOptions, variant: Pick<Variant, 'rules' | 'handlers'> | undefined): Behaviour {
  const handlers = variant?.handlers?.(paperHandlers);
  return {
    options,
    rules: variant?.rules === undefined ? paperRules : { ...paperRules, ...variant.rules },
    handlers: handlers === undefined ? paperHandlers : { ...paperHandlers, ...handlers },
  };
}

/** Our own node, through the door that every system takes. */
function ownSystem(plan: Plan, processOf: SimulateOptions['processOf']): System {
  const variant: Variant | undefined = plan.variant === null ? undefined : variantTable[plan.variant];
  const { nodes, spares = 0 } = plan;
  const recipe = {
    configuration: initialConfiguration(nodes - spares),
    behaviour: behaviourOf(plan.node, variant),
    sessions: variant?.sessions === undefined ? exactlyOnce : { ...exactlyOnce, ...variant.sessions },
    keyLife: plan.scheduler === undefined ? keyLifeOf(plan.parameters) : Infinity,
  };
  const spare = { ...recipe, configuration: NO_CONFIGURATION };
  const make = processOf ?? ((id: NodeId, of: NodeRecipe): Process => new RaftProcess(id, of));
  return {
    name: 'raft-sim',
    title: 'our own node',
    shows: capabilities,
    makeCluster: () => Array.from({ length: nodes }, (_, i) => make(nodeId(i), i < nodes - spares ? recipe : spare)),
  };
}

function makeWorld(plan: Plan, processOf: SimulateOptions['processOf']): World {
  const { nodes, seed, system, parameters, node } = plan;
  let made: World | undefined;
  const cluster = (system === undefined ? ownSystem(plan, processOf) : systemNamed(system)).makeCluster({
    nodes,
    seed,
    electionTimeoutMin: parameters.electionTimeoutMin,
    electionTimeoutMax: parameters.electionTimeoutMax,
    heartbeatInterval: parameters.heartbeatInterval,
    preVote: node.preVote,
    checkQuorum: node.checkQuorum,
    sessionsMax: node.sessionsMax,
    clockOf: (id) => (made === undefined ? 0 : made.host(id).clock.read(made.now)),
  });
  const world = new World(cluster, plan.spares);
  made = world;
  plan.disks?.forEach((contents, i) => fill((world.hosts[i] as Host).disk, contents));
  return world;
}

/** Writes to a disk what it holds before the first boot. */
function fill(disk: Disk, contents: DiskContents): void {
  if (contents.term === 0) return;
  const hardState = { term: term(contents.term), votedFor: nodeId(contents.votedFor - 1) };
  const entries = contents.log.map((of) => ({ term: term(of), command: NO_OP }));
  disk.issue({ ticket: 0, hardState, compaction: undefined, from: logIndex(entries.length > 0 ? 1 : 0), entries });
  disk.completeOldest();
}

/** The faults end early enough for the cluster to heal, if the run is long enough for both. */
function limitsOf(plan: Plan): RunLimits {
  const { length } = plan;
  if ('steps' in length) {
    return {
      until: Infinity,
      stepsMax: length.steps,
      faultsUntil: Infinity,
      faultStepsMax: Math.floor(length.steps * FAULTY_SHARE),
    };
  }
  const { settle } = plan.parameters;
  const faultsUntil = length.micros >= 2 * settle ? length.micros - settle : Math.floor(length.micros / 2);
  return { until: length.micros, stepsMax: Infinity, faultsUntil, faultStepsMax: Infinity };
}

/** The part of a run counted in steps that has faults. */
const FAULTY_SHARE = 0.8;
