// What a verb of the language is given to play itself.
//
// A verb gets its value, where it stands in the file and what stands beside it; it acts on the stage and nowhere else.

import type { NodeId } from '../../base/ids.ts';
import type { RawStep } from '../schema/schema.ts';
import type { Path } from '../syntax/source.ts';
import type { Interpreter } from './interpreter.ts';
import type { VerbName, VerbValue } from '../verbs/verbs.ts';

export interface VerbContext {
  readonly stage: Interpreter;
  /** Plays a list of steps, one after the other. */
  steps(list: readonly (RawStep | VerbName)[], path: Path): void;
  show(nodes: readonly NodeId[]): void;
}

/** Where a step stands in the file, and what stands beside its verb. */
export interface Spot {
  readonly path: Path;
  readonly step: RawStep;
}

/** How each of some verbs is played. */
export type Verbs<Names extends VerbName> = {
  readonly [verb in Names]: (player: VerbContext, value: VerbValue<verb>, spot: Spot) => void;
};
