// Which message is meant: by its link, kind and content; the oldest one that matches first.
//
// Content is named by the fields of the paper's Figure 2. A replay on another version finds the message that has the
// same meaning, also if other messages were sent before it.

import * as z from 'zod';
import type { NodeId } from '../../base/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { FieldName, FieldRow, MessageFieldType, FlagName, TextName } from '../../protocol/messages/row.ts';
import { messageKinds, messageRows } from '../../protocol/messages/table.ts';
import { aliases, messageFields, isCalled, messageNames, valueOf } from '../../protocol/messages/text.ts';
import { UsageError } from '../../base/errors.ts';
import { UnknownWordError } from '../../run/checked.ts';
import type { OnItsWay } from '../../sim/schedule/scripted.ts';
import { isAmount, parseAmount, parseEnds } from '../syntax/grammar.ts';
import { amount, nodes, read, whole } from '../syntax/values.ts';

/** `leader -> n2 AppendEntries` as its parts; an end may be missing (`-> n2`, `n1 ->`). */
export function parsePatternText(text: string): PatternValue {
  if (text.trim() === 'all') return { all: true };
  const words = text.trim().split(/\s+/);
  const last = words.at(-1) ?? '';
  const isMisspelt = messageNames.some((one) => one.toLowerCase() === last.toLowerCase());
  const looksLikeKind = /^[A-Z]/.test(last) || isMisspelt;
  const kind = messageNames.find((one) => one === last);
  if (looksLikeKind && kind === undefined) throw new UnknownWordError('message kind', last, messageNames);
  const rest = (looksLikeKind ? words.slice(0, -1) : words).join(' ');
  if (rest === '') return { kind };
  const { from, to, both } = parseEnds(withBothEnds(rest));
  if (both) throw new UsageError(`${JSON.stringify(text)} goes both ways, but a message goes one way: FROM -> TO`);
  return { from, to, kind };
}

/** A missing end is any server. */
const withBothEnds = (text: string): string => text.replace(/^\s*(->|→)/, 'all $1').replace(/(->|→)\s*$/, '$1 all');

