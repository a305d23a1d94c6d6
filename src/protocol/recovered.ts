// What a process finds on its disk when it starts: the persistent state of Figure 2.
//
// The disk has judged every record by its checksum before; nothing here is torn or damaged, unless the server chose to
// believe it.

import type { LogIndex } from '../base/ids.ts';
import type { EntryList } from './entry-list.ts';
import type { HardState } from './message.ts';
import type { Snapshot } from './snapshot.ts';

/** How a record that was synced can go wrong: bits flip, another record was written over it, or it never got there. */
export const damageKinds = ['flipped', 'misplaced', 'lost'] as const;
export type DamageKind = (typeof damageKinds)[number];

/** A synced record that fails its check; index 0 is the record of term and vote, or all of a disk that is empty. */
export interface Damage {
  readonly index: LogIndex;
  readonly kind: DamageKind | 'wiped';
}

/** What a server does about a damaged record: it does not serve, it cuts the log there, or it takes what it reads. */
export type Remedy = 'stay away' | 'cut' | 'believe';

export interface Recovered {
  readonly hardState: HardState;
  /** What stands for the entries that the log no longer has. */
  readonly snapshot: Snapshot | undefined;
  /** The server's own to change. */
  readonly log: EntryList;
}
