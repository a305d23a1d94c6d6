// The fields that a step can have: what a trace, its JSON Schema and the type of the step are made of.
//
// A field says what it holds and what that means; how a value is written and read is the trace's, for each type of
// field once. The example stands in the documentation and in the tests.

import type { ClientId, NodeId } from '../../base/ids.ts';
import type { MembershipChange } from '../../protocol/configuration.ts';
import type { HandWritten } from '../../protocol/message.ts';
import type { Operation } from '../../protocol/operation.ts';

/** A directed link by its ends. */
export type LinkEnds = readonly [NodeId, NodeId];

interface FieldRow<Type extends string, Value> {
  readonly type: Type;
  readonly meaning: string;
  readonly example: Value;
  /** Only there where it says something. */
  readonly isOptional?: true;
}

export type Field =
  | FieldRow<'node', NodeId>
  | FieldRow<'client', ClientId>
  | FieldRow<'flag', boolean>
  | FieldRow<'text', string>
  | FieldRow<'links', readonly LinkEnds[]>
  | FieldRow<'operation', Operation>
  | FieldRow<'change', MembershipChange>
  | FieldRow<'message', HandWritten>
  | (FieldRow<'whole', number> & { readonly min: number })
  | (FieldRow<'word', string> & { readonly words: readonly string[] });

export type FieldType = Field['type'];
export type FieldOf<Type extends FieldType> = Extract<Field, { readonly type: Type }>;

type ValueOf<Row extends Field> = Row extends { readonly words: readonly (infer Word)[] }
  ? Word
  : FieldOf<Row['type']>['example'];

type Optional<Fields> = { [Name in keyof Fields]: Fields[Name] extends { isOptional: true } ? Name : never };
type OptionalName<Fields> = Optional<Fields>[keyof Fields];

/** The object that has these fields. */
export type ValuesOf<Fields extends Readonly<Record<string, Field>>> = {
  readonly [Name in Exclude<keyof Fields, OptionalName<Fields>>]: ValueOf<Fields[Name]>;
} & {
  readonly [Name in OptionalName<Fields>]?: ValueOf<Fields[Name]>;
};
