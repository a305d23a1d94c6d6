// The interpreter: one scenario while it is played. Plays steps, takes them on the world, keeps names, looks after
// every step.
//
// After each step of the world the properties are known and the `never` conditions are asked. What ends the story early
// is thrown as a StoryEnded, with its place in the file. Verbs see it as a VerbContext, conditions as a
// ConditionContext.

import type { NodeId } from '../../base/ids.ts';
import { micros, nodeId } from '../../base/ids.ts';
import type { Message } from '../../protocol/message.ts';
import { Random } from '../../base/random.ts';
import type { Plan } from '../../run/plan.ts';
import { Simulation } from '../../run/simulate.ts';
import type { Parameters as Faults } from '../../sim/parameters.ts';
import { STEPS_MAX, type DirectedScheduler, type Filter } from '../../sim/schedule/directed.ts';
import type { Recorder } from '../../sim/observer.ts';
import { LOOK_EVERY } from '../../sim/bounds.ts';
import type { Answer } from '../../sim/process.ts';
import type { Step } from '../../sim/step.ts';
import type { World } from '../../sim/world.ts';
import { mismatches, type Conditions } from '../conditions/conditions.ts';
import type { NamedCall } from '../conditions/facts.ts';
import { matches, patternOf, type MessageTest, type PatternValue, type RawPatterns } from '../conditions/pattern.ts';
import { parseSelector, resolve, type SelectorContext } from '../conditions/selector.ts';
import { fullStep, verbsOf, type RawScenario, type RawStep } from '../schema/schema.ts';
import { isStrict } from '../strict.ts';
import { placed, type Path, type Placed } from '../syntax/source.ts';
import { KEPT_MESSAGES_MAX, Witness, type SentCounts } from '../conditions/witness.ts';
import { parseDuration } from '../../run/quantity.ts';
import { flowText } from '../syntax/write.ts';
import { verbTable, type VerbName } from '../verbs/verbs.ts';
import { faultsOf } from '../verbs/window.ts';
import type { Binding, VerbContext, Window, WrittenStep } from './context.ts';

/** A step that could not be taken. */
export interface SkippedStep {
  readonly path: Path;
  readonly why: string;
}

/** How a story ended before its last step. */
export class StoryEnded extends Error {
  override name = 'StoryEnded';
  /**
   * violated: a property is broken. failed: something is not as expected. mistake: the story makes no sense here.
   * stopped: the caller wants no more of it.
   */
  readonly kind: 'violated' | 'failed' | 'mistake' | 'stopped';
  readonly path: Path;
  readonly expected: string;
  readonly found: string;

