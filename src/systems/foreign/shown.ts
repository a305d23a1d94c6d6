// What a system says that it shows, as words of the table of capabilities.
//
// What it applies and answers, and that it fails, the simulator sees by itself: these every system shows. What its
// messages say, field by field, only our own node can show: a system that claims to is refused.

import { capabilities, type Capability } from '../../protocol/capabilities.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';

const ALWAYS_SHOWN: readonly Capability[] = ['applied', 'clients', 'exceptions'];
const NEVER_SHOWN: Capability = 'contents';
const possible: readonly Capability[] = capabilities.filter((one) => one !== NEVER_SHOWN);

/** The capabilities of these names, with those that every system has. */
export function shownIn(words: readonly string[]): readonly Capability[] {
  const unknown = words.find((word) => !(possible as readonly string[]).includes(word));
  if (unknown !== undefined) {
    throw new SystemTrouble(`"shows" holds ${JSON.stringify(unknown)}, expected words of ${possible.join(', ')}`);
  }
  return possible.filter((one) => words.includes(one) || ALWAYS_SHOWN.includes(one));
}
