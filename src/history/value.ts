// Values as histories hold them, whatever they were written in, and the one text by which two of them are compared.
//
// The text is JSON where JSON has a word for it. A number and a text that looks like one are not the same.

/** A word such as `:timed-out`, which is no text. */
export class Keyword {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export type HistoryValue =
  null | boolean | number | bigint | string | Keyword | readonly HistoryValue[] | ReadonlyMap<string, HistoryValue>;

/** The text of a value: equal if and only if the values are. */
export function textOfValue(value: HistoryValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Keyword) return `:${value.name}`;
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(textOfValue).join(',')}]`;
  const fields = Array.from(value, ([name, field]) => `${JSON.stringify(name)}:${textOfValue(field)}`);
  return `{${fields.toSorted().join(',')}}`;
}

export const isList = (value: unknown): value is readonly HistoryValue[] => Array.isArray(value);

/** A value of JSON as one of a history. */
export function valueOfJson(json: unknown): HistoryValue {
  if (json === null || json === undefined) return null;
  if (typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map(valueOfJson);
  return new Map(Object.entries(json).map(([name, field]) => [name, valueOfJson(field)]));
}
