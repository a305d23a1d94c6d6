// What a scenario may expect: the one table behind schema, docs and evaluation.
//
// A condition looks at the world and changes nothing. What does not hold is said as expected and found, side by side.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { goalNames } from '../../check/goals.ts';
import { propertyNames } from '../../run/properties.ts';
import type { MessageName } from '../../protocol/messages/table.ts';
import { messageNames } from '../../protocol/messages/text.ts';
import type { Host } from '../../sim/host.ts';
import {
  appliedOf,
  baseOf,
  prefixHashOf,
  commitOf,
  entryOf,
  isRole,
  lastIndexOf,
  logOf,
  placeOf,
  roles,
  roleText,
  termOf,
  voteText,
  type NamedCall,
} from './facts.ts';
import { amountText, logText, parseAmount, parseEntryName, parseLog } from '../syntax/grammar.ts';
import { checkKeys, conditionRow, eachNode, fails, asList, perNode, unless, type Mismatch } from './condition.ts';
import type { NameScope } from './names.ts';
import { insideConditions } from './insides.ts';
import { membersCondition } from './members.ts';
import { numbers, numbersSchema, within } from './numbers.ts';
import { snapshotConditions } from './snapshots.ts';
import { matches, patternFields, patternText } from './pattern.ts';
import { leaderOf } from './selector.ts';
import type { ConditionContext } from '../interpreter/condition-context.ts';
import type { Path } from '../syntax/source.ts';
import { amount, log, name, nodes, selector } from '../syntax/values.ts';
import { parseDuration, durationText } from '../../run/quantity.ts';

const leaderText = (host: Host | undefined): string =>
  host === undefined ? 'nobody leads' : `${nodeName(host.id)} leads in term ${termOf(host)}`;

const entryOrCall = z.string().max(100).describe('a call by the name that `as` gave it, or an entry as INDEX@TERM');

/** Where on a node an entry or call stands; 0 if it does not. */
function entryPlace(host: Host, what: string, context: ConditionContext): number {
  const entry = parseEntryName(what);
  if (entry === undefined) {
    const call = context.call(what);
    return call === undefined ? 0 : placeOf(host, call);
  }
  return entry.index <= lastIndexOf(host) &&
    entry.index > baseOf(host) &&
    entryOf(host, entry.index).term === entry.term
    ? entry.index
    : 0;
}

/** A value that an answer carries; the word itself is told apart from a key without a value by its quotes. */
const valueText = (value: string): string => (value === '' ? 'empty' : value === 'empty' ? '"empty"' : value);

function outcomeOf(
  context: ConditionContext,
  call: NamedCall,
): { readonly word: 'ok' | 'refused' | 'expired' | 'unknown'; readonly text: string } {
  const answers = context.answersTo(call);
  const ok = answers.find((answer) => answer.outcome === 'ok');
  if (ok !== undefined) return { word: 'ok', text: `ok ${valueText(ok.result)}` };
  if (answers.some(({ outcome }) => outcome === 'expired')) return { word: 'expired', text: 'session expired' };
  return answers.length > 0
    ? { word: 'refused', text: 'refused' }
    : { word: 'unknown', text: 'unknown: no answer yet' };
}

const ANSWERS = 'expected ok, ok VALUE, ok empty, refused, expired, unknown or not ok';

/** Since a mark, or since the beginning. */
const since = name.optional().describe('count from this `mark` on, not from the beginning');

function checkSince(names: NameScope, value: { readonly since?: string | undefined }, path: Path): void {
  if (value.since !== undefined) names.known('mark', value.since, [...path, 'since']);
}

function checkPresence(names: NameScope, value: Readonly<Record<string, string | string[]>>, path: Path): void {
  checkKeys(names, value, path);
  for (const [key, entries] of Object.entries(value)) names.entries(entries, [...path, key]);
}

