// The bounds of a run: what would fill the memory, or never come to an end, ends the run and is named.
//
// They are far beyond what any cluster that works comes to. They must depend on the steps alone, so that a run and its
// replay end at the same step; and they cost the loop nothing: a look every few thousand steps is enough.

import { MESSAGES_MAX } from './network/network.ts';
import type { Scheduler } from './schedule/scheduler.ts';
import type { World } from './world.ts';

/** What a run may have so many of. */
export const boundTable = {
  messages: { most: MESSAGES_MAX, words: 'messages on their way at once' },
  spells: { most: 10_000, words: 'cuts and slow spells at once' },
  moment: { most: 1_000_000, words: 'steps at one moment of virtual time' },
  events: { most: 4_000_000, words: 'events that wait for their time' },
  calls: { most: 4_000_000, words: 'calls of clients to be judged' },
} as const satisfies Readonly<Record<string, { readonly most: number; readonly words: string }>>;

/** The name of a bound of a run. */
export type BoundName = keyof typeof boundTable;

/** The bound that a run went beyond, and ended at. */
export interface Flood {
  /** Which bound it was. */
  readonly bound: BoundName;
  /** `more than 10 000 cuts and slow spells at once`. */
  readonly words: string;
}

/** So many steps lie between two looks. */
export const LOOK_EVERY = 4096;

export class Bounds {
  private readonly world: World;
  private readonly scheduler: Scheduler;
  private _flood: Flood | undefined = undefined;
  private moment = -1;
  private momentBegan = 0;

  constructor(world: World, scheduler: Scheduler) {
    this.world = world;
    this.scheduler = scheduler;
  }

  /** The first bound that was found exceeded. */
  get flood(): Flood | undefined {
    return this._flood;
  }

  /** Looks whether there is too much of anything now. */
  look(): Flood | undefined {
    const { world } = this;
    if (world.now !== this.moment) {
      this.moment = world.now;
      this.momentBegan = world.steps;
    }
    if (this._flood !== undefined) return this._flood;
    if (world.network.isFlooded) this.exceed('messages');
    else if (world.network.activeFaultCount > boundTable.spells.most) this.exceed('spells');
    else if (world.steps - this.momentBegan > boundTable.moment.most) this.exceed('moment');
    else if (world.sessions.kept > boundTable.calls.most) this.exceed('calls');
    else if ((this.scheduler.eventsWaiting ?? 0) > boundTable.events.most) this.exceed('events');
    return this._flood;
  }

  private exceed(bound: BoundName): void {
    const { most, words } = boundTable[bound];
    this._flood = { bound, words: `more than ${String(most).replace(/\B(?=(?:\d{3})+$)/g, ' ')} ${words}` };
  }
}
