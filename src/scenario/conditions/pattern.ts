// Which message is meant: by its link, kind and content; the oldest one that matches first.
//
// Content is named by the fields of the paper's Figure 2. A replay on another version finds the message that has the
// same meaning, also if other messages were sent before it.

import { z } from 'zod';
import type { NodeId } from '../../base/ids.ts';
import type { Message, MessageKind } from '../../protocol/message.ts';
import { UsageError } from '../../base/errors.ts';
import { UnknownWordError } from '../../run/checked.ts';
import type { OnItsWay } from '../../sim/schedule/scripted.ts';
import { isAmount, parseAmount, parseEnds } from '../syntax/grammar.ts';
import { amount, nodes, read, whole } from '../syntax/values.ts';

export const messageKinds = [
  'RequestVote',
  'RequestVoteReply',
  'AppendEntries',
  'AppendEntriesReply',
  'Heartbeat',
] as const;

export type PatternKind = (typeof messageKinds)[number];

/** `leader -> n2 AppendEntries` as its parts; an end may be missing (`-> n2`, `n1 ->`). */
function parsePatternText(text: string): PatternValue {
  if (text.trim() === 'all') return { all: true };
  const words = text.trim().split(/\s+/);
  const last = words.at(-1) ?? '';
  const isMisspelt = messageKinds.some((one) => one.toLowerCase() === last.toLowerCase());
  const looksLikeKind = /^[A-Z]/.test(last) || isMisspelt;
  const kind = messageKinds.find((one) => one === last);
  if (looksLikeKind && kind === undefined) throw new UnknownWordError('message kind', last, messageKinds);
  const rest = (looksLikeKind ? words.slice(0, -1) : words).join(' ');
  if (rest === '') return { kind };
  const { from, to, both } = parseEnds(withBothEnds(rest));
  if (both) throw new UsageError(`${JSON.stringify(text)} goes both ways, but a message goes one way: FROM -> TO`);
  return { from, to, kind };
}

/** A missing end is anybody. */
const withBothEnds = (text: string): string => text.replace(/^\s*(->|→)/, 'all $1').replace(/(->|→)\s*$/, '$1 all');

export const patternFields = {
  from: nodes.optional().describe('who sent it'),
  to: nodes.optional().describe('whom it is for'),
  kind: z.enum(messageKinds).optional().describe('its kind; a Heartbeat is an AppendEntries without entries'),
  term: amount.optional().describe('its term'),
  granted: z.boolean().optional().describe('of a RequestVoteReply'),
  success: z.boolean().optional().describe('of an AppendEntriesReply'),
  entries: amount.optional().describe('how many entries an AppendEntries carries'),
  prevLogIndex: amount.optional().describe('of an AppendEntries or its reply'),
  prevLogTerm: amount.optional().describe('of an AppendEntries'),
  leaderCommit: amount.optional().describe('of an AppendEntries'),
  matchIndex: amount.optional().describe('of an AppendEntriesReply'),
  conflictTerm: amount.optional().describe('of an AppendEntriesReply that refuses'),
  conflictIndex: amount.optional().describe('of an AppendEntriesReply that refuses'),
  lastLogIndex: amount.optional().describe('of a RequestVote'),
  lastLogTerm: amount.optional().describe('of a RequestVote'),
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
  .describe('a message: FROM -> TO KIND, or its fields');

type Fields = z.infer<typeof messagePattern>;
export type PatternValue = Fields & { readonly nth?: number | undefined; readonly all?: boolean | undefined };

export const patternOf = (value: z.infer<typeof pattern>): PatternValue =>
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
  if (fields.kind !== undefined && !isKind(message, fields.kind)) return false;
  if (fields.entries !== undefined) {
    if (message.kind !== 'AppendEntries' || !isAmount(parseAmount(fields.entries), message.entries.length))
      return false;
  }
  const contents = message as unknown as Readonly<Record<string, number | boolean | undefined>>;
  return FIELDS.every((field) => fits(fields[field], contents[field]));
}

/** The fields of a pattern that a message has under the same name. */
const FIELDS = [
  'term',
  'granted',
  'success',
  'prevLogIndex',
  'prevLogTerm',
  'leaderCommit',
  'matchIndex',
  'conflictTerm',
  'conflictIndex',
  'lastLogIndex',
  'lastLogTerm',
] as const;

export function isKind(message: Message, kind: PatternKind | MessageKind): boolean {
  return kind === 'Heartbeat'
    ? message.kind === 'AppendEntries' && message.entries.length === 0
    : message.kind === kind;
}

function fits(wanted: string | number | boolean | undefined, found: number | boolean | undefined): boolean {
  if (wanted === undefined) return true;
  if (found === undefined) return false;
  if (typeof wanted === 'boolean' || typeof found === 'boolean') return wanted === found;
  return isAmount(parseAmount(wanted), found);
}

/** Those that are meant, oldest first. */
export function choose(letters: readonly OnItsWay[], test: MessageTest, value: PatternValue): OnItsWay[] {
  const found = letters.filter(({ message }) => matches(message, test));
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
  const article = what.startsWith('A') ? 'an' : 'a';
  const which = all === true ? what : nth === undefined ? `${article} ${what}` : `the ${ordinal(nth)} ${what}`;
  const parts = [`${which} from ${end(from)} to ${end(to)}`].concat(more);
  return parts.join(', ');
}
