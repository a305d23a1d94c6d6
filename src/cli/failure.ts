// A broken promise as a recipe: what was promised, which facts contradict it, how it came to that, how to see it again.
//
// The facts are the property's own words; the last lines of the trace come from running the same plan once more.

import { clockText, micros } from '../base/ids.ts';
import { propertyTable } from '../run/properties.ts';
import type { BrokenPromise } from '../run/simulate.ts';
import { foldedLine, row, type RowShape } from './layout.ts';
import { grouped } from './units.ts';

export const LAST_LINES = 12;

/** Everything about a violation except how to repeat it. `lines` are the last ones of the trace. */
export function violationLines(
  found: BrokenPromise,
  lines: readonly string[],
  shape: RowShape,
  columns: number,
): string[] {
  const { promise, section, mood } = propertyTable[found.property];
  const when = mood === 'eventually' ? ', at the end of the run' : '';
  return [
    ...row(shape, 'promised', `${promise} (paper: ${section})`),
    ...row(shape, 'found', found.why),
    ...row(shape, 'at', `step ${grouped(found.step)}, ${clockText(micros(found.at))}${when}`),
    ...(lines.length > 0 ? ['', `  ${shape.paint.faint('the last steps')}`] : []),
    ...lines.flatMap((line) => foldedLine(line, columns)),
  ];
}
