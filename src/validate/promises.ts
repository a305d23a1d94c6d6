// The promises that need no simulator, as a table: what each needs to be told, and what contradicts it.
//
// None of them depends on an order between servers: each compares what was told of terms and indexes, which are the
// clocks of Raft. A promise looks at an event before its server takes it.

import type { LoggedKind, LoggedEvent } from './event.ts';
import type { LoggedServer } from './server.ts';

/** Two facts that contradict each other, with their lines. */
export interface Contradiction {
  readonly why: string;
  readonly lines: readonly number[];
}

type Finding = Contradiction | undefined;

export interface LoggedPromise {
  /** Looks at an event and its server as it was before. */
  readonly event?: (event: LoggedEvent, server: LoggedServer) => Finding;
  /** Looks at what was kept, when everything was told. */
  readonly end?: () => Finding;
}

interface PromiseRow {
  readonly promise: string;
  readonly section: string;
  /** Kinds of events that every server must tell. */
  readonly needs: readonly LoggedKind[];
  /** It needs whole logs. */
  readonly needsLogs?: true;
  readonly make: () => LoggedPromise;
}

const contradiction = (why: string, ...lines: readonly number[]): Contradiction => ({ why, lines });

interface Told {
  readonly server: string;
  readonly line: number;
}

function electionSafety(): LoggedPromise {
  const leaders = new Map<number, Told>();
  return {
    event({ kind, server, line, term = 0, role }) {
      if (kind !== 'role' || role !== 'leader') return undefined;
      const other = leaders.get(term);
      if (other === undefined) leaders.set(term, { server, line });
      else if (other.server !== server) {
        return contradiction(`${server} leads term ${term}, and so does ${other.server}`, other.line, line);
      }
      return undefined;
    },
  };
}

function voteOnce(): LoggedPromise {
  const votes = new Map<string, { readonly for: string; readonly line: number }>();
  return {
    event({ kind, server, line, term = 0, for: whom = '' }) {
      if (kind !== 'vote') return undefined;
      const name = `${term} ${server}`;
      const before = votes.get(name);
      if (before === undefined) votes.set(name, { for: whom, line });
      else if (before.for !== whom) {
        const earlier = `in which it voted for ${before.for}`;
        return contradiction(`${server} votes for ${whom} in term ${term}, ${earlier}`, before.line, line);
      }
      return undefined;
    },
  };
}

function monotonicity(): LoggedPromise {
  const lines = new Map<string, number>();
  return {
    event({ kind, server, line, term, index = 0 }, before) {
      if (term !== undefined && (kind === 'term' || kind === 'role' || kind === 'vote')) {
        if (term < before.term) {
          const since = lines.get(server) ?? line;
          return contradiction(`${server} is in term ${term}, after term ${before.term}`, since, line);
        }
        lines.set(server, line);
      }
      if (kind !== 'commit' || index >= before.commitIndex) return undefined;
      return contradiction(`${server} commits up to ${index}, after ${before.commitIndex}`, line);
    },
  };
}

function leaderAppendOnly(): LoggedPromise {
  return {
    event({ kind, server, line, index = 0 }, { role, term, lastIndex, baseIndex }) {
      if (role !== 'leader' || (kind !== 'truncate' && kind !== 'append')) return undefined;
      if (index > lastIndex || index <= baseIndex) return undefined;
      const verb = kind === 'truncate' ? 'cuts its log at' : 'writes over';
      return contradiction(`${server} leads term ${term} and ${verb} entry ${index}`, line);
    },
  };
}

/** By induction: entries of one index and term are the same, and so are the terms before them. */
function logMatching(): LoggedPromise {
  const known = new Map<
    string,
    Told & { readonly command: string | undefined; readonly previous: number | undefined }
  >();
  return {
    event({ kind, server, line, index = 0, term = 0, command }, before) {
      if (kind !== 'append') return undefined;
      const name = `${index}@${term}`;
      const previous = before.termAt(index - 1);
      const other = known.get(name);
      if (other === undefined) {
        known.set(name, { server, line, command, previous });
        return undefined;
      }
      if (command !== undefined && other.command !== undefined && command !== other.command) {
        const entries = `entry ${name} is ${command} on ${server} and ${other.command} on ${other.server}`;
        return contradiction(entries, other.line, line);
      }
      if (previous === undefined || other.previous === undefined || previous === other.previous) return undefined;
      const terms = `before entry ${name} stands term ${previous} on ${server} and term ${other.previous}`;
      return contradiction(`${terms} on ${other.server}`, other.line, line);
    },
  };
}

