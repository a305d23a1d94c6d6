// JSON as traces need it: written in plain ASCII, and with the place of each mistake in it.
//
// The reading is done by JSON.parse. The scanner here runs only when a file is wrong, to name the column: what engines
// say about broken JSON differs from version to version. It never builds a value.

/** From the outermost value inwards: keys of objects, positions in lists. */
export type JsonPath = readonly (string | number)[];

export interface SyntaxProblem {
  /** Where it is, in UTF-16 units from 0; the length of the text if the text ends too early. */
  readonly offset: number;
  readonly expected: string;
}

/** JSON on one line in plain ASCII, so that no encoding and no editor can change its meaning. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The first thing that keeps a text from being one JSON value. */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
  return new Scanner(text, () => undefined).run();
}

/** Where a value starts, or the key in front of it; 0 if the text does not have it. */
export function offsetOf(text: string, path: JsonPath, part: 'key' | 'value'): number {
  let found = 0;
  const scanner = new Scanner(text, (at, valueOffset, keyOffset) => {
    if (at.length === path.length && at.every((name, i) => name === path[i])) {
      found = part === 'key' ? keyOffset : valueOffset;
    }
  });
  scanner.run();
  return found;
}

const DEPTH_MAX = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: readonly string[] = ['true', 'false', 'null'];
const VALUE = 'a value';

class Problem extends Error {
  readonly offset: number;

  constructor(offset: number, expected: string) {
    super(expected);
    this.offset = offset;
  }
}

class Scanner {
  private readonly text: string;
  private readonly visit: (path: JsonPath, valueOffset: number, keyOffset: number) => void;
  private readonly path: (string | number)[] = [];
  private _offset = 0;

  constructor(text: string, visit: (path: JsonPath, valueOffset: number, keyOffset: number) => void) {
    this.text = text;
    this.visit = visit;
  }

  run(): SyntaxProblem | undefined {
    try {
      this.value(0);
      this.blanks();
      if (this._offset < this.text.length) throw new Problem(this._offset, 'nothing more on this line');
      return undefined;
    } catch (error) {
      if (error instanceof Problem) return { offset: error.offset, expected: error.message };
      throw error;
    }
  }

  private next(): string {
    return this.text.charAt(this._offset);
  }

  private blanks(): void {
    while (this.next() !== '' && ' \t\r\n'.includes(this.next())) this._offset++;
  }

  private value(keyOffset: number): void {
    this.blanks();
    this.visit(this.path, this._offset, keyOffset);
    if (this.path.length > DEPTH_MAX) throw new Problem(this._offset, `at most ${DEPTH_MAX} levels`);
    switch (this.next()) {
      case '{':
        return this.members('}', () => this.member());
      case '[':
        return this.members(']', (position) => this.inside(position, this._offset));
      case '"':
        this.string();
        return;
      default:
        return this.plain();
    }
  }

  private members(close: string, member: (position: number) => void): void {
    this._offset++;
    this.blanks();
    if (this.next() === close) {
      this._offset++;
      return;
    }
    for (let position = 0; ; position++) {
      member(position);
      this.blanks();
      const mark = this.next();
      if (mark !== ',' && mark !== close) throw new Problem(this._offset, `a comma or ${close}`);
      this._offset++;
      if (mark === close) return;
    }
  }

  private member(): void {
    this.blanks();
    const keyOffset = this._offset;
    if (this.next() !== '"') throw new Problem(keyOffset, 'a key in double quotes');
    const key = this.string();
    this.blanks();
    if (this.next() !== ':') throw new Problem(this._offset, 'a colon');
    this._offset++;
    this.inside(key, keyOffset);
  }

  private inside(name: string | number, keyOffset: number): void {
    this.path.push(name);
    this.value(keyOffset);
    this.path.pop();
  }

  private string(): string {
    const start = this._offset++;
    for (;;) {
      const mark = this.next();
      if (mark === '') throw new Problem(this.text.length, 'a closing quote');
      if (mark < ' ') throw new Problem(this._offset, 'no control character inside quotes');
      this._offset++;
      if (mark === '"') return JSON.parse(this.text.slice(start, this._offset)) as string;
      if (mark === '\\') this.escape();
    }
  }

  private escape(): void {
    const mark = this.next();
    const length = mark === 'u' ? 4 : 0;
    if (mark === '') throw new Problem(this._offset, 'the rest of an escape');
    if (!'"\\/bfnrtu'.includes(mark)) throw new Problem(this._offset, 'one of "\\/bfnrtu behind a backslash');
    this._offset++;
    for (let i = 0; i < length; i++) {
      if (!/^[0-9a-fA-F]$/.test(this.next())) throw new Problem(this._offset, 'four hexadecimal digits');
      this._offset++;
    }
  }

  /** A number, true, false or null. */
  private plain(): void {
    const rest = this.text.slice(this._offset, this._offset + 5);
    const literal = LITERALS.find((word) => rest.startsWith(word));
    if (literal !== undefined) {
      this._offset += literal.length;
      return;
    }
    NUMBER.lastIndex = this._offset;
    const number = NUMBER.exec(this.text);
    if (number !== null) {
      this._offset += number[0].length;
      // What a number may go on with, had the text not ended: its last digits are missing.
      if (/^[.eE][+-]?$/.test(this.text.slice(this._offset))) throw new Problem(this.text.length, 'a digit');
      return;
    }
    const isBegun = rest === '-' || LITERALS.some((word) => word.startsWith(rest));
    const isCut = this._offset + rest.length === this.text.length && isBegun;
    throw new Problem(isCut ? this.text.length : this._offset, VALUE);
  }
}
