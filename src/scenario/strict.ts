// Whether a step that cannot be taken fails a story, or is reported and left out.
//
// A story by hand says what happens, so a step that does not is a mistake in it. What a program wrote from a run says
// `strict: false`: on another version a message may be missing, and the rest still shows what it is about. Before that
// field there was, programs wrote a sentence of their own into `why`, by which their files are known.

import type { RawScenario } from './schema/schema.ts';

const WRITTEN_BY_A_PROGRAM = /^Recorded from \S|\bShrunk from \d+ steps of /;

export function isStrict({ strict, why }: Pick<RawScenario, 'strict' | 'why'>): boolean {
  return strict ?? !WRITTEN_BY_A_PROGRAM.test(why.trim().replace(/\s+/g, ' '));
}