/** What is committed or executed at an index is the same on every server. */
function stateMachineSafety(): LoggedPromise {
  const executed = new Map<
    number,
    Told & { readonly term: number | undefined; readonly command: string | undefined }
  >();
  const note = (index: number, told: Told, term: number | undefined, command: string | undefined): Finding => {
    const other = executed.get(index);
    if (other === undefined) {
      executed.set(index, { ...told, term, command });
      return undefined;
    }
    const differs = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;
    if (!differs(term, other.term) && !differs(command, other.command)) {
      const isNews = (other.term ?? term) !== other.term || (other.command ?? command) !== other.command;
      // What the first one did not tell, a later one may.
      if (isNews) executed.set(index, { ...told, term: other.term ?? term, command: other.command ?? command });
      return undefined;
    }
    const here = command === undefined ? `term ${term}` : command;
    const there = command === undefined ? `term ${other.term}` : (other.command ?? `term ${other.term}`);
    const facts = `${told.server} has ${here} at the committed index ${index}, and ${other.server} has ${there}`;
    return contradiction(facts, other.line, told.line);
  };
  return {
    event({ kind, server, line, index = 0, term, command }, before) {
      const told = { server, line };
      if (kind === 'apply') return note(index, told, term, command);
      if (kind !== 'commit') return undefined;
      for (let i = before.commitIndex + 1; i <= index; i++) {
        const entry = before.entries.get(i);
        const finding = entry === undefined ? undefined : note(i, told, entry.term, entry.command);
        if (finding !== undefined) return finding;
      }
      return undefined;
    },
  };
}

interface Elected extends Told {
  readonly term: number;
  readonly lastIndex: number;
  readonly terms: ReadonlyMap<number, number>;
  readonly baseIndex: number;
  /** It tells where its log ends, and of every entry. */
  readonly tellsEnd: boolean;
  readonly tellsAll: boolean;
}

/** A leader holds what was committed in earlier terms: judged at the end, since no order between servers is known. */
function leaderCompleteness(): LoggedPromise {
  const leaders: Elected[] = [];
  const committed = new Map<number, Told & { readonly in: number; readonly term: number | undefined }>();
  return {
    event({ kind, server, line, index = 0, term = 0, role }, before) {
      if (kind === 'role' && role === 'leader' && !(before.role === 'leader' && before.term === term)) {
        const terms = new Map(Array.from(before.entries, ([at, entry]) => [at, entry.term]));
        const { lastIndex, baseIndex, kinds, gapLine } = before;
        const tellsEnd = kinds.has('append') || kinds.has('extent') || kinds.has('snapshot');
        const tellsAll = kinds.has('append') && gapLine === 0;
        leaders.push({ server, line, term, lastIndex, terms, baseIndex, tellsEnd, tellsAll });
      }
      if (kind !== 'commit' || before.term === 0) return undefined;
      for (let i = before.commitIndex + 1; i <= index; i++) {
        const known = committed.get(i);
        if (known !== undefined && known.in <= before.term) continue;
        committed.set(i, { server, line, in: before.term, term: before.termAt(i) });
      }
      return undefined;
    },
    end() {
      for (const leader of leaders) {
        for (const [index, told] of committed) {
          if (told.in >= leader.term || index <= leader.baseIndex) continue;
          const here = leader.terms.get(index);
          const isMissing = here === undefined && (leader.tellsAll || (leader.tellsEnd && index > leader.lastIndex));
          const isOther = here !== undefined && told.term !== undefined && here !== told.term;
          if (!isMissing && !isOther) continue;
          const facts = isMissing ? `without entry ${index}` : `with entry ${index} of term ${here}`;
          const other = `${told.server} committed${isOther ? ` that of term ${told.term}` : ' it'} in term ${told.in}`;
          return contradiction(`${leader.server} leads term ${leader.term} ${facts}; ${other}`, told.line, leader.line);
        }
      }
      return undefined;
    },
  };
}

/** Section 5.4.2: a leader commits by counting only what is of its own term. */
function commitLegitimacy(): LoggedPromise {
  return {
    event({ kind, server, line, index = 0 }, before) {
      if (kind !== 'commit' || before.role !== 'leader') return undefined;
      const term = before.termAt(index);
      if (term === undefined || term === before.term) return undefined;
      const entry = before.entries.get(index)?.line ?? line;
      return contradiction(
        `${server} leads term ${before.term} and commits entry ${index}, which is of term ${term}`,
        entry,
        line,
      );
    },
  };
}

export const loggedPromises: Readonly<Record<string, PromiseRow>> = {
  'election-safety': {
    promise: 'at most one leader a term',
    section: '5.2',
    needs: ['role'],
    make: electionSafety,
  },
  'vote-once': { promise: 'one vote a server and term', section: '5.2', needs: ['vote'], make: voteOnce },
  monotonicity: {
    promise: 'terms never fall, nor does what is committed within a life',
    section: '5.1',
    needs: ['term', 'commit'],
    make: monotonicity,
  },
  'leader-append-only': {
    promise: 'a leader never overwrites or cuts its log',
    section: '5.3',
    needs: ['role', 'append', 'truncate'],
    make: leaderAppendOnly,
  },
  'log-matching': {
    promise: 'entries of one index and term are the same, and so is all before them',
    section: '5.3',
    needs: ['append'],
    needsLogs: true,
    make: logMatching,
  },
  'leader-completeness': {
    promise: 'a leader holds what was committed in earlier terms',
    section: '5.4',
    needs: ['role', 'append', 'commit'],
    needsLogs: true,
    make: leaderCompleteness,
  },
  'commit-legitimacy': {
    promise: 'a leader commits by counting only what is of its own term',
    section: '5.4.2',
    needs: ['role', 'append', 'commit'],
    needsLogs: true,
    make: commitLegitimacy,
  },
  'state-machine-safety': {
    promise: 'what is committed or executed at an index is the same everywhere',
    section: '5.4.3',
    needs: ['commit', 'append'],
    needsLogs: true,
    make: stateMachineSafety,
  },
};
