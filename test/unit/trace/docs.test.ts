// The pages about the notation and the format describe every kind of step, and show only what is so.

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { stepKinds, stepTable } from '../../../src/sim/step.ts';
import { decodeTrace, resum, TRACE_FORMAT } from '../../../src/trace/format.ts';
import { notation } from '../../../src/trace/notation.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** The blocks of code of one language. */
const blocks = (page: string, language: string): string[] =>
  Array.from(page.matchAll(/^```(\w+)\n(.*?)^```$/gms), ([, name, text]) =>
    name === language ? (text ?? '') : '',
  ).filter((text) => text !== '');

/** The rows of all tables, as cells without backticks. */
const rows = (page: string): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    );

const code = (text: string): string => `\`${text}\``;

describe('docs/notation.md', () => {
  const page = read('docs/notation.md');

  it.each(stepKinds)('describes %s', (kind) => {
    const [row] = rows(page).filter(([, name]) => name === code(kind));
    expect(row?.[0]).toBe(code(notation[kind].sign));
    expect(row?.[2]?.length).toBeGreaterThan(8);
  });

  it('describes each sign once for each of its kinds, and none besides', () => {
    const table = page.slice(page.indexOf('## Signs'), page.indexOf('## What happened'));
    expect(rows(table).length - 2).toBe(stepKinds.length);
  });

  it('shows lines of the golden run only (take them from test/golden/trace-lines.txt again)', () => {
    const golden = read('test/golden/trace-lines.txt').split('\n');
    const shown = blocks(page, 'text').flatMap((text) => text.trimEnd().split('\n'));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((line) => !golden.includes(line))).toEqual([]);
  });
});

describe('docs/trace-format.md', () => {
  const page = read('docs/trace-format.md');
  const json = blocks(page, 'json');
  const validate = new Ajv().compile(JSON.parse(read('schema/trace.schema.json')) as object);

  it('is about the format that is written', () => expect(page).toContain(`This is format ${TRACE_FORMAT}.`));

  it.each(stepKinds)('describes %s with its keys', (kind) => {
    const [row] = rows(page).filter(([name, , meaning]) => name === code(kind) && meaning !== undefined);
    const keys = Object.keys(stepTable[kind].fields).map((key) => (key === 'effects' ? '`effects`?' : code(key)));
    expect(row?.[1]).toBe(keys.join(', '));
    expect(row?.[2]?.length).toBeGreaterThan(8);
  });

  it('describes every key of a step', () => {
    const described = new Set(
      rows(page).flatMap(([names]) => Array.from(names?.matchAll(/`(\w+)`/g) ?? [], ([, name]) => name)),
    );
    for (const kind of stepKinds) {
      for (const key of Object.keys(stepTable[kind].fields)) expect(described.has(key), key).toBe(true);
    }
  });

  it('shows only lines that the schema accepts, and one of each kind', () => {
    const lines = json.flatMap((text) => text.trimEnd().split('\n'));
    for (const line of lines) expect(validate(JSON.parse(line)), line).toBe(true);
    const kinds = json
      .filter((text) => text.includes('"calm"'))
      .flatMap((text) => Array.from(text.matchAll(/"do":"([\w-]+)"/g), ([, kind]) => kind));
    expect(kinds).toEqual(stepKinds);
  });

  it('shows a whole trace that can be read', () => {
    const whole = json.find((text) => text.includes('"end"')) ?? '';
    expect(resum(whole)).toBe(whole);
    expect(decodeTrace(whole, 'docs').steps).toHaveLength(2);
  });

  it('shows steps that can be read', () => {
    const header = '{"raft-sim":"trace","format":1,"version":"0.1.0","kind":"steps","plan":{"nodes":5}}\n';
    const steps = json.find((text) => text.includes('"calm"')) ?? '';
    const end = `{"end":true,"steps":${stepKinds.length},"at":1234,"fingerprint":"${'0'.repeat(16)}","violation":null,"sum":"00000000"}\n`;
    expect(decodeTrace(resum(header + steps + end), 'docs')).toMatchObject({ intact: true });
  });

  it('describes the sum as it is', () => {
    expect(page).toContain('x   = (sum XOR h) × 0x9e3779b1');
    const lines = (json.find((text) => text.includes('"end"')) ?? '').trimEnd().split('\n');
    const [, front = '', expected] = /^(.*),"sum":"(\w+)"\}$/.exec(lines.pop() ?? '') ?? [];
    let sum = 0;
    for (const line of [...lines, front]) {
      let h = 0x811c9dc5;
      for (const byte of Buffer.from(line, 'utf8')) h = Math.imul(h ^ byte, 0x01000193);
      const x = Math.imul(sum ^ h, 0x9e3779b1);
      sum = ((x ^ (x >>> 15)) + 0x6d2b79f5) | 0;
    }
    expect((sum >>> 0).toString(16).padStart(8, '0')).toBe(expected);
  });
});
