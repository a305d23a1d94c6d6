// Holds what servers logged against every promise that needs no simulator.
//
// A promise whose events nobody told is not applicable; one that some server did not tell all of, or whose log has a
// gap, is unknown. Neither is ever called kept. A promise that is broken is so whatever else is missing.

import type { LoggedKind, LoggedEvent } from './event.ts';
import { loggedPromises, type Contradiction } from './promises.ts';
import { LoggedServer } from './server.ts';

export interface LoggedVerdict {
  readonly property: string;
  readonly outcome: 'kept' | 'broken' | 'unknown' | 'not applicable';
  readonly why: string;
  /** The lines of the two facts. */
  readonly lines: readonly number[];
}

/** Takes events one by one; `verdicts` says what came of it. */
export class Validation {
  readonly servers = new Map<string, LoggedServer>();
  private readonly judges = Object.entries(loggedPromises).map(([name, row]) => ({ name, row, judge: row.make() }));
  private readonly broken = new Map<string, Contradiction>();
  events = 0;

  take(event: LoggedEvent): void {
    this.events++;
    let server = this.servers.get(event.server);
    if (server === undefined) {
      server = new LoggedServer(event.server);
      this.servers.set(event.server, server);
    }
    for (const { name, judge } of this.judges) {
      const finding = this.broken.has(name) ? undefined : judge.event?.(event, server);
      if (finding !== undefined) this.broken.set(name, finding);
    }
    server.take(event);
  }

  verdicts(): LoggedVerdict[] {
    return this.judges.map(({ name, row, judge }) => {
      const finding = this.broken.get(name) ?? judge.end?.();
      if (finding !== undefined) return { property: name, outcome: 'broken', why: finding.why, lines: finding.lines };
      return { property: name, ...this.howFar(row.needs, row.needsLogs === true), lines: [] };
    });
  }

  private howFar(needs: readonly LoggedKind[], needsLogs: boolean): Pick<LoggedVerdict, 'outcome' | 'why'> {
    const all = Array.from(this.servers.values());
    const untold = needs.filter((kind) => kind !== 'truncate' && !all.some(({ kinds }) => kinds.has(kind)));
    if (untold.length > 0) return { outcome: 'not applicable', why: `no server tells of: ${untold.join(', ')}` };
    for (const { name, kinds, gapLine } of all) {
      const missing = needs.filter((kind) => kind !== 'truncate' && !kinds.has(kind));
      if (missing.length > 0) return { outcome: 'unknown', why: `${name} does not tell of: ${missing.join(', ')}` };
      if (needsLogs && gapLine > 0)
        return { outcome: 'unknown', why: `the log of ${name} has a gap at line ${gapLine}` };
    }
    return { outcome: 'kept', why: '' };
  }
}