export const conditionTable = {
  leader: conditionRow({
    schema: z.union([
      z.enum(['none', 'any']),
      nodes,
      z.strictObject({ node: nodes.optional(), term: amount.optional() }),
    ]),
    meaning: 'Who leads: the leader of the newest term, `any`, or `none`; with `term`, in which.',
    example: '{ node: n1, term: 1 }',
    instead: 'for the role of a node: roles',
    checkNames(names, value, path) {
      const node = typeof value === 'string' || Array.isArray(value) ? value : value.node;
      if (node !== 'none' && node !== 'any') names.nodes(node, path);
    },
    check(value, context) {
      const leader = leaderOf(context.world);
      const found = leaderText(leader);
      if (value === 'none') return unless(leader === undefined, 'nobody leads', found);
      const { node = 'any', term } = typeof value === 'string' || Array.isArray(value) ? { node: value } : value;
      const isMeant = leader !== undefined && (node === 'any' || context.nodesOf(node).includes(leader.id));
      const inTerm = term === undefined || (leader !== undefined && within(term, termOf(leader)));
      const inThatTerm = term === undefined ? '' : ` in term ${amountText(parseAmount(term))}`;
      return unless(
        isMeant && inTerm,
        `${node === 'any' ? 'somebody' : asList(node).join(' or ')} leads${inThatTerm}`,
        found,
      );
    },
  }),
  leaders: conditionRow({
    schema: nodes,
    meaning: 'All who believe to lead, also in an old term, and nobody else.',
    example: '[n1]',
    checkNames: (names, value, path) => names.nodes(value, path),
    check(value, context) {
      const wanted = context.nodesOf(value);
      const found = context.nodesOf('leaders');
      const isSo = wanted.length === found.length && wanted.every((id) => found.includes(id));
      return unless(
        isSo,
        `leaders: ${wanted.map(nodeName).join(', ')}`,
        `leaders: ${found.map(nodeName).join(', ') || 'nobody'}`,
      );
    },
  }),
  roles: conditionRow({
    schema: perNode(z.enum(roles)),
    meaning: 'What nodes are: follower, candidate, leader, paused or down.',
    example: '{ n1: leader, followers: follower }',
    checkNames: checkKeys,
    check: (value, context) =>
      eachNode(value, context, (host, word) => ({
        isSo: isRole(host, word),
        expected: `is ${word}`,
        found: `is ${roleText(host)}`,
      })),
  }),
  term: conditionRow({
    schema: numbersSchema,
    meaning: 'The newest term of all nodes, or the term of each.',
    example: '{ n1: 1, others: at least 1 }',
    checkNames: checkKeys,
    check: numbers('term', termOf),
  }),
  votes: conditionRow({
    schema: perNode(z.union([z.literal('nobody'), selector])),
    meaning: 'Whom nodes voted for in their current term.',
    example: '{ n1: n1, n2: n1 }',
    checkNames(names, value, path) {
      checkKeys(names, value, path);
      for (const [key, wanted] of Object.entries(value)) {
        if (wanted !== 'nobody') names.nodes(wanted, [...path, key]);
      }
    },
    check: (value, context) =>
      eachNode(value, context, (host, wanted) => {
        const given = voteText(host);
        const isSo = wanted === 'nobody' ? given === 'nobody' : context.nodesOf(wanted).map(nodeName).includes(given);
        return { isSo, expected: `voted for ${wanted}`, found: `voted for ${given}` };
      }),
  }),
  members: membersCondition,
  logs: conditionRow({
    schema: perNode(log),
    meaning:
      'The logs of nodes in the paper’s notation: the terms of their entries, without those that a snapshot replaced.',
    example: '{ all: 1 1 }',
    checkNames: checkKeys,
    check: (value, context) =>
      eachNode(value, context, (host, wanted) => {
        const terms = parseLog(String(wanted));
        const found = logOf(host);
        return {
          isSo: logText(terms) === logText(found),
          expected: `log ${logText(terms)}`,
          found: `log ${logText(found)}`,
        };
      }),
  }),
  commit: conditionRow({
    schema: numbersSchema,
    meaning: 'The highest commit index of all nodes, or that of each.',
    example: '{ n1: 2, others: at least 1 }',
    checkNames: checkKeys,
    check: numbers('commit index', commitOf),
  }),
  applied: conditionRow({
    schema: numbersSchema,
    meaning: 'The last entry that the state machines have executed, the highest or that of each.',
    example: 'at least 0',
    checkNames: checkKeys,
    check: numbers('applied index', appliedOf),
  }),
  ...snapshotConditions, // set-up only: a file of their own
  ...insideConditions, // set-up only: as above
  holds: conditionRow({
    schema: perNode(z.union([entryOrCall, z.array(entryOrCall)])),
    meaning: 'Entries that are in the log of nodes.',
    example: '{ leader: 1@1 }',
    checkNames: checkPresence,
    check: (value, context) => presence(value, context, true),
  }),
  lacks: conditionRow({
    schema: perNode(z.union([entryOrCall, z.array(entryOrCall)])),
    meaning: 'Entries that are not in the log of nodes, or not any more.',
    example: '{ all: 7@7 }',
    checkNames: checkPresence,
    check: (value, context) => presence(value, context, false),
  }),
  committed: conditionRow({
    schema: z.union([entryOrCall, z.array(entryOrCall)]),
    meaning: 'Entries that are committed: some node has committed them, and be it down by now.',
    example: '1@1',
    checkNames: (names, value, path) => names.entries(value, path),
    check: (value, context) =>
      asList(value).flatMap((what, i) => {
        const isSo = context.world.hosts.some((host) => isCommitted(host, what, context));
        return unless(
          isSo,
          `${what} to be committed`,
          'no node has ever committed it',
          Array.isArray(value) ? [i] : [],
        );
      }),
  }),
  uncommitted: conditionRow({
    schema: z.union([entryOrCall, z.array(entryOrCall)]),
    meaning: 'Entries that no node has ever committed.',
    example: '5@5',
    checkNames: (names, value, path) => names.entries(value, path),
    check: (value, context) =>
      asList(value).flatMap((what, i) => {
        const host = context.world.hosts.find((one) => isCommitted(one, what, context));
        const found = host === undefined ? '' : `it is, and in the log of ${nodeName(host.id)}`;
        return unless(host === undefined, `${what} not to be committed`, found, Array.isArray(value) ? [i] : []);
      }),
  }),
  answers: conditionRow({
    schema: z.record(z.string(), z.string(ANSWERS).regex(/^(ok( .*)?|refused|expired|unknown|not ok)$/, ANSWERS)),
    meaning:
      'What a client was told about a call: `ok`, `ok VALUE`, `ok empty`, `refused`, `expired` (its session), ' +
      '`unknown` or `not ok`; ' +
      'see [answers](#what-a-client-is-told).',
    example: '{ my call: ok }',
    checkNames(names, value, path) {
      for (const called of Object.keys(value)) names.known('call', called, [...path, called], 'key');
    },
    check: (value, context) =>
      Object.entries(value).flatMap(([called, wanted]) => {
        const call = context.call(called);
        if (call === undefined) return fails(`${called} to be a call`, 'no step gave a call this name', [called]);
        const { word, text } = outcomeOf(context, call);
        const isSo = wanted === 'not ok' ? word !== 'ok' : wanted === word || wanted === text;
        return unless(isSo, `${called}: ${wanted}`, `${called}: ${text}`, [called]);
      }),
  }),
  sent: conditionRow({
    schema: z.strictObject({ ...patternFields, count: amount.optional().describe('default: at least 1'), since }),
    meaning: 'How many messages of a kind and content were sent.',
    example: '{ from: n1, kind: AppendEntries, count: at least 2 }',
    checkNames(names, value, path) {
      checkSince(names, value, path);
      names.fields(value, path);
    },
    check(value, context) {
      const { count = 'at least 1', since: mark, ...fields } = value;
      const test = context.testOf(fields);
      const found = context.sentSince(mark).filter((message) => matches(message, test)).length;
      const what = patternText({ ...fields, all: true });
      return unless(within(count, found), `${amountText(parseAmount(count))} × ${what}`, `${found} were sent`);
    },
  }),
  'in flight': conditionRow({
    schema: z.strictObject({ ...patternFields, count: amount.optional().describe('default: at least 1') }),
    meaning: 'How many messages of a kind and content are on their way.',
    example: '{ kind: RequestVote, count: none }',
    checkNames: (names, value, path) => names.fields(value, path),
    check(value, context) {
      const { count = 'at least 1', ...fields } = value;
      const test = context.testOf(fields);
      const found = context.director.onTheirWay().filter(({ message }) => matches(message, test)).length;
      const what = patternText({ ...fields, all: true });
      return unless(within(count, found), `${amountText(parseAmount(count))} × ${what}`, `${found} are on their way`);
    },
  }),
  messages: conditionRow({
    schema: z.strictObject({
      ...(Object.fromEntries(messageNames.map((kind) => [kind, amount.optional()])) as Record<
        MessageName,
        z.ZodOptional<typeof amount>
      >),
      all: amount.optional().describe('of every kind'),
      bytes: amount.optional().describe('of all of them, at eight bytes a field and the size of the commands'),
      since,
    }),
    meaning: 'How many messages were sent, by kind, and their bytes.',
    example: '{ RequestVote: 2, all: at most 40 }',
    checkNames: checkSince,
    check(value, context) {
      const { since: mark, ...wanted } = value;
      const counts = context.countsSince(mark);
      return Object.entries(wanted).flatMap(([word, one]) => {
        if (one === undefined) return [];
        const found = counts[word as keyof typeof counts];
        return unless(within(one, found), `${word}: ${amountText(parseAmount(one))}`, `${word}: ${found}`, [word]);
      });
    },
  }),
  converged: conditionRow({
    schema: z.union([z.literal(true), nodes]),
    meaning:
      'The nodes, or all that run, hold the same log and have committed the same; ' +
      'followers hear of a commit with the next message (`heartbeat: leader`, `exchange`).',
    example: 'true',
    checkNames(names, value, path) {
      if (value !== true) names.nodes(value, path);
    },
    check(value, context) {
      const members = context.nodesOf(value === true ? 'up' : value).map((id) => context.world.host(id));
      const [first] = members;
      if (first === undefined) return fails('the logs to be the same', 'there is nobody to compare');
      const isSame = (host: Host): boolean =>
        lastIndexOf(host) === lastIndexOf(first) &&
        prefixHashOf(host, lastIndexOf(host)) === prefixHashOf(first, lastIndexOf(first)) &&
        commitOf(host) === commitOf(first);
      const odd = members.find((host) => !isSame(host));
      if (odd === undefined) return [];
      const textOf = (host: Host): string =>
        `${nodeName(host.id)} log ${logText(logOf(host).slice(-12))} commit ${commitOf(host)}`;
      return fails('logs and commit indexes to be the same', `${textOf(first)}, but ${textOf(odd)}`);
    },
  }),
  reached: conditionRow({
    schema: z.union([z.enum(goalNames), z.array(z.enum(goalNames))]),
    meaning: 'Sometimes-goals that the run got to: see `raft-sim list goals`.',
    example: 'leader-elected',
    check(value, context) {
      const counts = context.simulation.goals;
      return asList(value).flatMap((goal, i) =>
        unless(
          counts[goal] > 0,
          `${goal} to be reached`,
          'the run has not come to that',
          Array.isArray(value) ? [i] : [],
        ),
      );
    },
  }),
  violated: conditionRow({
    schema: z.union([z.literal('any'), z.literal('none'), z.enum(propertyNames)]),
    meaning: 'A promise that is broken, for runs of a variant: the run ends there.',
    example: 'none',
    check(value, context) {
      const broken = context.brokenProperty();
      const found = broken === undefined ? 'every promise is kept' : `${broken} is broken`;
      if (value === 'none') return unless(broken === undefined, 'every promise to be kept', found);
      return unless(broken !== undefined && (value === 'any' || broken === value), `${value} to be broken`, found);
    },
  }),
  time: conditionRow({
    schema: z.string().regex(/^(at least|at most) /, 'expected `at most 2s` or `at least 1s`'),
    meaning: 'How much virtual time has passed.',
    example: 'at most 1m',
    check(value, context) {
      const [, bound, text = ''] = /^(at least|at most) (.*)$/.exec(value) ?? [];
      const micros = parseDuration('the time', text);
      const { now } = context.world;
      return unless(bound === 'at least' ? now >= micros : now <= micros, `${value} of time`, durationText(now));
    },
  }),
  fingerprint: conditionRow({
    schema: z.string().regex(/^[0-9a-f]{16}$/, 'expected sixteen hexadecimal digits, in quotes'),
    meaning: 'The fingerprint of the run so far.',
    example: "'0000000000000000'",
    check(value, context) {
      const found = context.world.fingerprint.toString();
      return unless(found === value, `fingerprint ${value}`, `fingerprint ${found}`);
    },
  }),
} as const;

