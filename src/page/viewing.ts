// What the parts of the page see of the viewer: what is looked at, and what its reader may do.
//
// The viewer is one; parts know it by this only, so that none knows another.

import type { Branch } from '../view/branch.ts';
import type { BranchPlan } from '../view/branch-plan.ts';
import type { MarkedFact } from '../view/facts.ts';
import type { Film } from '../view/film.ts';
import type { ViewChoice } from '../view/fragment.ts';
import type { Interest } from '../view/interest.ts';

/** What a page says of its run besides the run. */
export interface Story {
  readonly title: string;
  readonly why: string;
  readonly command: string;
  readonly version: string;
  /** What stands in front of the choice in the address: the story of a playground; empty otherwise. */
  readonly address: string;
}

export interface Viewing {
  readonly story: Story;
  readonly choice: ViewChoice;
  /** The run. */
  readonly original: Film;
  /** The run or the branch, whichever is looked at. */
  readonly film: Film;
  readonly branch: Branch | undefined;
  readonly branchFilm: Film | undefined;
  readonly facts: readonly MarkedFact[];
  readonly interests: readonly Interest[];
  readonly step: number;
  /** The step that the state is compared with. */
  readonly other: number;
  /** Changes something of the choice. */
  choose(change: Partial<ViewChoice>): void;
  goTo(step: number): void;
  /** The next step of interest in a direction. */
  nextInterest(direction: 1 | -1): void;
  /** Leaves the run behind the step at the cursor, or goes on in the branch that is looked at. */
  branchOff(change: (plan: BranchPlan) => BranchPlan): void;
}
