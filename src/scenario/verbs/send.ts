// send: a message is put on its way that its sender never sent, by hand.
//
// What a server with a bug sends, or a network makes of a message, without a server that has the bug. What is promised
// holds for servers that follow the rules: a message may break a promise, and the story then says so.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { handWrittenKinds, saidOf, writtenMessage, type SaidField } from '../../protocol/messages/hand-written.ts';
import type { FieldName, FieldRow } from '../../protocol/messages/row.ts';
import { messageFields } from '../../protocol/messages/text.ts';
import { UnknownWordError } from '../../run/checked.ts';
import { termOf } from '../conditions/facts.ts';
import { logText, parseLog } from '../syntax/grammar.ts';
import { log, nodes, read, selector, whole } from '../syntax/values.ts';
import { verb } from './verb.ts';

const NUMBER_MAX = 1_000_000_000;

const allFields = new Map<FieldName, FieldRow>(handWrittenKinds.flatMap(messageFields));

const schemaOf = ({ type, meaning }: FieldRow) =>
  (type === 'entries' ? log : type === 'flag' ? z.boolean() : whole(0, NUMBER_MAX)).optional().describe(meaning);

const fieldSchemas = Object.fromEntries(Array.from(allFields, ([name, row]) => [name, schemaOf(row)])) as {
  readonly [name in FieldName]?: z.ZodOptional<z.ZodType<boolean | number | string>>;
};

const anyMessage = z.strictObject({
  from: selector.describe('who is said to have sent it'),
  to: nodes.describe('whom it is for; one each'),
  kind: z.enum(handWrittenKinds).describe('its kind'),
  term: whole(0, NUMBER_MAX).optional().describe('its term (default: that of its sender now)'),
  ...fieldSchemas,
});

/** A field of another kind would be lost without a word. */
function refuseOtherFields({ kind, from: _from, to: _to, term: _term, ...fields }: z.input<typeof anyMessage>): void {
  const own = messageFields(kind).map(([name]) => name as string);
  const odd = Object.keys(fields).find((name) => !own.includes(name));
  if (odd !== undefined) throw new UnknownWordError(`field of ${kind}`, odd, own);
}

export const sendByHand = verb({
  group: 'messages',
  schema: anyMessage.superRefine(read(refuseOtherFields)),
  meaning:
    'Puts a message on its way that no server sent, and perhaps no correct one would; what is not said of it is 0, ' +
    'false or empty.',
  example: '- send: { from: n1, to: n3, kind: TimeoutNow, term: 9 }',
  checkNames(names, { from, to }, path) {
    names.nodes(from, [...path, 'from']);
    names.nodes(to, [...path, 'to']);
  },
  play(context, { from, to, kind, term, ...fields }) {
    const { world } = context;
    const sender = context.oneNode(from);
    const said = fields as { readonly [name in FieldName]?: string | number | boolean };
    for (const receiver of context.someNodes(to)) {
      const head = { kind, from: sender, to: receiver, term: term ?? termOf(world.host(sender)) };
      const message = writtenMessage(head, (name, { type }): SaidField => {
        const value = said[name];
        return type === 'entries' ? parseLog(String(value ?? '')) : (value as SaidField);
      });
      context.take({ kind: 'send', at: world.now, message });
    }
  },
  render: {
    send: ({ message }) => ({
      from: nodeName(message.from),
      to: nodeName(message.to),
      kind: message.kind,
      term: message.term,
      ...Object.fromEntries(
        saidOf(message).map(([name, value]) => [name, Array.isArray(value) ? logText(value as number[]) : value]),
      ),
    }),
  },
});
