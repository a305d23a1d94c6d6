// repeat, for each, maybe: the steps of `do`, several times, for each of some nodes, or by chance.
//
// None of them moves the world by itself.

import { parseOdds } from '../../run/quantity.ts';
import { nodes, oddsValue, whole } from '../syntax/values.ts';
import { noNames, verb } from './verb.ts';

export const repeat = verb({
  group: 'story',
  schema: whole(1, 100_000),
  nests: true,
  meaning: 'Takes the steps of `do` so many times.',
  example: '- repeat: 3\n  do: [{ propose: put x 1 }, exchange]',
  checkNames: noNames,
  play(context, times, { path, step }) {
    for (let i = 0; i < times; i++) context.steps(step.do ?? [], [...path, 'do']);
  },
});

const NODE = 'node';

export const forEach = verb({
  group: 'story',
  schema: nodes,
  as: 'nodes',
  usualName: NODE,
  nests: true,
  meaning: 'Takes the steps of `do` once for each of these nodes, which `as` names (default: node).',
  example: '- for each: followers\n  do: [{ crash: node }, { restart: node }]',
  checkNames: (names, value, path) => names.nodes(value, path),
  play(context, value, { path, step }) {
    for (const node of context.someNodes(value)) {
      context.give(step.as ?? NODE, { nodes: [node] });
      context.steps(step.do ?? [], [...path, 'do']);
    }
  },
});

export const maybe = verb({
  group: 'story',
  schema: oddsValue,
  nests: true,
  draws: true,
  meaning: 'Takes the steps of `do` with this probability, drawn from the seed.',
  example: '- maybe: 50%\n  do: [{ crash: n2 }]',
  checkNames: noNames,
  play(context, value, { path, step }) {
    if (context.chance(parseOdds('maybe', String(value)))) context.steps(step.do ?? [], [...path, 'do']);
  },
});
