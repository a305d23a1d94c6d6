// What a verb of the language is: how its value looks, which names it speaks of, how it is played, how a step of a
// trace is written with it.
//
// All that a schema, a check, a message, the writer of scenarios or a page says of a verb comes from its row. The row
// knows the interpreter only as `VerbContext` shows it.

import type { z } from 'zod';
import type { NodeId } from '../../base/ids.ts';
import type { NodeOptionsInput } from '../../run/node-options.ts';
import type { Step, StepKind } from '../../sim/step.ts';
import type { Conditions } from '../conditions/conditions.ts';
import type { NameScope } from '../conditions/names.ts';
import type { PatternValue } from '../conditions/pattern.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import type { Path } from '../syntax/source.ts';

export type VerbGroup =
  'time' | 'messages' | 'timers and disks' | 'processes' | 'links' | 'clients' | 'members' | 'story';

/** What need not happen by itself between two windows of time. */
export const byHandWords = ['boot', 'writes', 'answers', 'drops', 'crashes'] as const;
export type ByHandWord = (typeof byHandWords)[number];

/** What a verb may ask about names: as conditions do, and about conditions. */
export interface VerbNameScope extends NameScope {
  /** The names in one or several sets of conditions. */
  conditions(value: Conditions | readonly Conditions[] | undefined, path: Path): void;
}

/** The world just before a step of a trace or of a shrunk schedule, as far as the words for the step depend on it. */
export interface Rendering {
  /** The shortest pattern that means this message and no older one. */
  pattern(step: Extract<Step, { readonly number: number; readonly from: unknown }>): string | PatternValue;
  /** Writes of the node that are not durable yet. */
  cachedWrites(node: NodeId): number;
  /** Calls are written with session and number, as a client calls more than once. */
  readonly areCallsInFull: boolean;
}

/** By kind of step: the value of the verb that takes it again; undefined if another verb says it better. */
export type Renderers<Value> = {
  readonly [kind in StepKind]?: (step: Extract<Step, { readonly kind: kind }>, world: Rendering) => Value | undefined;
};

export interface Verb<Schema extends z.ZodType> {
  readonly group: VerbGroup;
  readonly schema: Schema;
  readonly meaning: string;
  /** A step, or several, as YAML. */
  readonly example: string;
  /** Steps that the example needs before it. */
  readonly before?: string;
  /** What the verb means when it stands alone. */
  readonly alone?: z.input<Schema>;
  /** The field that is meant where the value is no mapping. */
  readonly main?: string;
  /** What `as` beside the step names; without it, nothing. A fault of links stands for its nodes as well. */
  readonly as?: 'nodes' | 'call' | 'fault';
  /** The name that is given where the step has no `as`. */
  readonly usualName?: string;
  /** What a cluster must leave to the hands of the story for the verb to make sense. */
  readonly byHand?: ByHandWord;
  /** Switches of the node of which one must be on for the verb to make sense. */
  readonly needs?: readonly (keyof NodeOptionsInput)[];
  /** It takes the steps of `do`. */
  readonly nests?: true;
  /** Something is drawn from the seed, so that the story may go another way with another seed. */
  readonly draws?: true;
  /** Names that the step gives besides the one of `as`. */
  readonly moreNames?: (name: string, value: z.infer<Schema>) => readonly string[];
  /** Checks the names that the value speaks of; all that it gives are known behind it. */
  checkNames(names: VerbNameScope, value: z.infer<Schema>, path: Path): void;
  play(context: VerbContext, value: z.infer<Schema>, place: StepPlace): void;
  /** From a step of a trace to the value of this verb. */
  readonly render?: Renderers<z.input<Schema>>;
}

export const verb = <Schema extends z.ZodType>(row: Verb<Schema>): Verb<Schema> => row;

/** The names in a value that is a selector or a list of them, or a mapping with such a field. */
export function checkNodes(names: NameScope, value: unknown, path: Path): void {
  if (typeof value === 'object' && value !== null && 'node' in value) names.nodes(value.node, [...path, 'node']);
  else names.nodes(value, path);
}

/** A value that speaks of no names. */
export const noNames = (): void => undefined;
