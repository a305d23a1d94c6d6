// What is known of one server after some of its events: its term, its role, its log as far as it told it.
//
// A log is known from its beginning or from a snapshot on, without gaps; where a gap is, nothing behind it is trusted.

import type { LoggedKind, LoggedEvent } from './event.ts';

export interface LoggedEntry {
  readonly term: number;
  readonly command: string | undefined;
  readonly line: number;
}

export class LoggedServer {
  readonly name: string;
  readonly kinds = new Set<LoggedKind>();
  term = 0;
  role = 'follower';
  commitIndex = 0;
  lastIndex = 0;
  /** The line of the first gap in its log; 0 as long as there is none. */
  gapLine = 0;
  readonly entries = new Map<number, LoggedEntry>();
  /** What a snapshot stands for. */
  base: LoggedEntry | undefined;
  baseIndex = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** The term of an entry, or of what a snapshot ends with; 0 before the first entry; undefined if it is not known. */
  termAt(index: number): number | undefined {
    if (index === 0) return 0;
    if (index === this.baseIndex && this.base !== undefined) return this.base.term;
    return this.entries.get(index)?.term;
  }

  /** Takes an event, after the promises have looked at it. */
  take(event: LoggedEvent): void {
    const { kind, term = 0, index = 0, line } = event;
    this.kinds.add(kind);
    for (const told of event.tells ?? []) this.kinds.add(told);
    switch (kind) {
      case 'restart':
        this.role = 'follower';
        this.commitIndex = 0;
        break;
      case 'term':
      case 'vote':
        if (term > this.term) this.role = 'follower';
        this.term = term;
        break;
      case 'role':
        this.term = term;
        this.role = event.role ?? '';
        break;
      case 'append':
        if (index > this.lastIndex + 1 && this.gapLine === 0) this.gapLine = line;
        for (let i = index; i <= this.lastIndex; i++) this.entries.delete(i);
        this.entries.set(index, { term, command: event.command, line });
        this.lastIndex = index;
        break;
      case 'truncate':
        for (let i = index; i <= this.lastIndex; i++) this.entries.delete(i);
        this.lastIndex = Math.max(0, index - 1);
        break;
      case 'commit':
        this.commitIndex = index;
        break;
      case 'snapshot':
        if (this.termAt(index) !== term) {
          this.entries.clear();
          this.lastIndex = index;
          this.gapLine = 0;
        }
        this.base = { term, command: undefined, line };
        this.baseIndex = index;
        break;
      case 'extent':
        this.lastIndex = index;
        break;
      case 'apply':
      case 'configuration':
      case 'message':
        break;
    }
  }
}
