// The words of the scenario language that fit what was typed, each with its meaning: for an editor.
//
// Verbs, conditions and keys come from the tables and the schema of the language, so that a new one completes at once.

import { conditionNames, conditionTable } from '../scenario/conditions/conditions.ts';
import { verbNames, verbTable } from '../scenario/verbs/verbs.ts';
import { variantNames } from '../zoo/variant.ts';
import { propertyNames } from '../run/properties.ts';

export interface LanguageWord {
  readonly word: string;
  readonly meaning: string;
}

/** Keys of a file, in the order in which people write them. */
const keys: readonly LanguageWord[] = [
  { word: 'name', meaning: 'what the story is called' },
  { word: 'why', meaning: 'what it shows' },
  { word: 'cluster', meaning: 'the servers, their options, their disks' },
  { word: 'variant', meaning: 'a bug of the zoo' },
  { word: 'steps', meaning: 'what happens' },
  { word: 'eventually', meaning: 'what must come true behind the steps' },
  { word: 'never', meaning: 'what must never be so' },
  { word: 'expect', meaning: 'what must be so at the end' },
];

const words: readonly LanguageWord[] = [
  ...verbNames.map((word) => ({ word, meaning: verbTable[word].meaning })),
  ...conditionNames.map((word) => ({ word, meaning: conditionTable[word].meaning })),
  ...keys,
  ...variantNames.map((word) => ({ word, meaning: 'a bug of the zoo' })),
  ...propertyNames.map((word) => ({ word, meaning: 'a promise' })),
];

const SHOWN_MAX = 8;

/** The piece of a word that ends at a place of a text. */
export const typedAt = (text: string, place: number): string => /[a-z][a-z-]*$/.exec(text.slice(0, place))?.[0] ?? '';

/** Words that begin with what was typed, and go on. */
export function wordsFor(typed: string): readonly LanguageWord[] {
  if (typed.length < 2) return [];
  const found = words.filter(({ word }) => word.startsWith(typed) && word !== typed);
  return found.slice(0, SHOWN_MAX);
}
