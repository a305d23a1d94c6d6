// What a process finds on its disk when it starts: the persistent state of Figure 2.
//
// The disk has judged every record by its checksum before; nothing here is torn or damaged.

import type { EntryList } from './entry-list.ts';
import type { HardState } from './message.ts';
import type { Snapshot } from './snapshot.ts';

export interface Recovered {
  readonly hardState: HardState;
  /** What stands for the entries that the log no longer has. */
  readonly snapshot: Snapshot | undefined;
  /** The server's own to change. */
  readonly log: EntryList;
}
