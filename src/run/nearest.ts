// The right word that a wrong one was probably meant to be.
//
// A suggestion that is far off is worse than none: the words must share half of their letters.

import { closest, distance } from 'fastest-levenshtein';

/** The nearest of the right words, or undefined if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const wrong = word.toLowerCase();
  const beginning = wrong.length < 3 ? [] : candidates.filter((candidate) => candidate.toLowerCase().startsWith(wrong));
  if (beginning.length === 1) return beginning[0];
  const best = closest(wrong, candidates);
  const letters = Math.max(wrong.length, best.length);
  return distance(wrong, best) <= Math.max(1, Math.floor(letters * 0.5)) ? best : undefined;
}
