// Writes a scenario as YAML, the way a person would: a step on a line, comments beside or above it.
//
// All that a program writes as a scenario (a recorded trace, a shrunk replay) goes through here, and reads back the
// same.

import { stringify } from 'yaml';
import type { RawScenario, RawStep } from '../schema/schema.ts';
import type { VerbName } from '../verbs/verbs.ts';

/** A step with what is to be said about it. */
export interface ScenarioStepText {
  readonly step: RawStep | VerbName;
  /** Stands above the step, a line each. */
  readonly comments?: readonly string[];
}

/** A scenario whose steps may have comments. */
export type ScenarioTextInput = Omit<RawScenario, 'steps'> & { readonly steps: readonly ScenarioStepText[] };

const BLOCK = { lineWidth: 110 } as const;
const FLOW = { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true } as const;

export function scenarioText({ steps, ...head }: ScenarioTextInput): string {
  const { expect, ...before } = head;
  const parts = [stringify(withoutGaps(before), BLOCK), 'steps:\n'];
  for (const { step, comments = [] } of steps) {
    for (const comment of comments) parts.push(`  # ${comment}\n`);
    parts.push(`  - ${stepText(step)}\n`);
  }
  if (expect !== undefined) parts.push(stringify(withoutGaps({ expect }), BLOCK));
  return parts.join('');
}

/** A step on one line: `timeout: n1`, `{ deliver: n1 -> n2, at: 3ms }`, `heal`. */
export function stepText(step: RawStep | VerbName): string {
  if (typeof step === 'string') return step;
  const fields = withoutGaps(step);
  const [only, ...more] = Object.entries(fields);
  if (only === undefined || more.length > 0 || typeof only[1] === 'object') return stringify(fields, FLOW).trim();
  return stringify(fields, { lineWidth: 0 }).trim();
}

/** A value on one line. */
export const flowText = (value: unknown): string => stringify(value, FLOW).trim();

const withoutGaps = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
