// A broken promise as a recipe: what was promised, which facts contradict it, how it came to that, how to see it again.
//
// The facts are the property's own words; the last lines of the trace come from running the same plan once more.

import { clockText, micros } from '../../base/ids.ts';
import { isPropertyName, propertyTable } from '../../run/properties.ts';
import type { BrokenPromise } from '../../run/simulate.ts';
import { foldedLine, messageLines, printable, row, type RowShape } from './layout.ts';
import type { Channel } from './terminal.ts';
import { groupDigits } from './units.ts';

/** What is promised of a system, beside the promises of Raft. */
const ANSWERS_PROMISED = 'The system answers each question, in time, and in the form that the interface has.';

export const LAST_LINES = 12;

/** Everything about a violation except how it came to that and how to repeat it. */
export function violationLines(found: BrokenPromise, companions: readonly string[], shape: RowShape): string[] {
  const known = isPropertyName(found.property) ? propertyTable[found.property] : undefined;
  const when = known?.mood === 'eventually' ? ', at the end of the run' : '';
  return [
    ...row(shape, 'promised', known === undefined ? ANSWERS_PROMISED : `${known.promise} (paper: ${known.section})`),
    ...row(shape, 'found', found.why),
    ...companions.flatMap((sentence) => row(shape, 'variant', sentence)),
    ...row(shape, 'at', `step ${groupDigits(found.step)}, ${clockText(micros(found.at))}${when}`),
  ];
}

/** The last lines of a trace; folded where they are looked at, whole where they are piped. */
export function lastStepsLines(lines: readonly string[], channel: Channel): string[] {
  if (lines.length === 0) return [];
  return [`  ${channel.paint.faint('the last steps')}`, ...stepLines(lines, channel)];
}

/** Lines of a trace, folded where they are looked at, whole where they are piped. */
export function stepLines(lines: readonly string[], channel: Channel): readonly string[] {
  if (!channel.isTerminal) return lines;
  const columns = (channel.stream.columns ?? 0) || channel.width;
  return lines.flatMap((line) => foldedLine(line, columns));
}

/** The mistakes of a file: what is wrong wraps, the line of the file and its caret stay as they are. */
export const mistakeLines = (lines: readonly string[], width: number): string[] =>
  lines.flatMap((line) => (/:\d+:\d+: /.test(line) ? messageLines(line, width) : [printable(line)]));
