// The topics of `list` and `explain`, and what there is to say of one item.
//
// What the items are, the catalog knows.

/** Every topic, and what its items are. */
export const topicTable = {
  properties: 'the promises that are checked after every step',
  faults: 'what can go wrong, and the shapes of a partition',
  profiles: 'named sets of faults',
  variants: 'nodes with a named bug',
  goals: 'situations that a run may get to',
  parameters: 'numbers of the simulated world, each with its flag',
  options: 'what a node does or does not do, each with its flag',
  schedulers: 'who decides what happens next',
  verbs: 'what a step of a scenario can be',
  conditions: 'what a scenario can expect',
  groups: 'names for the nodes that a step is about',
} as const;
export type Topic = keyof typeof topicTable;

export const topics: readonly Topic[] = Object.keys(topicTable) as Topic[];

export interface Fact {
  readonly key: string;
  readonly label: string;
  readonly value: string | readonly string[];
}

export interface Item {
  readonly topic: Topic;
  /** What it is, in a word: `property`, `cut shape`. */
  readonly kind: string;
  readonly name: string;
  /** Other names that it is found by. */
  readonly aliases?: readonly string[];
  readonly meaning: string;
  readonly group: string | undefined;
  readonly facts: readonly Fact[];
}
