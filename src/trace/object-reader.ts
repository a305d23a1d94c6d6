// Reads one line of a file, key by key, and says exactly what is wrong with it.
//
// Each complaint is a UsageError that starts with file, line and column, says what was found and what was expected,
// and names the nearest right word if the caller knows how to find one. Nothing is guessed and nothing is skipped.

import { UsageError } from '../base/errors.ts';
import { clientId, nodeId, type ClientId, type NodeId } from '../base/ids.ts';
import { asciiJson, offsetOf, type JsonPath } from './json.ts';

/** The right word that a wrong one was probably meant to be. */
export type NearestWord = (word: string, candidates: readonly string[]) => string | undefined;

/** One line of a file. */
export interface SourceLine {
  readonly file: string;
  readonly number: number;
  readonly text: string;
  readonly nearest: NearestWord | undefined;
}

const FOUND_MAX = 40;

/** Ends the reading with a complaint about an offset of a line. */
export function complain(line: Pick<SourceLine, 'file' | 'number'>, offset: number, message: string): never {
  throw new UsageError(`${line.file}:${line.number}:${offset + 1}: ${message}`);
}

/** A value as complaints quote it. */
export function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = asciiJson(value);
  return text.length > FOUND_MAX ? `${text.slice(0, FOUND_MAX)}...` : text;
}

export class ObjectReader {
  private readonly line: SourceLine;
  private readonly path: JsonPath;
  private readonly what: string;
  private readonly _object: Readonly<Record<string, unknown>>;

  /** Reads an object found at a path of the line; `what` names it in complaints. */
  constructor(line: SourceLine, path: JsonPath, value: unknown, what: string) {
    this.line = line;
    this.path = path;
    this.what = what;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      complain(line, offsetOf(line.text, path, 'value'), `${what} is ${foundText(value)}; expected an object`);
    }
    this._object = value as Readonly<Record<string, unknown>>;
  }

  has(key: string): boolean {
    return Object.hasOwn(this._object, key);
  }

  /** Complains about the first key that is none of these. */
  allowOnly(keys: readonly string[]): void {
    for (const key of Object.keys(this._object)) {
      if (keys.includes(key)) continue;
      const place = offsetOf(this.line.text, [...this.path, key], 'key');
      complain(this.line, place, `unknown key ${foundText(key)} in ${this.what}; ${this.hint(key, keys)}`);
    }
  }

  /** The value behind a key, of any type. */
  value(key: string): unknown {
    return this.has(key) ? this._object[key] : undefined;
  }

  /** A whole number that is at least `min`. */
  integer(key: string, min: number): number {
    const value = this.value(key);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
    return this.fail(key, min === Number.MIN_SAFE_INTEGER ? 'a whole number' : `a whole number from ${min}`);
  }

  /** A list of whole numbers that are at least `min`. */
  integers(key: string, min: number): number[] {
    const value = this.value(key);
    const isFit = (one: unknown): one is number => typeof one === 'number' && Number.isSafeInteger(one) && one >= min;
    return Array.isArray(value) && value.every(isFit) ? value : this.fail(key, `a list of whole numbers from ${min}`);
  }

  flag(key: string): boolean {
    const value = this.value(key);
    return typeof value === 'boolean' ? value : this.fail(key, 'true or false');
  }

  text(key: string): string {
    const value = this.value(key);
    return typeof value === 'string' ? value : this.fail(key, 'a text in double quotes');
  }

  /** A text of this many lower-case hexadecimal digits. */
  hex(key: string, digits: number): string {
    const value = this.value(key);
    if (typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value)) return value;
    return this.fail(key, `${digits} hexadecimal digits in double quotes`);
  }

  /** One of a few words. */
  word<Word extends string>(key: string, words: readonly Word[]): Word {
    const value = this.value(key);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    if (typeof value !== 'string') return this.fail(key, `one of ${words.join(', ')}`);
    return this.complain(key, `unknown "${key}" ${foundText(value)}; ${this.hint(value, words)}`);
  }

  /** The name of a node of a cluster of this size. */
  node(key: string, nodes: number): NodeId {
    return this.nodeNamed(this.value(key), [key], nodes);
  }

  client(key: string): ClientId {
    const value = this.value(key);
    const digits = typeof value === 'string' ? /^c([1-9]\d{0,6})$/.exec(value)?.[1] : undefined;
    return digits === undefined ? this.fail(key, 'a client: "c1", "c2", ...') : clientId(Number(digits) - 1);
  }

  /** A list of directed links, each the names of its two ends. */
  links(key: string, nodes: number): (readonly [NodeId, NodeId])[] {
    const value = this.value(key);
    if (!Array.isArray(value)) return this.fail(key, 'a list of links like ["n1","n2"]');
    return value.map((link: unknown, i) => {
      if (!Array.isArray(link) || link.length !== 2) {
        return this.complain([key, i], `a link is ${foundText(link)}; expected two names like ["n1","n2"]`);
      }
      const [from, to] = link as readonly unknown[];
      return [this.nodeNamed(from, [key, i, 0], nodes), this.nodeNamed(to, [key, i, 1], nodes)] as const;
    });
  }

  nodes(key: string, nodes: number): NodeId[] {
    const value = this.value(key);
    if (!Array.isArray(value)) return this.fail(key, 'a list of names like "n1"');
    return value.map((name: unknown, i) => this.nodeNamed(name, [key, i], nodes));
  }

  object(key: string, what: string): ObjectReader {
    if (!this.has(key)) return this.fail(key, 'an object');
    return new ObjectReader(this.line, [...this.path, key], this.value(key), what);
  }

  /** Complains about the value behind a key. */
  fail(key: string, expected: string): never {
    if (this.has(key)) return this.complain(key, `"${key}" is ${foundText(this.value(key))}; expected ${expected}`);
    const place = offsetOf(this.line.text, this.path, 'value');
    return complain(this.line, place, `${this.what} has no "${key}"; expected ${expected}`);
  }

  /** A node named behind a key, or as an end of a link in the list behind it. */
  private nodeNamed(name: unknown, [key, ...inside]: readonly [string, ...number[]], nodes: number): NodeId {
    const digits = typeof name === 'string' ? /^n([1-9]\d{0,5})$/.exec(name)?.[1] : undefined;
    const all = nodes === 1 ? 'n1' : `n1 to n${nodes}`;
    const what = inside.length === 0 ? `"${key}"` : `an end of a link in "${key}"`;
    if (digits === undefined) {
      if (inside.length === 0) return this.fail(key, `a node: ${all}`);
      return this.complain([key, ...inside], `${what} is ${foundText(name)}; expected a node: ${all}`);
    }
    if (Number(digits) <= nodes) return nodeId(Number(digits) - 1);
    const problem = `${what} is ${foundText(name)}, which does not exist: the plan has the nodes ${all}`;
    return this.complain([key, ...inside], problem);
  }

  private complain(at: string | JsonPath, message: string): never {
    const path = typeof at === 'string' ? [...this.path, at] : [...this.path, ...at];
    return complain(this.line, offsetOf(this.line.text, path, 'value'), message);
  }

  private hint(word: string, candidates: readonly string[]): string {
    const near = this.line.nearest?.(word, candidates);
    const guess = near === undefined ? '' : `did you mean "${near}"? `;
    return `${guess}expected one of ${candidates.join(', ')}`;
  }
}
