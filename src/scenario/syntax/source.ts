// A scenario file as text: YAML that is read once, and the place of everything in it.
//
// Each mistake in a file, found here or later, becomes a Problem: where it stands, what was found, what was
// expected. Any text at all is either read or refused with a ScenarioError, and soon: its size, its depth and what its
// aliases stand for are bounded before they are trusted. It never opens a file, and never makes dates or other objects.

import { Composer, isAlias, isMap, isScalar, Parser } from 'yaml';
import type { Alias, CST, ParsedNode, YAMLMap } from 'yaml';
import { UsageError } from '../../base/errors.ts';
import { QUOTES, syntaxProblem } from './yaml-errors.ts';

export type Path = readonly (string | number)[];

/** The right word that a wrong one was probably meant to be. */
export type Nearest = (word: string, known: readonly string[]) => string | undefined;

/** A line and a column, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A part of a file, and where it stands. */
export interface Placed<Item> {
  readonly item: Item;
  readonly path: Path;
}

/** The items of a list, or the one that stands for a list. */
export const placed = <Item>(value: Item | readonly Item[], path: Path): Placed<Item>[] =>
  Array.isArray(value) ? value.map((item: Item, i) => ({ item, path: [...path, i] })) : [{ item: value as Item, path }];

/** One mistake in a file. */
export interface Problem extends Place {
  /** What was found and what was expected. */
  readonly message: string;
  /** The wrong word, for a suggestion. */
  readonly word?: string;
  /** The right ones. */
  readonly known?: readonly string[];
}

/** Everything that is wrong with a file, in file order. */
export class ScenarioError extends UsageError {
  /** `ScenarioError`. */
  override name = 'ScenarioError';
  /** The file, as it was named when it was read. */
  readonly file: string;
  /** Every mistake, in file order. */
  readonly problems: readonly Problem[];

  /** The message names every problem with its place. */
  constructor(file: string, problems: readonly Problem[], message: string) {
    super(message);
    this.file = file;
    this.problems = problems;
  }
}

const CHARACTERS_MAX = 1_000_000;
const DEPTH_MAX = 60;
const TOO_DEEP = `nested too deep, expected at most ${DEPTH_MAX} levels`;
const PROBLEMS_MAX = 20;
const MESSAGE_MAX = 300;
const QUOTE_MAX = 40;
const EXCERPT_MAX = 100;

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
/** What no text holds; a line end of \r alone is one that the parser would read as a space. */
const NO_TEXT = /[^\P{Cc}\t\n\r]|\r(?!\n)|\p{Cs}|[\ufffd-\uffff]/u;

const ODDITIES: Readonly<Record<string, string>> = { '\0': 'binary data', '\ufffd': 'bytes that are not UTF-8' };

/** What a plain scalar says that stands for nothing. */
const NO_WORD = /^(?:|~|null)$/i;

