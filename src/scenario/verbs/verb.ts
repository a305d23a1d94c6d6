// What a verb of the language is: the columns of the table of verbs.
//
// Whatever a check, a message or a page says of a verb comes from its row.

import type { z } from 'zod';

export type VerbGroup = 'time' | 'messages' | 'timers and disks' | 'processes' | 'links' | 'clients' | 'story';

/** What need not happen by itself between two windows of time. */
export const hands = ['boot', 'writes', 'answers', 'drops', 'crashes'] as const;
export type Hand = (typeof hands)[number];

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
  /** What a cluster must leave to the hands of the story for the verb to make sense. */
  readonly byHand?: Hand;
}

export const verbRow = <Schema extends z.ZodType>(verb: Verb<Schema>): Verb<Schema> => verb;
