// What conditions may see of a running scenario: the world, and what its names mean now.
//
// They know no more of the interpreter than this, and change nothing through it.

import type { NodeId } from '../../base/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { Simulation } from '../../run/simulate.ts';
import type { DirectedScheduler } from '../../sim/schedule/directed.ts';
import type { Answer } from '../../sim/process.ts';
import type { World } from '../../sim/world.ts';
import type { NamedCall } from '../conditions/facts.ts';
import type { MessageTest, PatternValue } from '../conditions/pattern.ts';
import type { SentCounts } from '../conditions/witness.ts';

export interface ConditionContext {
  readonly simulation: Simulation;
  readonly world: World;
  readonly director: DirectedScheduler;
  /** The nodes that are meant now; there may be none. */
  nodesOf(value: string | readonly string[]): readonly NodeId[];
  /** The call behind a name; undefined if no step gave a call this name. */
  call(name: string): NamedCall | undefined;
  /** Answers to a call that arrived. */
  answersTo(call: NamedCall): readonly Answer[];
  testOf(value: PatternValue): MessageTest;
  /** Messages sent since a mark, or since the beginning. */
  sentSince(mark: string | undefined): readonly Message[];
  /** How many of each kind were sent since a mark, or since the beginning. */
  countsSince(mark: string | undefined): SentCounts;
  /** The property that is broken. */
  brokenProperty(): string | undefined;
}
