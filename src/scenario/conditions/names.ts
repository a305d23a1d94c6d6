// What a verb or a condition may ask about the names in its value, before anything is played.
//
// Its implementation gathers what is wrong, with its place in the file; nothing here knows the tables of the language,
// so that a row of a table can check itself.

import type { UsageError } from '../../base/errors.ts';
import type { Path } from '../syntax/source.ts';
import type { RawPatterns, PatternValue } from './pattern.ts';

/** What a name can stand for. */
export type NameKind = 'node' | 'call' | 'fault' | 'mark';
export type Part = 'key' | 'value';

export interface NameScope {
  /** Every node, group or name in a selector, or in a list of them, is there. */
  nodes(value: unknown, path: Path, part?: Part): void;
  /** The ends of messages are there. */
  patterns(value: RawPatterns, path: Path): void;
  /** The ends of a message that is written as a mapping are there. */
  fields(pattern: PatternValue, path: Path): void;
  /** Entries are written in full, or some step has named the call. */
  entries(value: string | readonly string[], path: Path): void;
  /** Some step before has given this name. */
  known(kind: NameKind, name: string, path: Path, part?: Part): void;
  /** A name that is given must not mean something already. */
  free(name: string, path: Path, part: Part): void;
  /** From here on the name is known. */
  give(kind: NameKind, name: string): void;
  report(mistake: UsageError, path: Path, part?: Part): void;
}
