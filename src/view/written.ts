// A film as the files of the command line: a trace of its steps, and a scenario that plays them.
//
// Both are made by the library's own writers, so that what a page gives away is read by `raft-sim replay` and
// `raft-sim scenario run`.

import { traceEnd } from '../run/re-record.ts';
import { recordScenario } from '../scenario/record.ts';
import { decodeTrace, TraceWriter } from '../trace/format.ts';
import type { Film } from './film.ts';

/** The trace of kind `steps`. */
export function traceOfFilm({ plan, history, run }: Film, version: string): string {
  const writer = new TraceWriter({ kind: 'steps', version, plan });
  const pieces = [writer.header()];
  for (let step = 1; step <= history.last; step++) {
    pieces.push(writer.step({ step, data: history.step(step), fingerprint: history.prints[step] ?? '' }));
  }
  pieces.push(writer.end(traceEnd(run)));
  return pieces.join('');
}

/** The scenario that takes the same steps; throws a UsageError if they are too many. */
export const scenarioOfFilm = (film: Film, version: string, name: string): string =>
  recordScenario(decodeTrace(traceOfFilm(film, version), name), name);
