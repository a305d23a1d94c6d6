// The configurations that were ever committed, as the checks know them: of each place, what was first committed there.
//
// Kept for the promises that ask which servers an entry must stay on; nothing is looked at where members are fixed.

import { logIndex, type LogIndex } from '../base/ids.ts';
import { configurationOf, type Configuration } from '../protocol/configuration.ts';
import type { Host } from '../sim/host.ts';

export class CommittedConfigurations {
  /** In order; the first is that of the beginning. */
  private readonly placed: PlacedConfiguration[];
  private seen = 0;

  constructor(first: Configuration) {
    this.placed = [{ index: logIndex(0), configuration: first }];
  }

  /** The last one. */
  get last(): Configuration {
    return (this.placed.at(-1) as PlacedConfiguration).configuration;
  }

  /** The one that was in force at an index that is committed. */
  at(index: LogIndex): PlacedConfiguration {
    let place = this.placed.length - 1;
    while (place > 0 && (this.placed[place] as PlacedConfiguration).index > index) place--;
    return this.placed[place] as PlacedConfiguration;
  }

  /** A server has committed: looks at what nobody had committed before. */
  note(host: Host): undefined {
    const { commitIndex, log } = host.process.probe;
    for (let i = Math.max(this.seen, log.base) + 1; i <= commitIndex && i <= log.lastIndex; i++) {
      const configuration = configurationOf(log.entryAt(logIndex(i)).command);
      if (configuration !== undefined) this.placed.push({ index: logIndex(i), configuration });
    }
    if (commitIndex > this.seen) this.seen = commitIndex;
    return undefined;
  }
}

/** Where a configuration stands, and which it is. */
export interface PlacedConfiguration {
  readonly index: LogIndex;
  readonly configuration: Configuration;
}
