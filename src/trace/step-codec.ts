// Steps as lines of a trace and back: names instead of numbers, exactly the keys of each kind, in the table's order.
//
// Nothing here knows a kind of step: keys, types and limits come from the fields of `sim/step.ts`, as do the JSON
// Schema of a trace and its page. A key never changes its meaning within a format.

import { micros } from '../base/ids.ts';
import { stepKinds, stepTable, type Step, type StepKind } from '../sim/step.ts';
import type { Field } from '../sim/steps/field.ts';
import { readField, writeField } from './field-codec.ts';
import { asciiJson } from './json.ts';
import type { ObjectReader } from './object-reader.ts';

/** The keys of every step: these in front of its own, the fingerprint behind them. */
const FRONT: readonly string[] = ['step', 'at', 'do'];

interface Shape {
  readonly fields: readonly (readonly [name: string, field: Field])[];
  readonly allowed: readonly string[];
}

function shapeOf(kind: StepKind): Shape {
  const fields: Readonly<Record<string, Field>> = stepTable[kind].fields;
  return { fields: Object.entries(fields), allowed: [...FRONT, ...Object.keys(fields), 'print'] };
}

const shapes = new Map(stepKinds.map((kind) => [kind, shapeOf(kind)]));
const shapeFor = (kind: StepKind): Shape => shapes.get(kind) ?? shapeOf(kind);

/** One line of a trace, without its line feed. */
export function encodeStep(number: number, step: Step, print: string): string {
  const values = step as Partial<Record<string, Field['example']>>;
  let text = `{"step":${number},"at":${step.at},"do":"${step.kind}",`;
  for (const [name, field] of shapeFor(step.kind).fields) {
    const value = values[name];
    if (value !== undefined) text += `"${name}":${asciiJson(writeField(field, value))},`;
  }
  return `${text}"print":"${print}"}`;
}

/** Reads the step of one line; its number, its fingerprint and `more` keys are the caller's. */
export function decodeStep(line: ObjectReader, nodes: number, more: readonly string[] = []): Step {
  const kind = line.word('do', stepKinds);
  const { fields, allowed } = shapeFor(kind);
  line.allowOnly(more.length === 0 ? allowed : [...allowed, ...more]);
  const step: Record<string, unknown> = { kind, at: micros(line.integer('at', 0)) };
  for (const [name, field] of fields) {
    if (field.isOptional !== true || line.has(name)) step[name] = readField(line, name, field, nodes);
  }
  return step as Step;
}

/**
 * The same step, cut short by a crash after this many effects. A failed write and a restart stay as they are: the one
 * stops its process anyway, the other is never cut short.
 */
export function withEffects(step: Step, effects: number): Step {
  return 'effects' in stepTable[step.kind].fields ? ({ ...step, effects } as Step) : step;
}
