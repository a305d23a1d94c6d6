// Values as a plan takes them: each check says what was found, what was expected and which words there are.
//
// A check never mends what it is given: it returns the value as it is, or throws a UsageError in the user's words.

import { UsageError } from '../base/errors.ts';
import { nearest } from './nearest.ts';

/** How the fields of a plan and their values are called where they come from; flags have words of their own. */
export interface Wording {
  name(field: string): string;
  value(field: string, value: unknown): string;
}

export const plainWords: Wording = {
  name: (field) => field,
  value: (_field, value) => String(value),
};

/** A mistake about one of a list of words; what prints it may add the nearest right one. */
export class UnknownWordError extends UsageError {
  readonly word: string;
  readonly known: readonly string[];

  constructor(what: string, word: string, known: readonly string[]) {
    super(`unknown ${what} ${JSON.stringify(word)}, expected one of ${known.join(', ')}`);
    this.word = word;
    this.known = known;
  }
}

/** The word behind `did you mean`, for a mistake about one of a list of words. */
export function suggestionFor(error: unknown): string | undefined {
  return error instanceof UnknownWordError ? nearest(error.word, error.known) : undefined;
}

export function oneOf<Name extends string>(what: string, word: unknown, known: readonly Name[]): Name {
  const found = known.find((name) => name === word);
  if (found === undefined) throw new UnknownWordError(what, String(word), known);
  return found;
}

export function checkedWhole(words: Wording, field: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    const found = typeof value === 'number' ? words.value(field, value) : String(value);
    const least = words.value(field, min);
    const kind = least === String(min) ? 'a whole number from ' : '';
    throw new UsageError(`${words.name(field)} is ${found}, expected ${kind}${least} to ${words.value(field, max)}`);
  }
  return value;
}

export function yesOrNo(what: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new UsageError(`${what} is ${String(value)}, expected true or false`);
  return value;
}

/** Fields with a meaning, and no others: a field that is misspelt would silently mean nothing. */
export function checkedFields<Fields extends object>(
  what: string,
  noun: string,
  fields: Fields,
  known: readonly string[],
): Fields {
  if (typeof fields !== 'object' || (fields as unknown) === null || Array.isArray(fields)) {
    throw new UsageError(`${what} is ${JSON.stringify(fields)}, expected an object with ${known.join(', ')}`);
  }
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw new UsageError(`unknown ${noun} ${JSON.stringify(name)}, expected one of ${known.join(', ')}${hint}`);
  }
  return fields;
}
