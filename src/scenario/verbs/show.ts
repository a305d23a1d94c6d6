// show: what some nodes are at this point, for the reader of the output.
//
// It may be about no node at all: then nothing is shown.

import { nodes } from '../syntax/values.ts';
import { verb } from './verb.ts';

export const show = verb({
  group: 'story',
  schema: nodes,
  meaning: 'Shows these nodes at this point, where one file is run, or with --show.',
  example: '- show: all',
  alone: 'all',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: (context, value) => context.show(context.nodesOf(value)),
});