/** A text as messages quote it: short, and without a character that a terminal would obey. */
export function quote(text: string): string {
  const short = text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX)}…` : text;
  return JSON.stringify(short).replace(INVISIBLE, (odd) => `\\u{${(odd.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A value as messages name it. */
export function found(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a mapping' : 'nothing';
}

export const inFileOrder = (problems: readonly Problem[]): Problem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);

const thousands = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ' ');
const visible = (text: string): string =>
  text.replaceAll('\t', '→').replace(INVISIBLE, (odd) => '\ufffd'.repeat(odd.length));
const cells = (text: string): number => text.replace(/\p{Mn}/gu, '').replace(WIDE, '  ').length;

/** The text line by line: turns offsets into places, and problems into an error. */
class SourceText {
  readonly file: string;
  readonly text: string;
  private readonly starts: number[] = [0];
  private readonly nearest: Nearest;

  constructor(text: string, file: string, nearest: Nearest) {
    this.file = file;
    this.text = text;
    this.nearest = nearest;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  placeOf(offset: number): Place {
    let [low, high] = [0, this.starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }

  /** The whole lines around a range. */
  linesAround(from: number, to: number): { readonly start: number; readonly text: string } {
    const start = from - this.placeOf(from).column + 1;
    const end = this.text.indexOf('\n', Math.max(from, to - 1));
    return { start, text: this.text.slice(start, end === -1 ? undefined : end) };
  }

  problem(offset: number, message: string, word?: string, known?: readonly string[]): Problem {
    return problemAt(this.placeOf(offset), visible(message), word, known);
  }

  refuse(offset: number, message: string): never {
    return this.fail([this.problem(offset, message)]);
  }

  fail(problems: readonly Problem[]): never {
    const sorted = inFileOrder(problems);
    const headline = ({ line, column, message }: Problem): string => `${this.file}:${line}:${column}: ${message}`;
    const distinct = new Map(sorted.map((problem) => [headline(problem), problem])); // aliases lead to one place twice
    const lines = [...distinct].slice(0, PROBLEMS_MAX).flatMap(([head, { line, column, word, known }]) => {
      const near = word === undefined ? undefined : this.nearest(word, known ?? []);
      return [head, ...this.excerpt(line, column), ...(near === undefined ? [] : [`did you mean ${near}?`])];
    });
    const more = distinct.size - PROBLEMS_MAX;
    if (more > 0) lines.push(more === 1 ? 'and 1 more mistake' : `and ${thousands(more)} more mistakes`);
    throw new ScenarioError(this.file, [...distinct.values()], lines.join('\n'));
  }

  excerpt(line: number, column: number): string[] {
    const start = this.starts[line - 1] ?? this.text.length;
    const whole = this.text.slice(start, this.starts[line] ?? this.text.length).replace(/\r?\n$/, '');
    if (whole.trim() === '') return [];
    const caret = Math.min(Math.max(column - 1, 0), whole.length);
    const from = Math.max(0, Math.min(caret - EXCERPT_MAX / 2, whole.length - EXCERPT_MAX));
    const to = from + EXCERPT_MAX;
    const [before, behind] = [from > 0 ? '…' : '', to < whole.length ? '…' : ''];
    const margin = before.length + cells(visible(whole.slice(from, caret)));
    return [`${before}${visible(whole.slice(from, to))}${behind}`, `${' '.repeat(margin)}^`];
  }
}

function problemAt({ line, column }: Place, message: string, word?: string, known?: readonly string[]): Problem {
  const short = message.length > MESSAGE_MAX ? `${message.slice(0, MESSAGE_MAX - 1)}…` : message;
  return { line, column, message: short, ...(word !== undefined && { word }), ...(known !== undefined && { known }) };
}

function refuseOddTexts(text: string, source: SourceText): void {
  if (text.length > CHARACTERS_MAX) {
    source.refuse(
      0,
      `the file has ${thousands(text.length)} characters, expected at most ${thousands(CHARACTERS_MAX)}`,
    );
  }
  const odd = NO_TEXT.exec(text);
  if (odd === null) return;
  const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const what = ODDITIES[odd[0]] ?? `the character U+${code}`;
  source.refuse(odd.index, `this is no text: found ${what}, expected a scenario`);
}

/** Refuses deep nesting before anything recurses; returns where quotes, and brackets that nothing closes, begin. */
function openings(root: CST.Token | undefined, source: SourceText): number[] {
  const offsets: number[] = [];
  const open = root === undefined ? [] : [{ token: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (token.type === 'single-quoted-scalar' || token.type === 'double-quoted-scalar') offsets.push(token.offset);
    if (!('items' in token)) continue;
    if (depth > DEPTH_MAX) source.refuse(token.offset, TOO_DEEP);
    if (token.type === 'flow-collection') {
      const closing = token.start.type === 'flow-seq-start' ? 'flow-seq-end' : 'flow-map-end';
      if (!token.end.some(({ type }) => type === closing)) offsets.push(token.offset);
    }
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return offsets.sort((a, b) => a - b);
}

const OPTIONS = {
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false, // the reader looks for them, and does so in linear time
} as const;

/** The one document of the text, free of mistakes of the syntax. */
function parse(source: SourceText): ParsedNode {
  const { text } = source;
  const tokens = [...new Parser().parse(text)];
  const [first, second] = tokens.filter((token) => token.type === 'document');
  if (second !== undefined) source.refuse(second.offset, 'a second document begins here, expected one in a file');
  const begun = openings(first?.value, source);
  const [document] = new Composer(OPTIONS).compose(tokens, true, text.length);
  const { errors = [], warnings = [], contents = null } = document ?? {};
  const aboutSyntax = errors.filter(({ code }) => code !== 'NON_STRING_KEY'); // the reader reports keys
  const wrong = syntaxProblem(aboutSyntax, begun, source);
  if (wrong !== undefined) source.fail([wrong]);
  const aboutTags = warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED' || code === 'BAD_COLLECTION_TYPE');
  const tags = aboutTags.map(({ pos }) => {
    return source.problem(pos[0], `unknown tag ${quote(text.slice(...pos))}, expected a value without a tag`);
  });
  if (tags.length > 0) source.fail(tags);
  if (contents === null || isEmpty(contents)) source.refuse(0, 'the file is empty, expected a scenario');
  return contents;
}

const isEmpty = ({ range }: ParsedNode): boolean => range[0] === range[1];

/** A value, and where it and its key stand (for what has no key, twice the same). */
interface Piece {
  readonly data: unknown;
  readonly key: number;
  readonly value: number;
  readonly inside?: ReadonlyMap<string, Piece>;
}

/** What an alias stands for. */
interface Anchor {
  readonly piece: Piece;
  /** How many levels lie below it, and how many characters it has, aliases in it written out. */
  readonly levels: number;
  readonly characters: number;
}

/** Turns nodes into plain data, parts of which aliases share; looks at each node once. */
class NodeReader {
  readonly problems: Problem[] = [];
  private readonly source: SourceText;
  /** By name; undefined as long as the node itself is being read. */
  private readonly anchors = new Map<string, Anchor | undefined>();
  private deepest = 0;
  private writtenOut = 0;

  constructor(source: SourceText) {
    this.source = source;
  }

  read(node: ParsedNode, key: number, depth: number): Piece {
    this.deepest = Math.max(this.deepest, depth);
    if (isAlias(node)) return this.alias(node, key, depth);
    if (node.anchor === undefined) return this.content(node, key, depth);
    this.anchors.set(node.anchor, undefined);
    const [deepest, writtenOut] = [this.deepest, this.writtenOut];
    this.deepest = depth;
    const piece = this.content(node, key, depth);
    const characters = node.range[1] - node.range[0] + this.writtenOut - writtenOut;
    this.anchors.set(node.anchor, { piece, levels: this.deepest - depth, characters });
    this.deepest = Math.max(deepest, this.deepest);
    return piece;
  }

  private alias({ source: name, range: [value] }: Alias.Parsed, key: number, depth: number): Piece {
    const anchor = this.anchors.get(name);
    if (anchor === undefined) {
      const known = [...this.anchors.keys()].filter((other) => other !== name);
      const problem = this.anchors.has(name)
        ? 'stands inside of what it stands for'
        : `has no anchor before it${known.length === 0 ? `: ${QUOTES}` : ''}`;
      this.source.fail([this.source.problem(value, `the alias ${quote(`*${name}`)} ${problem}`, name, known)]);
    }
    this.writtenOut += anchor.characters;
    this.deepest = Math.max(this.deepest, depth + anchor.levels);
    if (this.source.text.length + this.writtenOut > CHARACTERS_MAX) {
      this.source.refuse(
        value,
        `too much with aliases written out, expected at most ${thousands(CHARACTERS_MAX)} characters`,
      );
    }
    if (this.deepest > DEPTH_MAX) this.source.refuse(value, TOO_DEEP);
    return { ...anchor.piece, key, value };
  }

  private content(node: Exclude<ParsedNode, Alias.Parsed>, key: number, depth: number): Piece {
    if (isScalar(node)) return { data: node.value, key, value: isEmpty(node) ? key : node.range[0] };
    const inside = isMap(node)
      ? this.entries(node, depth + 1)
      : new Map(node.items.map((item, i) => [String(i), this.read(item, item.range[0], depth + 1)]));
    const entries = Array.from(inside, ([name, piece]) => [name, piece.data] as const);
    const data = isMap(node) ? Object.fromEntries(entries) : entries.map(([, item]) => item);
    return { data, key, value: node.range[0], inside };
  }

  private entries(node: YAMLMap.Parsed, depth: number): Map<string, Piece> {
    const inside = new Map<string, Piece>();
    for (const { key, value } of node.items) {
      const [offset] = key.range;
      const name = isScalar(key) ? this.read(key, offset, depth).data : undefined;
      const piece = value === null ? { data: null, key: offset, value: offset } : this.read(value, offset, depth);
      const isWord = typeof name === 'string' && !(isScalar(key) && key.type === 'PLAIN' && NO_WORD.test(name));
      const first = isWord ? inside.get(name) : undefined;
      if (!isWord) this.complain(offset, 'this is no key, expected a word');
      else if (name === '__proto__') this.complain(offset, 'no key may be called __proto__');
      else if (first === undefined) inside.set(name, piece);
      else {
        const { line } = this.source.placeOf(first.key);
        this.complain(offset, `duplicate key ${quote(name)}, the first one is in line ${line}`);
      }
    }
    return inside;
  }

  private complain(offset: number, message: string): void {
    this.problems.push(this.source.problem(offset, message));
  }
}

/** A scenario that was read: its data, and where each piece of it stands. */
export class ScenarioSource {
  private readonly _text: SourceText;
  private readonly root: Piece;

  private constructor(text: SourceText, root: Piece) {
    this._text = text;
    this.root = root;
  }

  /** Throws a ScenarioError on what is no usable YAML. */
  static read(text: string, file: string, nearest: Nearest): ScenarioSource {
    const body = text.startsWith('\ufeff') ? text.slice(1) : text;
    const source = new SourceText(body.slice(0, CHARACTERS_MAX), file, nearest);
    refuseOddTexts(body, source);
    const node = parse(source);
    const reader = new NodeReader(source);
    const root = reader.read(node, node.range[0], 1);
    if (reader.problems.length > 0) source.fail(reader.problems);
    if (!isMap(node)) source.refuse(root.value, `the file is ${found(root.data)}, expected a mapping: "key: value"`);
    return new ScenarioSource(source, root);
  }

  get file(): string {
    return this._text.file;
  }

  /** Mappings, lists, texts, numbers, true, false and null. */
  get data(): unknown {
    return this.root.data;
  }

  /** What stands at a path; undefined if nothing does. */
  at(path: Path): unknown {
    const { piece, isThere } = this.find(path);
    return isThere ? piece.data : undefined;
  }

  /** Where a key or a value stands; for a path that does not exist, where the key of its nearest ancestor does. */
  place(path: Path, part: 'key' | 'value'): Place {
    const { piece, isThere } = this.find(path);
    return this._text.placeOf(part === 'value' && isThere ? piece.value : piece.key);
  }

  /** `file:line:column` */
  where(path: Path, part: 'key' | 'value' = 'value'): string {
    const { line, column } = this.place(path, part);
    return `${this.file}:${line}:${column}`;
  }

  problem(path: Path, part: 'key' | 'value', message: string, word?: string, known?: readonly string[]): Problem {
    return problemAt(this.place(path, part), message, word, known);
  }

  /** All of the problems in one error, in file order; of very many, the first ones and how many more. */
  fail(problems: readonly Problem[]): never {
    return this._text.fail(problems);
  }

  /** A line of the file and a caret below a column of it; neither for a line without visible characters. */
  excerpt(line: number, column: number): string[] {
    return this._text.excerpt(line, column);
  }

  /** The piece at a path, or its nearest ancestor. */
  private find(path: Path): { readonly piece: Piece; readonly isThere: boolean } {
    let piece = this.root;
    for (const name of path) {
      const next = piece.inside?.get(String(name));
      if (next === undefined) return { piece, isThere: false };
      piece = next;
    }
    return { piece, isThere: true };
  }
}
