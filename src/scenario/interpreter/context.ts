// What a verb of the language is given to play itself: the interpreter, as verbs see it.
//
// A verb gets its value, where it stands in the file and what stands beside it; it acts through this and nowhere else.

import type { NodeId } from '../../base/ids.ts';
import type { Plan } from '../../run/plan.ts';
import type { Parameters as Faults } from '../../sim/parameters.ts';
import type { Step } from '../../sim/step.ts';
import type { Conditions } from '../conditions/conditions.ts';
import type { NamedCall } from '../conditions/facts.ts';
import type { MessageTest, RawPatterns } from '../conditions/pattern.ts';
import type { Path, Placed } from '../syntax/source.ts';
import type { ConditionContext } from './condition-context.ts';

/** What a name stands for: those of these that the step that gave it was about. */
export interface Binding {
  readonly nodes?: readonly NodeId[];
  readonly call?: NamedCall;
  readonly fault?: number;
}

/** How time runs for a while. */
export interface Window {
  readonly until: number;
  readonly faults: Faults | undefined;
  readonly drop: readonly MessageTest[];
  readonly hold: readonly MessageTest[];
  /** What must not be so while it runs. */
  readonly never: readonly Placed<Conditions>[];
}

/** A step as it was written: a verb that stands alone, or a mapping. */
export type WrittenStep = string | object;

/** What may stand beside the verb of a step. */
export interface Modifiers {
  readonly as?: string | undefined;
  readonly effects?: number | undefined;
  readonly do?: readonly WrittenStep[] | undefined;
}

/** Where a step stands in the file, and what stands beside its verb. */
export interface StepPlace {
  readonly path: Path;
  readonly step: Modifiers;
}

export interface VerbContext extends ConditionContext {
  readonly plan: Plan;

  // ── names and who is meant ───────────────────────────────────────────────────────────────────────────────────────

  /** The nodes that a step is about; a step about no node is a mistake. */
  someNodes(value: string | readonly string[]): readonly NodeId[];
  /** The one node that a step is about; none and several are mistakes. */
  oneNode(value: string): NodeId;
  testsOf(patterns: RawPatterns | undefined): MessageTest[];
  give(name: string | undefined, binding: Binding): void;
  /** The number of the fault of links behind a name. */
  fault(name: string): number | undefined;
  mark(name: string): void;
  /** Drawn from the seed. */
  chance(ppm: number): boolean;

  // ── clients ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The number of a client that no step has used; the first ones belong to the workload. */
  freshClient(): number;
  nextSequence(client: number): number;
  /** Counts the commands that no step has chosen. */
  nextPut(): number;

  // ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes a step and what follows from it by itself; a step that is not possible is skipped, and false. */
  take(step: Step): boolean;
  /** Takes what follows by itself from the steps before. */
  followUp(): void;
  /** Says that the step cannot be taken: a failure of a strict story, reported by any other. */
  skip(why: string): void;
  /** Plays a list of steps, one after the other. */
  steps(list: readonly WrittenStep[], path: Path): void;
  show(nodes: readonly NodeId[]): void;

  // ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The faults of a window that names none. */
  readonly usualFaults: Faults | undefined;
  /** Lets time run; true if it was stopped before its end. */
  runWindow(window: Window, stop: () => boolean): boolean;
  /** Mends all that is due to be mended. */
  mendAll(): void;

  // ── how a story ends early ───────────────────────────────────────────────────────────────────────────────────────

  /** Ends the story unless the conditions hold. */
  expect(conditions: Conditions, path: Path): void;
  /** What is reported from here on stands at this place in the file. */
  goTo(path: Path): void;
  failed(expected: string, found: string): never;
  /** The story makes no sense here. */
  mistake(expected: string, found: string): never;
}
