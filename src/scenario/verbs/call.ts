// call, answer: a call and an answer in full, as a trace has them.
//
// Session and number are said, so that a recorded run repeats itself; a story by hand uses propose.

import * as z from 'zod';
import { clientId, micros, nodeName } from '../../base/ids.ts';
import { commandText } from '../syntax/grammar.ts';
import { command, selector, whole } from '../syntax/values.ts';
import { called, operationOf, send } from './calls.ts';
import { noNames, verb } from './verb.ts';

export const call = verb({
  group: 'clients',
  schema: z.strictObject({
    client: called,
    sequence: whole(1, 1_000_000_000).describe('the number of the call in its session'),
    to: selector,
    command,
  }),
  as: 'call',
  meaning: 'A call in full, as a trace has it.',
  example: '- call: { client: 7, sequence: 1, to: n1, command: get x }',
  checkNames: (names, { to }, path) => names.nodes(to, [...path, 'to']),
  play(context, { client, sequence, to, command: written }, { step }) {
    const made = { client: client - 1, sequence, operation: operationOf(context, written) };
    context.give(step.as, { call: made });
    send(context, made, context.oneNode(to), step.effects);
  },
  render: {
    call: ({ client, sequence, node, operation }) => ({
      client: client + 1,
      sequence,
      to: nodeName(node),
      command: commandText(operation) ?? operation,
    }),
  },
});

export const answer = verb({
  group: 'clients',
  schema: z.strictObject({
    client: called,
    number: whole(1, 1_000_000_000).describe('the first, second… answer that was given to this session'),
    lost: z.boolean().optional().describe('it never arrives'),
  }),
  byHand: 'answers',
  meaning: 'An answer arrives at its client, or is lost; for clusters whose answers are given by hand.',
  example: '- answer: { client: 1, number: 1 }',
  checkNames: noNames,
  play(context, { client, number, lost = false }) {
    context.take({ kind: 'answer', at: micros(context.world.now), client: clientId(client - 1), number, lost });
  },
  render: {
    answer: ({ client, number, lost }) => ({ client: client + 1, number, ...(lost ? { lost: true } : {}) }),
  },
});
