// The published schema, the encoder, the decoder and the notation know the same kinds of steps.

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepKinds, stepTable, type StepKind, type StepRow } from '../../../src/sim/step.ts';
import { decodeTrace } from '../../../src/trace/format.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';
import { encodeStep } from '../../../src/trace/step-codec.ts';
import { runs, SEED } from '../../support/seed.ts';
import { fileOf, printOf, seedFileOf } from './files.ts';
import { anyStep, examples, samples } from './steps.ts';
import { tellStory } from './story.ts';

interface Schema {
  readonly oneOf: readonly { readonly $ref: string }[];
  readonly definitions: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
}

const schema = JSON.parse(
  readFileSync(new URL('../../../schema/trace.schema.json', import.meta.url), 'utf8'),
) as Schema;
const validate = new Ajv({ allErrors: true }).compile(schema);

/** What is wrong with a line, or nothing. */
function problems(line: string): string {
  return validate(JSON.parse(line)) ? '' : JSON.stringify(validate.errors);
}

const linesOf = (text: string): string[] => text.trimEnd().split('\n');

describe('every kind of step', () => {
  const sorted = stepKinds.toSorted();

  it('is written and read again', () => {
    expect(decodeTrace(fileOf(examples), 'a.trace').steps).toEqual(examples);
  });

  it('has a code of its own, in the order of the table', () => {
    expect(stepKinds.map((kind) => stepTable[kind].code)).toEqual(stepKinds.map((_kind, place) => place + 1));
  });

  it('that undoes another one is about the same', () => {
    for (const kind of stepKinds) {
      const row: StepRow = stepTable[kind];
      if (row.undoneBy === undefined) continue;
      const names = Object.keys(stepTable[row.undoneBy as StepKind].fields);
      expect(names, kind).not.toEqual([]);
      expect(Object.keys(row.fields), kind).toEqual(expect.arrayContaining(names));
    }
  });

  it('is in the schema', () => {
    const listed = schema.oneOf.map(({ $ref }) => /^#\/definitions\/step-(.*)$/.exec($ref)?.[1] ?? '');
    expect(listed.filter((kind) => kind !== '').toSorted()).toEqual(sorted);
  });

  it('happens in the story of the golden file', () => {
    const recorder = new TraceRecorder({ lines: false });
    tellStory(recorder);
    const happened = new Set(recorder.drain().map(({ data }) => data.kind));
    expect(Array.from(happened).toSorted()).toEqual(sorted);
  });

  it.each(stepKinds)('%s has the same keys in the schema', (kind) => {
    const keys = Object.keys(schema.definitions[`step-${kind}`]?.properties ?? {});
    expect(keys.toSorted()).toEqual(
      ['step', 'at', 'do', ...Object.keys(stepTable[kind].fields), 'print', 'seen'].toSorted(),
    );
  });
});

describe('the schema', () => {
  it.each([...samples, ...examples].map((step, i) => [encodeStep(i + 1, step, printOf(i + 1))]))(
    'accepts %s',
    (line) => {
      expect(problems(line)).toBe('');
    },
  );

  it('accepts every line of a real run', () => {
    const recorder = new TraceRecorder({ lines: false });
    tellStory(recorder);
    const traced = recorder.drain();
    expect(traced.length).toBeGreaterThan(60);
    for (const { step, data, fingerprint } of traced) expect(problems(encodeStep(step, data, fingerprint))).toBe('');
  });

  it('accepts header, checkpoint and end', () => {
    const broken = fileOf(samples, { property: 'log-matching', why: 'they differ' });
    for (const line of [...linesOf(broken), ...linesOf(seedFileOf([5], 6))]) expect(problems(line)).toBe('');
  });

  it(`accepts whatever the encoder writes (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyStep, (step) => problems(encodeStep(1, step, printOf(1))) === ''),
      runs(500),
    );
  });

  it('refuses a line without any one of its keys, or with one more', () => {
    const all = [...linesOf(fileOf(samples)), ...linesOf(seedFileOf([5], 6))];
    for (const line of all) {
      const value = JSON.parse(line) as Record<string, unknown>;
      for (const key of Object.keys(value).filter((name) => name !== 'effects')) {
        const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
        // A step without all that makes it one may be read as a checkpoint; no sample is that short.
        expect(validate(rest), `${line} without ${key}`).toBe(false);
      }
      expect(validate({ ...value, more: 1 }), `${line} with more`).toBe(false);
    }
  });

  const print = printOf(1);
  it.each([
    `{"step":1,"at":1,"do":"fly","print":"${print}"}`,
    `{"step":0,"at":1,"do":"calm","print":"${print}"}`,
    `{"step":1,"at":-1,"do":"calm","print":"${print}"}`,
    `{"step":1,"at":1,"do":"calm","print":"${print}0"}`,
    `{"step":1,"at":1,"do":"wipe","node":"n0","print":"${print}"}`,
    `{"step":1,"at":1,"do":"wipe","node":1,"print":"${print}"}`,
    `{"step":1,"at":1,"do":"cut","fault":1,"shape":"a","links":[["n1"]],"print":"${print}"}`,
    `{"step":1,"at":1,"do":"cut","fault":1,"shape":"a","links":[["n1","n2","n3"]],"print":"${print}"}`,
    `{"step":1,"at":1,"do":"timer","node":"n1","timer":"vote","print":"${print}"}`,
    `{"raft-sim":"trace","format":3,"version":"1","kind":"steps","plan":{"nodes":5}}`,
  ])('refuses %s', (line) => expect(validate(JSON.parse(line))).toBe(false));
});
