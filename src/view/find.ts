// The search of the viewer, in a page and in a terminal alike: the next step whose line holds a text.
//
// It goes round and round, and looks at the lines of the notation only.

import type { History } from './history.ts';

/** The step that is found, `from` itself last; undefined if no step has the text. Case plays no part. */
export function findStep(
  { lines, last }: Pick<History, 'lines' | 'last'>,
  text: string,
  from: number,
  direction: 1 | -1,
): number | undefined {
  const wanted = text.toLowerCase();
  if (wanted === '') return undefined;
  // Before the first step there is nothing to go back to but the end.
  const begun = direction === 1 ? from : Math.max(1, from);
  for (let i = 1; i <= last; i++) {
    const step = ((((begun - 1 + direction * i) % last) + last) % last) + 1;
    if (lines[step]?.toLowerCase().includes(wanted) === true) return step;
  }
  return undefined;
}
