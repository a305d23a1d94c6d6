// mark: a point in the story from which messages are counted.
//
// The conditions `sent` and `messages` name it with `since`.

import { name } from '../syntax/values.ts';
import { verb } from './verb.ts';

export const mark = verb({
  group: 'story',
  schema: name,
  meaning: 'A point in the story from which messages can be counted.',
  example: '- mark: before',
  checkNames: (names, value) => names.give('mark', value),
  play: (context, value) => context.mark(value),
});
