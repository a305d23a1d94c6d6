// EDN as Jepsen and Knossos write it: https://github.com/edn-format/edn, read from a place of a text.
//
// Tags are skipped, since a record is read as the map that it holds. A text that ends within a value is not an error
// yet: the next line may bring the rest.

import { Keyword, textOfValue, type HistoryValue } from '../value.ts';

/** The text ended within a value. */
export class EdnEnds extends Error {}

/** Something that cannot stand there; the place counts from 0. */
export class EdnMistake extends Error {
  readonly at: number;

  constructor(at: number, what: string) {
    super(what);
    this.at = at;
  }
}

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '#{': '}' };
const BLANK = /(?:[\s,]|;[^\n]*)*/y;
const WORD = /[^\s,()[\]{}";]+/y;
const STRING = /"((?:[^"\\]|\\.)*)"/sy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

export class EdnText {
  private readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  /** Goes to the next thing that is neither blank nor a comment; undefined at the end. */
  peek(): string | undefined {
    this.match(BLANK);
    return this.text[this.at];
  }

  value(): HistoryValue {
    const first = this.peek();
    if (first === undefined) throw new EdnEnds();
    if (first === '"') return this.string();
    if (first === '(' || first === '[') return this.items(first);
    if (first === '{') return this.map();
    if (first === '#') return this.tagged();
    if (first === '\\') {
      this.at++;
      return this.match(WORD)?.[0] ?? '';
    }
    const start = this.at;
    const word = this.match(WORD)?.[0];
    if (word === undefined) throw new EdnMistake(start, `found ${first}, expected a value`);
    const value = wordValue(word);
    return value === undefined ? fail(start, word) : value;
  }

  private items(open: string): HistoryValue[] {
    const closer = CLOSERS[open] ?? ')';
    this.at += open.length;
    const items: HistoryValue[] = [];
    for (;;) {
      const next = this.peek();
      if (next === undefined) throw new EdnEnds();
      if (next === closer) {
        this.at++;
        return items;
      }
      items.push(this.value());
    }
  }

  private map(): ReadonlyMap<string, HistoryValue> {
    const start = this.at;
    const items = this.items('{');
    if (items.length % 2 !== 0) throw new EdnMistake(start, 'found a map with a key without a value');
    const map = new Map<string, HistoryValue>();
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      map.set(key instanceof Keyword ? key.name : textOfValue(key ?? null), items[i + 1] ?? null);
    }
    return map;
  }

  /** A set, a value to be left out, or a value behind a tag. */
  private tagged(): HistoryValue {
    if (this.text.startsWith('#{', this.at)) return this.items('#{');
    const isLeftOut = this.text.startsWith('#_', this.at);
    this.at += isLeftOut ? 2 : 1;
    if (isLeftOut) this.value();
    else this.match(WORD);
    return this.value();
  }

  private string(): string {
    const found = this.match(STRING)?.[1];
    if (found === undefined) throw new EdnEnds();
    return found.includes('\\') ? found.replaceAll(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter) : found;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }
}

function fail(at: number, word: string): never {
  throw new EdnMistake(at, `found ${word}, expected a value`);
}

function wordValue(word: string): HistoryValue | undefined {
  if (word === 'nil') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  if (word.startsWith(':')) return new Keyword(word.slice(1));
  if (/^[+-]?\d+[NM]?$/.test(word)) {
    const digits = word.replace(/[NM]$/, '');
    return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
  }
  const number = Number(word.replace(/M$/, ''));
  if (!Number.isNaN(number)) return number;
  return /^[A-Za-z*!_?$%&=<>/.+-]/.test(word) ? new Keyword(word) : undefined;
}
