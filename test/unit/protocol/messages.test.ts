// The table of messages: rows that agree with themselves, and places made from them that know every kind and form.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../src/base/ids.ts';
import { drawPlan } from '../../../src/campaign/swarm.ts';
import type { Property } from '../../../src/check/property.ts';
import type { Message } from '../../../src/protocol/message.ts';
import type { FieldName } from '../../../src/protocol/messages/row.ts';
import { messageRows } from '../../../src/protocol/messages/table.ts';
import {
  bytesOf,
  entriesIn,
  messageFields,
  formOf,
  messageNames,
  namesOf,
  piecesOf,
  valueOf,
  type FieldValue,
} from '../../../src/protocol/messages/text.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { matches, messageTestOf, parsePatternText, pattern } from '../../../src/scenario/conditions/pattern.ts';
import { sentenceOf } from '../../../src/shrink/explain.ts';
import { contentText, likeness, LIKENESS_MAX, type MessageMove } from '../../../src/shrink/moves.ts';
import { messageWords, sentWords } from '../../../src/trace/words.ts';
import { allForms, messageOf, ownKinds, shownFields } from '../../support/messages.ts';
import { node } from '../../support/node.ts';
import { entriesOf, messageText, readMessage } from '../../support/text.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const meant = (message: Message): MessageMove => ({ act: 'deliver', id: 2, message, origin: 1 });

/** The same message with another value in one field. */
function changed(message: Message, field: FieldName | 'term'): Message {
  const value = valueOf(message, field) as FieldValue;
  const other =
    typeof value === 'object'
      ? value.concat(entriesOf('7'))
      : typeof value === 'boolean'
        ? !value
        : typeof value === 'string'
          ? `${value}x`
          : value + 1;
  return { ...message, [field]: other };
}