const withArticle = (name: string): string => `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;

/** Fields of kinds that may say one thing or another come before those of kinds that always say the same. */
const allFields = [
  ...messageKinds.filter((kind) => messageRows[kind].verdict !== null),
  ...messageKinds.filter((kind) => messageRows[kind].verdict === null),
].flatMap(messageFields);

const fieldsOfType = (types: readonly MessageFieldType[]): FieldName[] =>
  allFields.filter(([, { type }]) => types.includes(type)).map(([name]) => name);

/** Every field of every kind, flags first, then how many entries there are, then numbers. */
const contentFields: readonly FieldName[] = Array.from(
  new Set([...fieldsOfType(['flag']), ...fieldsOfType(['entries']), ...allFields.map(([name]) => name)]),
);

/** Whose field it is: `of an AppendEntries or its reply`. */
function ownersText(field: FieldName): string {
  const owners = messageKinds.filter((kind) => field in messageRows[kind].fields);
  const names = owners.map((kind) => {
    const { answers, fields } = messageRows[kind];
    const when = fields[field]?.when;
    const name = answers !== null && owners.includes(answers) ? 'its reply' : withArticle(kind);
    return when === undefined ? name : `${name} ${when}`;
  });
  return names.join(' or ');
}

/** What a pattern may ask of a field: whether a flag is set, how large a number is, how many entries there are. */
function fieldSchema(field: FieldName): z.ZodOptional {
  const [row] = messageKinds.flatMap((kind) => messageRows[kind].fields[field] ?? []) as [FieldRow];
  const owners = ownersText(field);
  switch (row.type) {
    case 'flag':
      return z.boolean().optional().describe(`of ${owners}`);
    case 'text':
      return z.string().optional().describe(`of ${owners}`);
    case 'entries':
      return amount.optional().describe(`how many entries ${owners} carries`);
    case 'term':
    case 'index':
    case 'number':
      return amount.optional().describe(`of ${owners}`);
  }
}

type ContentSchemas = {
  readonly [F in FieldName]: z.ZodOptional<
    F extends FlagName ? z.ZodBoolean : F extends TextName ? z.ZodString : typeof amount
  >;
};

const aliasesText = aliases.map(({ name, meaning }) => `; ${withArticle(name)} is ${meaning}`).join('');

export const patternFields = {
  from: nodes.optional().describe('who sent it'),
  to: nodes.optional().describe('whom it is for'),
  kind: z.enum(messageNames).optional().describe(`its kind${aliasesText}`),
  term: amount.optional().describe('its term'),
  ...(Object.fromEntries(contentFields.map((field) => [field, fieldSchema(field)])) as unknown as ContentSchemas),
} as const;

const messagePattern = z.strictObject(patternFields);

/** Which messages on their way a step takes. */
export const pattern = z
  .union([
    z.string().max(200).superRefine(read(parsePatternText)),
    z.strictObject({
      ...patternFields,
      nth: whole(1, 1_000_000).optional().describe('the second, third… oldest of those that match'),
      all: z.boolean().optional().describe('all that match, not only the oldest'),
    }),
  ])
  .meta({ id: 'message', description: 'a message: FROM -> TO KIND, or its fields' });

type Fields = z.infer<typeof messagePattern>;
export type PatternValue = Fields & { readonly nth?: number | undefined; readonly all?: boolean | undefined };

type RawPattern = z.infer<typeof pattern>;
/** One pattern or several, as they were written. */
export type RawPatterns = RawPattern | readonly RawPattern[];

export const patternOf = (value: RawPattern): PatternValue =>
  typeof value === 'string' ? parsePatternText(value) : value;

/** A pattern whose nodes are resolved. */
export interface MessageTest {
  readonly from: readonly NodeId[] | undefined;
  readonly to: readonly NodeId[] | undefined;
  readonly fields: Fields;
}

export const messageTestOf = (fields: Fields, from?: readonly NodeId[], to?: readonly NodeId[]): MessageTest => ({
  from,
  to,
  fields,
});

export function matches(message: Message, { from, to, fields }: MessageTest): boolean {
  if (from !== undefined && !from.includes(message.from)) return false;
  if (to !== undefined && !to.includes(message.to)) return false;
  if (fields.kind !== undefined && !isCalled(message, fields.kind)) return false;
  return FIELDS.every((field) => {
    const value = valueOf(message, field);
    return fits(fields[field], typeof value === 'object' ? value.length : value);
  });
}

/** The fields of a pattern that ask for contents. */
const FIELDS = ['term' as const, ...contentFields];

function fits(wanted: string | number | boolean | undefined, found: string | number | boolean | undefined): boolean {
  if (wanted === undefined) return true;
  if (found === undefined) return false;
  if (typeof wanted === 'boolean' || typeof found === 'boolean' || typeof found === 'string') return wanted === found;
  return isAmount(parseAmount(wanted), found);
}

/** Those that are meant, oldest first. */
export function choose(inFlight: readonly OnItsWay[], test: MessageTest, value: PatternValue): OnItsWay[] {
  const found = inFlight.filter(({ message }) => matches(message, test));
  if (value.all === true) return found.slice((value.nth ?? 1) - 1);
  const one = found[(value.nth ?? 1) - 1];
  return one === undefined ? [] : [one];
}

/** `1st`, `2nd`, `13th`. */
function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

/** The pattern in words, for messages about it. */
export function patternText(value: PatternValue): string {
  const { from, to, kind, nth, all, ...fields } = value;
  const end = (side: typeof from): string => (side === undefined ? 'anybody' : [side].flat().join(', '));
  const more = Object.entries(fields)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([field, wanted]) => `${field} ${String(wanted)}`);
  const what = kind ?? 'message';
  const which = all === true ? what : nth === undefined ? withArticle(what) : `the ${ordinal(nth)} ${what}`;
  const parts = [`${which} from ${end(from)} to ${end(to)}`].concat(more);
  return parts.join(', ');
}