  constructor(kind: StoryEnded['kind'], path: Path, expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
    this.kind = kind;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/** What a story is played with besides its plan. */
export interface Playing {
  /** Writes the run down. */
  readonly recorder?: Recorder | undefined;
  /** Called where the story says `show`. */
  readonly show?: ((interpreter: Interpreter, nodes: readonly NodeId[]) => void) | undefined;
  /** Asked after every step of the world: true ends the story there. */
  readonly isStopped?: (() => boolean) | undefined;
}

/** More steps than a story has that was written: a loop in a loop in a loop would never end. */
const STORY_STEPS_MAX = 2_000_000;

export class Interpreter implements VerbContext, SelectorContext {
  readonly plan: Plan;
  readonly simulation: Simulation;
  readonly world: World;
  readonly director: DirectedScheduler;
  readonly witness: Witness;
  readonly skipped: SkippedStep[] = [];
  /** The faults of every window that says nothing else. */
  readonly usualFaults: Faults | undefined;
  private readonly raw: RawScenario;
  private readonly playing: Playing;
  private readonly isStrict: boolean;
  private readonly never: readonly Placed<Conditions>[];
  private readonly dice: Random;
  private readonly names = new Map<string, Binding>();
  private readonly marks = new Map<string, { readonly kept: number; readonly counts: SentCounts }>();
  private readonly sequences = new Map<number, number>();
  private clients: number;
  private puts = 0;
  private storySteps = 0;
  /** Where in the file the story is. */
  private _path: Path = [];
  /** Whether the step that is played may be left out. */
  private isOptional = false;

  constructor(raw: RawScenario, plan: Plan, playing: Playing) {
    const byHand = raw.cluster?.byHand ?? [];
    const { recorder } = playing;
    this.plan = plan;
    this.raw = raw;
    this.playing = playing;
    this.isStrict = isStrict(raw);
    this.usualFaults = faultsOf(raw.faults, plan.parameters);
    this.witness = new Witness(asksForMessages(raw));
    this.never = raw.never === undefined ? [] : placed<Conditions>(raw.never, ['never']);
    this.simulation = new Simulation(plan, {
      recorder,
      direct: {
        writes: byHand.includes('writes'),
        answers: byHand.includes('answers'),
        drops: byHand.includes('drops'),
        crashes: byHand.includes('crashes'),
      },
      observers: [this.witness],
    });
    this.world = this.simulation.world;
    this.director = this.simulation.director;
    this.dice = Random.fromSeed(plan.seed).stream('story');
    this.clients = plan.parameters.clients;
  }

  // ── names and who is meant ─────────────────────────────────────────────────────────────────────────────────────

  get elected(): readonly NodeId[] {
    return this.witness.elections;
  }

  named(name: string): readonly NodeId[] | undefined {
    const group = this.raw.groups?.[name];
    return this.names.get(name)?.nodes ?? (group === undefined ? undefined : this.nodesOf(group));
  }

  draw(n: number): number {
    return this.dice.below(n);
  }

  chance(ppm: number): boolean {
    return this.dice.chance(ppm);
  }

  give(name: string | undefined, binding: Binding): void {
    if (name !== undefined) this.names.set(name, { ...this.names.get(name), ...binding });
  }

  call(name: string): NamedCall | undefined {
    return this.names.get(name)?.call;
  }

  fault(name: string): number | undefined {
    return this.names.get(name)?.fault;
  }

  mark(name: string): void {
    this.marks.set(name, { kept: this.witness.kept.length, counts: this.witness.countsSince() });
  }

  nodesOf(value: string | readonly string[]): NodeId[] {
    const meant = [value].flat().flatMap((text) => resolve(parseSelector(text), this));
    return Array.from(new Set(meant));
  }

  someNodes(value: string | readonly string[]): readonly NodeId[] {
    const nodes = this.nodesOf(value);
    if (nodes.length === 0) this.mistake(`${[value].flat().join(', ')} to be somebody`, 'it is nobody at this moment');
    return nodes;
  }

  oneNode(value: string): NodeId {
    const [node, other] = this.someNodes(value);
    if (other !== undefined) this.mistake(`${value} to be one node`, 'it is several: say `one of` them');
    return node ?? nodeId(0);
  }

  testOf({ nth: _nth, all: _all, from, to, ...fields }: PatternValue): MessageTest {
    return {
      from: from === undefined ? undefined : this.nodesOf(from),
      to: to === undefined ? undefined : this.nodesOf(to),
      fields,
    };
  }

  testsOf(patterns: RawPatterns | undefined): MessageTest[] {
    if (patterns === undefined) return [];
    return [patterns].flat().map((one) => this.testOf(patternOf(one)));
  }

  // ── clients ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The number of a client that is not in use; the first ones belong to the workload. */
  freshClient(): number {
    return this.clients++;
  }

  nextSequence(client: number): number {
    const sequence = (this.sequences.get(client) ?? 0) + 1;
    this.sequences.set(client, sequence);
    if (client >= this.clients) this.clients = client + 1;
    return sequence;
  }

  /** Counts the commands that the story did not choose. */
  nextPut(): number {
    return ++this.puts;
  }

  answersTo({ client, sequence }: NamedCall): readonly Answer[] {
    return this.director.arrived.filter((answer) => answer.client === client && answer.sequence === sequence);
  }

  // ── what conditions ask ────────────────────────────────────────────────────────────────────────────────────────

  sentSince(mark: string | undefined): readonly Message[] {
    const { kept, isFull } = this.witness;
    if (isFull)
      this.mistake(`at most ${KEPT_MESSAGES_MAX} messages in a story that asks for some (sent)`, 'there are more');
    return mark === undefined ? kept : kept.slice(this.marks.get(mark)?.kept ?? 0);
  }

  countsSince(mark: string | undefined): SentCounts {
    return this.witness.countsSince(mark === undefined ? undefined : this.marks.get(mark)?.counts);
  }

  brokenProperty(): string | undefined {
    return this.world.violation?.property;
  }

  /** Ends the story unless the conditions hold. */
  expect(conditions: Conditions, path: Path): void {
    const [first] = mismatches(conditions, this);
    if (first !== undefined) throw new StoryEnded('failed', [...path, ...first.path], first.expected, first.found);
  }

  // ── steps ──────────────────────────────────────────────────────────────────────────────────────────────────────

  get path(): Path {
    return this._path;
  }

  goTo(path: Path, isOptional = false): void {
    this._path = path;
    this.isOptional = isOptional;
  }

  /** Starts every node. */
  boot(): void {
    for (let i = 0; i < this.plan.nodes; i++) this.take({ kind: 'restart', at: micros(0), node: nodeId(i) });
  }

  steps(list: readonly WrittenStep[], path: Path): void {
    for (let i = 0; i < list.length; i++) this.step(fullStep(list[i] as RawStep | VerbName), [...path, i]);
  }

  private step(step: RawStep, path: Path): void {
    const [verb] = verbsOf(step);
    if (verb === undefined) return;
    this.goTo(path, step.optional);
    if (++this.storySteps > STORY_STEPS_MAX) this.mistake(`at most ${STORY_STEPS_MAX} steps`, 'there are more');
    this.stopIfAsked();
    if (step.at !== undefined) this.waitUntil(parseDuration('at', String(step.at)));
    try {
      verbTable[verb].play(this, step[verb] as never, { path, step });
    } catch (error) {
      if (!(step.optional === true && error instanceof StoryEnded && error.kind === 'mistake')) throw error;
    }
  }

  show(nodes: readonly NodeId[]): void {
    this.playing.show?.(this, nodes);
  }

  /** The time of the next step, if it is later than now. */
  private waitUntil(at: number): void {
    if (at > this.world.now) this.world.now = micros(at);
  }

  take(step: Step): boolean {
    const why = this.director.take(step);
    if (why !== undefined) {
      this.skip(why);
      return false;
    }
    this.look();
    this.followUp();
    return true;
  }

  followUp(): void {
    while (this.director.followUp()) this.look();
  }

  /** The last step was played. */
  close(): void {
    if (this.director.takePendingCrash()) this.look();
    this._path = [];
  }

  skip(why: string): void {
    if (this.isOptional) return;
    if (this.isStrict) throw new StoryEnded('failed', this._path, 'a step that can be taken', why);
    this.skipped.push({ path: this._path, why });
  }

  /** Lets time run; true if it was stopped before its end. */
  runWindow(window: Window, stop: () => boolean): boolean {
    const { director, world } = this;
    director.beginWindow(window.until, window.faults, filterOf(window));
    let stopped = stop();
    while (!stopped && director.next()) {
      this.look();
      this.refuse(window.never);
      stopped = stop();
    }
    if (!stopped && world.steps >= STEPS_MAX)
      this.mistake(`at most ${STEPS_MAX} steps of the world`, 'time ran for more');
    director.endWindow(window.faults);
    this.mendAll();
    if (!stopped && window.until > world.now) world.now = micros(window.until);
    return stopped;
  }

  mendAll(): void {
    while (this.director.mend()) this.look();
  }

  /** After every step of the world. */
  private look(): void {
    this.stopIfAsked();
    if (this.world.violation !== undefined) {
      throw new StoryEnded(
        'violated',
        this._path,
        'every promise to be kept',
        `${this.world.violation.property} is broken`,
      );
    }
    if (this.world.steps % LOOK_EVERY === 0) {
      const flood = this.simulation.flood();
      if (flood !== undefined) this.mistake('a story that ends', flood.words);
    }
    this.refuse(this.never);
  }

  private refuse(never: readonly Placed<Conditions>[]): void {
    for (const { item, path } of never) {
      if (mismatches(item, this).length > 0) continue;
      const words = Object.entries(item).map(([word, value]) => `${word} ${flowText(value)}`);
      throw new StoryEnded('failed', path, `never: ${words.join(', ')}`, `it is so after step ${this.world.steps}`);
    }
  }

  failed(expected: string, found: string): never {
    throw new StoryEnded('failed', this._path, expected, found);
  }

  mistake(expected: string, found: string): never {
    throw new StoryEnded('mistake', this._path, expected, found);
  }

  private stopIfAsked(): void {
    if (this.playing.isStopped?.() === true)
      throw new StoryEnded('stopped', this._path, 'the end', 'a signal came first');
  }
}

/** Whether some condition is about the content of messages that were sent. */
function asksForMessages(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key === 'sent' || asksForMessages(inner));
}

function filterOf({ drop, hold }: Window): Filter | undefined {
  if (drop.length === 0 && hold.length === 0) return undefined;
  return (message) => {
    if (drop.some((test) => matches(message, test))) return 'drop';
    return hold.some((test) => matches(message, test)) ? 'hold' : undefined;
  };
}
