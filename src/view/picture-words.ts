// The words of the picture: what a server became, what happened in a step, as short as a row has room for.
//
// Nothing is measured here; where a word stands is the picture's.

import type { ServerMoment } from './moments.ts';

/** What a server became, as few letters as it takes. */
export function badgeOf(before: ServerMoment, after: ServerMoment): string {
  if (after.status === 'down') return '';
  if (after.role === 'unknown') return after.term > before.term ? `term ${after.term}` : '';
  if (after.role !== before.role || (after.term !== before.term && after.role !== 'follower')) {
    return `${after.role} ${after.term}`;
  }
  if (after.term !== before.term) return `term ${after.term}`;
  if (after.base > before.base) return `snapshot ${after.base}`;
  if (after.configuration !== before.configuration) return `voters ${after.configuration?.voters.length}`;
  return after.commitIndex > before.commitIndex ? `✓${after.commitIndex}` : '';
}

/** Whether the lane of a server looks the same. */
export const looksAlike = (a: ServerMoment, b: ServerMoment): boolean =>
  a.role === b.role &&
  a.term === b.term &&
  a.status === b.status &&
  a.unservable === b.unservable &&
  a.life === b.life &&
  a.clock.ratePpm === b.clock.ratePpm;

/** A line of the notation without its number and its time. */
export const restOfLine = (line: string): string => line.replace(/^\s*#\d+\s+\S+\s\s/, '').replace(/ {2,}/g, '  ');

/** The same for a page, which has only the fonts of its reader. */
export const plainLine = (line: string | undefined): string => plainSigns(restOfLine(line ?? ''));

/** The sign of timers is in few fonts, and a coloured picture in some. */
export const plainSigns = (text: string): string => text.replaceAll('⏲', '◔');

/** A text of so many letters at most. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