describe.each(ownKinds)('the row of %s', (kind) => {
  const row = messageRows[kind];
  const fields = messageFields(kind);
  const names = fields.map(([name]) => name);

  it('shows every field in one of its forms, or decides by it', () => {
    const shown = [true, false].flatMap((verdict) => shownFields(kind, verdict));
    expect(names.filter((name) => !shown.includes(name) && name !== row.verdict)).toEqual([]);
  });

  it('speaks of its own fields only', () => {
    const texts = row.forms.flatMap(({ notation, name, refusal = '' }) => [notation, name, refusal]);
    const named = texts.flatMap((text) => piecesOf(text).filter((_, i) => i % 2 === 1));
    expect(named.filter((name) => !['from', 'to', 'term', ...names].includes(name))).toEqual([]);
    const others = fields.flatMap(([, { behind, insteadOf }]) => [behind ?? [], insteadOf ?? []].flat());
    expect(others.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has a form for each verdict', () => {
    expect(row.forms).toHaveLength(row.verdict === null ? 1 : 2);
    expect(row.forms.filter(({ notation }) => notation === '')).toEqual([]);
    if (row.verdict !== null) expect(['flag', 'entries']).toContain(row.fields[row.verdict]?.type);
  });

  it('has entries only as what decides, behind a place', () => {
    for (const [name, { type, behind }] of fields) {
      expect(behind !== undefined, name).toBe(type === 'entries');
      if (type === 'entries') expect(row.verdict).toBe(name);
    }
  });

  it('answers a request that no other kind answers', () => {
    if (row.answers === null) return;
    expect(messageRows[row.answers].answers).toBeNull();
    expect(ownKinds.filter((one) => messageRows[one].answers === row.answers)).toEqual([kind]);
  });

  it('has the type that a field of the same name has elsewhere', () => {
    for (const [name, { type }] of fields) {
      const types = ownKinds.flatMap((one) => messageRows[one].fields[name]?.type ?? []);
      expect(new Set(types), name).toEqual(new Set([type]));
    }
  });

  it('is part of the documentation', () => {
    expect(read('docs/reference/messages.md')).toContain(`\n## ${kind}\n`);
    for (const { notation } of row.forms) expect(read('docs/notation.md')).toContain(`| \`${notation}\` | ${kind} |`);
  });
});

describe.each(allForms)('$kind, if its verdict is $verdict,', ({ kind, verdict }) => {
  const message = messageOf(kind, verdict);

  it('reads as its form says', () => {
    const words = messageWords(message);
    expect(words).not.toMatch(/[{}]|undefined|NaN|object/);
    for (const field of shownFields(kind, verdict)) {
      expect(messageWords(changed(message, field)), field).not.toBe(words);
    }
    expect(sentWords(message)).toMatch(new RegExp(`^${kind}`));
  });

  it('reads the same in tests after it was written', () => {
    const text = messageText(message);
    const again = readMessage(`n1 ${text}`, nodeId(1));
    expect(messageText(again)).toBe(text);
    expect(Object.keys(again)).toEqual(Object.keys(message));
    expect(again).toMatchObject({ ...message, ...(entriesIn(message).entries.length > 0 ? { entries: {} } : {}) });
  });

  it('is found by its names and by each of its fields', () => {
    for (const name of namesOf(message)) {
      expect(messageNames).toContain(name);
      expect(matches(message, messageTestOf(parsePatternText(name)))).toBe(true);
    }
    const asked: readonly (readonly [string, FieldValue])[] = [['term', message.term], ...contentsOf(message)];
    for (const [field, value] of asked) {
      const fields = pattern.parse({ kind, [field]: typeof value === 'object' ? value.length : value });
      const test = messageTestOf(fields);
      expect(matches(message, test), field).toBe(true);
      expect(matches(changed(message, field as FieldName), test), field).toBe(false);
    }
  });

  it('is told apart from each that says something else', () => {
    const text = contentText(message);
    const { verdict: decides } = messageRows[kind];
    for (const field of ['term' as const, ...shownFields(kind, verdict), ...(decides === null ? [] : [decides])]) {
      expect(contentText(changed(message, field)), field).not.toBe(text);
    }
  });

  it('is like itself, and less like another', () => {
    expect(likeness(meant(message), message, 1)).toBe(LIKENESS_MAX);
    for (const field of ['term' as const, ...messageRows[kind].likeness]) {
      const points = likeness(meant(message), changed(message, field), 1);
      expect(points, field).toBeLessThan(LIKENESS_MAX);
      expect(points, field).toBeGreaterThanOrEqual(0);
    }
  });

  it('has a size', () => {
    const { entries } = entriesIn(message);
    const commands = entries.reduce((sum, { command }) => sum + command.bytes, 0);
    const shared = messageFields(kind).filter(([, row]) => row.insteadOf !== undefined || row.isBit === true).length;
    const numbers = contentsOf(message).filter(([, value]) => typeof value !== 'object').length - shared;
    const carried = message.kind === 'InstallSnapshot' ? message.length : 0;
    expect(bytesOf(message)).toBe(8 * (3 + numbers + entries.length) + commands + carried);
  });

  it('is called something by a sentence', () => {
    const sentence = sentenceOf({ act: 'duplicate', id: 1, message, origin: 0 }, undefined);
    expect(sentence).toMatch(/^The network makes a second copy of .*n1/);
    expect(sentence).not.toMatch(/[{}]|undefined|NaN|object/);
    expect(formOf(message).refusal ?? '{from} {to}').toMatch(/\{from\}.*\{to\}/);
  });

  it.each(['follower', 'candidate', 'leader'] as const)('is handled by a %s, however little it fits', (role) => {
    const { raft } = node({ id: 'n2', role, log: role === 'candidate' ? '' : '1', term: 1 });
    const before = raft.currentTerm;
    expect(() => raft.receive(message)).not.toThrow();
    expect(raft.currentTerm).toBeGreaterThanOrEqual(before);
  });
});

/** The fields of a message that are its kind's own, with their values. */
const contentsOf = (message: Message): (readonly [FieldName, FieldValue])[] =>
  messageFields(message.kind).map(([name]) => [name, valueOf(message, name) as FieldValue]);

/** Options are drawn: what only some of them send comes within so many seeds. */
const SEEDS_MAX = 40;

describe('the runs of a campaign', () => {
  it('send every kind in every form', () => {
    const all = ownKinds.flatMap((kind) => messageRows[kind].forms.map(({ notation }) => `${kind} ${notation}`));
    const seen = new Set<string>();
    const listener: Property = {
      name: 'forms',
      mood: 'always',
      sent(_host, message) {
        seen.add(`${message.kind} ${formOf(message).notation}`);
        return undefined;
      },
    };
    for (let seed = 1; seed <= SEEDS_MAX && seen.size < all.length; seed++) {
      simulate(drawPlan(String(seed)), { observers: [listener] });
    }
    expect(all.filter((form) => !seen.has(form))).toEqual([]);
  });
});
