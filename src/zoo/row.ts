// What a row of the zoo says: a real bug of a real Raft, as our node with one rule changed from outside.
//
// A variant names the rule that it changes, the property that its damage breaks, and those that see it coming. Where a
// correct companion rule would hide the bug, the variant says which one it switches off.

import type { NodeOptions } from '../raft/options.ts';
import type { Rules } from '../raft/rules.ts';
import type { Handlers } from '../raft/state.ts';
import type { Parameters } from '../sim/parameters.ts';
import type { SchedulerName } from '../sim/schedule/scheduler.ts';
import type { ProfileName } from '../sim/faults/profile.ts';
import type { SessionRules } from '../systems/in-process/key-value-machine.ts';

export interface Variant {
  /** What the faulty code does. */
  readonly fault: string;
  readonly section: string;
  /** The property that it breaks in the end. */
  readonly breaks: string;
  /** Properties that may notice earlier, or that other damage breaks first. */
  readonly noticedBy: readonly string[];
  /** Where the damage shows soonest; without it, under `chaos` with five nodes. */
  readonly hunt?: {
    readonly nodes?: number;
    /** How many of them start as members of nothing. */
    readonly spares?: number;
    readonly profile?: ProfileName;
    /** An adversary, where time alone hardly ever brings it about. */
    readonly scheduler?: Exclude<SchedulerName, 'timed'>;
    readonly parameters?: Partial<Parameters>;
  };
  /** Where it was seen. */
  readonly sources: readonly string[];
  readonly rules?: Partial<Rules>;
  /** Handlers around, or instead of, the paper's. */
  readonly handlers?: (paper: Handlers) => Partial<Handlers>;
  readonly sessions?: Partial<SessionRules>;
  /** Companions that hide the bug, switched off. */
  readonly options?: Partial<NodeOptions>;
}
