// The stage: one scenario while it is played. Takes steps on the world, keeps names, looks after every step.
//
// After each step of the world the promises are known and the `never` conditions are asked. Whatever ends the story
// early is thrown as an Ending, with its place in the file.

import type { NodeId } from '../../base/ids.ts';
import { micros, nodeId } from '../../base/ids.ts';
import type { Message } from '../../protocol/message.ts';
import { Random } from '../../base/random.ts';
import type { Plan } from '../../run/plan.ts';
import { Simulation } from '../../run/simulate.ts';
import type { Parameters as Faults } from '../../sim/parameters.ts';
import type { DirectedScheduler, Filter } from '../../sim/schedule/directed.ts';
import type { Recorder } from '../../sim/observer.ts';
import { LOOK_EVERY } from '../../sim/bounds.ts';
import type { Answer } from '../../sim/process.ts';
import type { Step } from '../../sim/step.ts';
import type { World } from '../../sim/world.ts';
import { mismatches, type Conditions } from '../conditions/conditions.ts';
import type { NamedCall } from '../conditions/facts.ts';
import { matches, patternOf, type MessageTest, type PatternValue } from '../conditions/pattern.ts';
import type { ConditionContext } from './scene.ts';
import type { RawScenario } from '../schema/schema.ts';
import { parseSelector, resolve, type Cast } from '../conditions/selector.ts';
import { placed, type Path, type Placed } from '../syntax/source.ts';
import { Witness } from '../conditions/witness.ts';
import { flowText } from '../syntax/write.ts';

/** What a name stands for: whatever of these the step that gave it was about. */
export interface Binding {
  readonly nodes?: readonly NodeId[];
  readonly call?: NamedCall;
  readonly fault?: number;
}

/** A step that could not be taken. */
export interface SkippedStep {
  readonly path: Path;
  readonly why: string;
}

/** How a story ended before its last step. */
export class StoryEnded extends Error {
  override name = 'Ending';
  /** violated: a promise is broken. failed: something is not as expected. mistake: the story makes no sense here. */
  readonly kind: 'violated' | 'failed' | 'mistake';
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

type RawPattern = Parameters<typeof patternOf>[0];
/** One pattern or several, as they were written. */
export type RawPatterns = RawPattern | readonly RawPattern[];

/** How time runs for a while. */
export interface Window {
  readonly until: number;
  readonly faults: Faults | undefined;
  readonly drop: readonly MessageTest[];
  readonly hold: readonly MessageTest[];
  /** What must not be so while it runs. */
  readonly never: readonly Placed<Conditions>[];
}

/** A story remembers each message that was sent: a window of virtual weeks would fill the memory. */
const STEPS_MAX = 4_000_000;

export class Interpreter implements ConditionContext, Cast {
  readonly plan: Plan;
  readonly simulation: Simulation;
  readonly world: World;
  readonly director: DirectedScheduler;
  readonly witness = new Witness();
  readonly skipped: SkippedStep[] = [];
  private readonly raw: RawScenario;
  private readonly never: readonly Placed<Conditions>[];
  private readonly dice: Random;
  private readonly names = new Map<string, Binding>();
  private readonly marks = new Map<string, number>();
  private readonly sequences = new Map<number, number>();
  private clients: number;
  private puts = 0;
  /** Where in the file the story is. */
  private _path: Path = [];
  /** Whether the step that is played may be left out. */
  private isOptional = false;

  constructor(raw: RawScenario, plan: Plan, recorder: Recorder | undefined) {
    const byHand = raw.cluster?.byHand ?? [];
    this.plan = plan;
    this.raw = raw;
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
    this.marks.set(name, this.witness.sentSoFar.length);
  }

  nodesOf(value: string | readonly string[]): NodeId[] {
    const meant = [value].flat().flatMap((text) => resolve(parseSelector(text), this));
    return Array.from(new Set(meant));
  }

  /** The nodes that a step is about; a step about nobody makes no sense. */
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

  /** The number of a client that nobody has used; the first ones belong to the workload. */
  freshClient(): number {
    return this.clients++;
  }

  nextSequence(client: number): number {
    const sequence = (this.sequences.get(client) ?? 0) + 1;
    this.sequences.set(client, sequence);
    if (client >= this.clients) this.clients = client + 1;
    return sequence;
  }

  /** Counts the commands that nobody has chosen. */
  nextPut(): number {
    return ++this.puts;
  }

  answersTo({ client, sequence }: NamedCall): readonly Answer[] {
    return this.director.arrived.filter((answer) => answer.client === client && answer.sequence === sequence);
  }

  // ── what conditions ask ────────────────────────────────────────────────────────────────────────────────────────

  sentSince(mark: string | undefined): readonly Message[] {
    const { sentSoFar } = this.witness;
    return mark === undefined ? sentSoFar : sentSoFar.slice(this.marks.get(mark) ?? 0);
  }

  brokenPromise(): string | undefined {
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

  /** From here on the story is at this place in the file. */
  goTo(path: Path, isOptional = false): void {
    this._path = path;
    this.isOptional = isOptional;
  }

  /** The time of the next step, if it is later than now. */
  waitUntil(at: number): void {
    if (at > this.world.now) this.world.now = micros(at);
  }

  /** Takes a step and what follows from it by itself; a step that is not possible is skipped. */
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
    if (this.director.crashDoomed()) this.look();
    this._path = [];
  }

  skip(why: string): void {
    if (this.isOptional) return;
    if (this.raw.strict === true) throw new StoryEnded('failed', this._path, 'a step that can be taken', why);
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
    director.endWindow(window.faults);
    this.mendAll();
    if (!stopped && window.until > world.now) world.now = micros(window.until);
    return stopped;
  }

  mendAll(): void {
    while (this.director.mend()) this.look();
  }

  /** After every step of the world. */
  look(): void {
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
      if (this.world.steps > STEPS_MAX) this.mistake('a story that ends', `more than ${STEPS_MAX} steps of the world`);
    }
    this.refuse(this.never);
  }

  private refuse(never: readonly Placed<Conditions>[]): void {
    for (const { item, path } of never) {
      if (mismatches(item, this).length > 0) continue;
      const told = Object.entries(item).map(([word, value]) => `${word} ${flowText(value)}`);
      throw new StoryEnded('failed', path, `never: ${told.join(', ')}`, `it is so after step ${this.world.steps}`);
    }
  }

  failed(expected: string, found: string): never {
    throw new StoryEnded('failed', this._path, expected, found);
  }

  /** The story makes no sense here. */
  mistake(expected: string, found: string): never {
    throw new StoryEnded('mistake', this._path, expected, found);
  }

  /** The faults of every window that says nothing else. */
  get usualFaults(): RawScenario['faults'] {
    return this.raw.faults;
  }
}

function filterOf({ drop, hold }: Window): Filter | undefined {
  if (drop.length === 0 && hold.length === 0) return undefined;
  return (message) => {
    if (drop.some((test) => matches(message, test))) return 'drop';
    return hold.some((test) => matches(message, test)) ? 'hold' : undefined;
  };
}
