// What a process finds on its disk when it starts: the persistent state of Figure 2.
//
// The disk has judged every record by its checksum before; nothing here is torn or damaged.

import type { EntryList } from './entry-list.ts';
import type { HardState } from './message.ts';

export interface Recovered {
  readonly hardState: HardState;
  /** The server's own to change. */
  readonly log: EntryList;
}
