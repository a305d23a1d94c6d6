// What a system says that it shows, as words of the table of capabilities.
//
// What it applies and answers, and that it fails, the simulator sees by itself: these every system shows.

import { capabilities, type Capability } from '../../protocol/capabilities.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';

const ALWAYS_SHOWN: readonly Capability[] = ['applied', 'clients', 'exceptions'];

/** The capabilities of these names, with those that every system has. */
export function shownIn(words: readonly string[]): readonly Capability[] {
  const unknown = words.find((word) => !(capabilities as readonly string[]).includes(word));
  if (unknown !== undefined) {
    throw new SystemTrouble(`"shows" holds ${JSON.stringify(unknown)}, expected words of ${capabilities.join(', ')}`);
  }
  return capabilities.filter((one) => words.includes(one) || ALWAYS_SHOWN.includes(one));
}
