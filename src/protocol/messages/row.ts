// What a row of the table of messages says of one kind: its fields, the forms in which it reads, what it vouches for.
//
// Rows are data. All that knows messages of every kind (notation, patterns, schema, shrinker, documentation, texts of
// tests) is made from them; what is particular to one kind asks for that kind by name. The compiler keeps a row in
// step with its interface: every field has a place here, with the type that it has there.

import type { LogIndex, Term } from '../../base/ids.ts';
import type { Entry, Message, MessageKind } from '../message.ts';

/** What a field holds; each type is read, written, matched and measured in one way. */
export type MessageFieldType = 'term' | 'index' | 'number' | 'flag' | 'text' | 'entries';

type FieldTypeOf<Value> = Value extends Term
  ? 'term'
  : Value extends LogIndex
    ? 'index'
    : Value extends number
      ? 'number'
      : Value extends boolean
        ? 'flag'
        : Value extends string
          ? 'text'
          : Value extends readonly Entry[]
            ? 'entries'
            : never;

/** What every message has, besides its kind. */
export type HeadField = 'from' | 'to' | 'term';

/** What a message only carries: it has a size, and nobody reads it before it is all there. */
type Load = 'snapshot';

/** The fields that are a kind's own. */
export type MessageFieldOf<M extends Message> = M extends Message ? Exclude<keyof M, 'kind' | HeadField | Load> : never;
export type FieldName = MessageFieldOf<Message>;
/** Fields that are true or false. */
export type FlagName = FlagOf<Message>;
type FlagOf<M extends Message> = M extends Message
  ? { [F in MessageFieldOf<M>]: M[F & keyof M] extends boolean ? F : never }[MessageFieldOf<M>]
  : never;

/** Fields that hold a text. */
export type TextName = TextOf<Message>;
type TextOf<M extends Message> = M extends Message
  ? { [F in MessageFieldOf<M>]: M[F & keyof M] extends string ? F : never }[MessageFieldOf<M>]
  : never;

export type MessageOf<K extends MessageKind> = Extract<Message, { kind: K }>;

export interface FieldRow<Type extends MessageFieldType = MessageFieldType> {
  readonly type: Type;
  readonly meaning: string;
  /** Which messages of the kind the field says something about, if not all: `that refuses`. Elsewhere it is 0. */
  readonly when?: string;
  /** The field whose place on the wire it takes where that one says nothing. */
  readonly insteadOf?: FieldName;
  /** On the wire it is a bit of another field. */
  readonly isBit?: true;
  /** Of entries: the field that holds the index behind which they stand. */
  readonly behind?: FieldName;
}

/**
 * One way in which a message of a kind reads. In its texts `{field}` stands for a value, `{from}` and `{to}` for the
 * names of its ends.
 */
export interface FormRow {
  /** The name that people give to this form, which patterns and counts of scenarios know. */
  readonly alias?: { readonly name: Alias; readonly meaning: string };
  /** The one-line notation, without kind, ends and term. */
  readonly notation: string;
  readonly meaning: string;
  /** What a sentence calls the message. */
  readonly name: string;
  /** The sentence about what its sender refuses, if it does. */
  readonly refusal?: string;
  /** A failure often does without it: the shrinker first tries to leave out all messages of this form together. */
  readonly isSpare: boolean;
}

/** Names of forms. */
export type Alias = 'Heartbeat';

export interface MessageRow<M extends Message> {
  /** The request that it answers; null: it is a request, or a notice without an answer. */
  readonly answers: MessageKind | null;
  readonly section: string;
  readonly meaning: string;
  /** In the order of the interface. */
  readonly fields: { readonly [F in MessageFieldOf<M>]: FieldRow<FieldTypeOf<M[F & keyof M]>> };
  /** The field that decides what the message says; null: there is one form. */
  readonly verdict: MessageFieldOf<M> | null;
  /** The form in which the verdict is true, or there are entries; then the other one. */
  readonly forms: readonly [FormRow] | readonly [FormRow, FormRow];
  /** What tells two messages of the kind and the verdict apart, the most telling field first. */
  readonly likeness: readonly MessageFieldOf<M>[];
  /** What must be on its sender's disk before it leaves, besides the term. */
  readonly vouchesFor: 'nothing' | 'vote' | 'entries';
  /** Its receiver remembers who sent it, since a majority decides; only if the verdict is true. */
  readonly isCounted: boolean;
}

export type MessageTable = { readonly [K in MessageKind]: MessageRow<MessageOf<K>> };

/** A row without the types of its kind, for code that goes through all of them. */
export interface AnyMessageRow {
  readonly answers: MessageKind | null;
  readonly section: string;
  readonly meaning: string;
  readonly fields: Readonly<Partial<Record<FieldName, FieldRow>>>;
  readonly verdict: FieldName | null;
  readonly forms: readonly FormRow[];
  readonly likeness: readonly FieldName[];
  readonly vouchesFor: 'nothing' | 'vote' | 'entries';
  readonly isCounted: boolean;
}
