// Which messages on their way a step means: found when it is played, oldest first.
//
// A pattern that means none is a step that cannot be taken, and the reason says what it could have meant.

import { nodeName } from '../../base/ids.ts';
import type { OnItsWay } from '../../sim/schedule/scripted.ts';
import { choose, patternOf, patternText, type RawPatterns } from '../conditions/pattern.ts';
import type { VerbContext } from '../interpreter/context.ts';

const SHOWN_MAX = 5;

/** What a step could have meant, in words that it understands. */
function onTheirWayText(waiting: readonly OnItsWay[]): string {
  const shown = waiting
    .slice(0, SHOWN_MAX)
    .map(({ message: { from, to, kind } }) => `${nodeName(from)} -> ${nodeName(to)} ${kind}`);
  const more = waiting.length - shown.length;
  if (shown.length === 0) return 'nothing is';
  return `on their way: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The messages that a step means. */
export function meantBy(
  context: VerbContext,
  patterns: RawPatterns,
  fits: (found: OnItsWay) => boolean = () => true,
): OnItsWay[] {
  return [patterns].flat().flatMap((raw) => {
    const value = patternOf(raw);
    const waiting = context.director.onTheirWay().filter(fits);
    const found = choose(waiting, context.testOf(value), value);
    if (found.length === 0 && value.all !== true) {
      context.skip(`${patternText(value)} is not on its way; ${onTheirWayText(waiting)}`);
    }
    return found;
  });
}