function isCommitted(host: Host, what: string, context: ConditionContext): boolean {
  const place = entryPlace(host, what, context);
  const { committed } = context.simulation;
  return place > 0 && place < committed.length && committed.at(place) === prefixHashOf(host, place);
}

function presence(
  value: Readonly<Record<string, string | string[]>>,
  context: ConditionContext,
  wanted: boolean,
): Mismatch[] {
  return eachNode(value, context, (host, names) => {
    const odd = asList(names).find((what) => entryPlace(host, what, context) > 0 !== wanted);
    const word = wanted ? 'holds' : 'lacks';
    const all = asList(names).join(', ');
    const place = odd === undefined ? 0 : entryPlace(host, odd, context);
    const found = wanted ? `has no ${odd ?? ''} in its log ${logText(logOf(host))}` : `has ${odd ?? ''} at ${place}`;
    return { isSo: odd === undefined, expected: `${word} ${all}`, found };
  });
}

export type ConditionName = keyof typeof conditionTable;

export const conditionNames: readonly ConditionName[] = Object.keys(conditionTable) as ConditionName[];

const conditionFields = Object.fromEntries(
  conditionNames.map((word) => [word, conditionTable[word].schema.optional().describe(conditionTable[word].meaning)]),
);

export type Conditions = {
  readonly [word in ConditionName]?: z.infer<(typeof conditionTable)[word]['schema']> | undefined;
};

/** One or several conditions, all of which must hold. */
export const conditionShape = conditionFields as {
  [word in ConditionName]: z.ZodOptional<(typeof conditionTable)[word]['schema']>;
};

/** Conditions as a mapping of their own. */
export const conditionsSchema = z
  .strictObject(conditionShape)
  .meta({ id: 'conditions', description: 'conditions, all of which must hold' });

/** What of some conditions does not hold now; the paths begin with the condition’s word. */
export function mismatches(conditions: Conditions, context: ConditionContext): Mismatch[] {
  return conditionNames.flatMap((word) => {
    const value = conditions[word];
    if (value === undefined) return [];
    const check = conditionTable[word].check as (value: unknown, context: ConditionContext) => Mismatch[];
    return check(value, context).map(({ path, expected, found }) => ({ path: [word, ...path], expected, found }));
  });
}
