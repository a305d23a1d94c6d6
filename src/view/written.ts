// A film as the files of the command line: a trace of its steps, and a scenario that plays them.
//
// Both are made by the library's own writers, so that what a page gives away is read by `raft-sim replay` and
// `raft-sim scenario run`.

import { UsageError } from '../base/errors.ts';
import { traceEnd } from '../run/re-record.ts';
import { recordScenario } from '../scenario/record.ts';
import { decodeTrace, TraceWriter } from '../trace/format.ts';
import type { Film } from './film.ts';
import { seenAtEnd, seenBefore, seenIn } from './seen.ts';

/** The trace of kind `steps`; with states, so that a page can show a Raft that is not ours, and cannot run it. */
export function traceOfFilm(film: Film, version: string, hasStates = film.recorded?.hasStates === true): string {
  const { plan, history, run } = film;
  const before = hasStates ? { seen: seenBefore(film) } : {};
  const writer = new TraceWriter({ kind: 'steps', version, plan, ...before });
  const pieces = [writer.header()];
  for (let step = 1; step <= history.last; step++) {
    const traced = { step, data: history.step(step), fingerprint: history.prints[step] ?? '' };
    pieces.push(writer.step(traced, hasStates ? seenIn(history, step) : undefined));
  }
  pieces.push(writer.end({ ...traceEnd(run), ...(hasStates ? { seen: seenAtEnd(film) } : {}) }));
  return pieces.join('');
}

/** The scenario that takes the same steps; throws a UsageError if they are too many, or of another Raft. */
export function scenarioOfFilm(film: Film, version: string, name: string): string {
  if (film.recorded !== undefined) {
    throw new UsageError(`a story of ${film.recorded.system} is made by raft-sim scenario record, which runs it`);
  }
  return recordScenario(decodeTrace(traceOfFilm(film, version), name), name);
}
