// What a schema has against a scenario, in the words of its author.
//
// Each issue becomes one line: what stands in the file, and what was expected there. A schema may say itself what it
// expects, with a message that begins with `expected `; any other message of a check of its own is shown as it is. The
// sentences of the library are never shown, nor is anything that a schema accepts ever refused here.

import { counted } from '../../base/text.ts';
import * as z from 'zod';
import { found, inFileOrder, quote, type Path, type Problem, type ScenarioSource } from './source.ts';

type Issue = z.core.$ZodIssue;
type Union = z.core.$ZodIssueInvalidUnion;

/** The words of a scenario that a schema does not give along with its issues; the same for all items of a list. */
export interface Names {
  /** The keys that the mapping at a path may have. */
  knownKeys(path: Path): readonly string[];
  /** What a key of the mapping at a path is called: a key, a step, a condition. */
  nounOf(path: Path): string;
  /** What to do with an unknown key that belongs elsewhere. */
  remedyFor?(key: string, path: Path, mapping: unknown): string | undefined;
  /** A value that is right at a path. */
  exampleAt?(path: Path): string | undefined;
}

const EXPECTED = 'expected ';
const WORDS_MAX = 200;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'nothing',
  undefined: 'nothing',
  never: 'nothing',
};

/**
 * Says what is expected, for the option `error` of `safeParse`. It knows the schema, which issues no longer do: only so
 * is a text answered with a whole number that was expected, and a number that is too big with the least one, too.
 */
export const expectations: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_union') return undefined; // its branches say it
  const schema = issue.schema instanceof z.ZodNumber ? issue.schema : undefined;
  const isInteger = issue.code === 'invalid_type' && schema?.format?.includes('int') === true;
  const expected = isInteger ? KINDS['int'] : expectation(issue as Issue, schema);
  return expected === undefined ? undefined : `${EXPECTED}${expected}`;
};

/** The data as the schema wants it; a ScenarioError with all that is wrong with it. */
export function validate<Output>(schema: z.ZodType<Output>, source: ScenarioSource, names: Names): Output {
  const result = schema.safeParse(source.data, { error: expectations });
  return result.success ? result.data : source.fail(problemsOf(result.error, source, names));
}

/** The issues as problems, in file order; best with those of a schema that was given the expectations of this file. */
export function problemsOf(
  error: { readonly issues: readonly Issue[] },
  source: ScenarioSource,
  names: Names,
): Problem[] {
  const renderer = new IssueRenderer(source, names);
  return inFileOrder(renderer.renderAll(error.issues, []));
}

/** `5`, `one of a, b, c`; of very many words the first ones. */
function oneOf(words: readonly unknown[]): string {
  const texts = words.map((word) => (typeof word === 'string' && word !== '' ? word : found(word)));
  if (texts.length < 2) return texts[0] ?? 'nothing';
  let length = 0;
  const few = texts.filter((word) => (length += word.length + 2) <= WORDS_MAX);
  return `one of ${few.join(', ')}${few.length < texts.length ? ` and ${texts.length - few.length} more` : ''}`;
}

/** `a text, a list or one of a, b`: the list of words comes last, as it has commas of its own. */
function eitherOf(expected: readonly string[]): string {
  const sorted = expected.toSorted((a, b) => Number(a.startsWith('one of ')) - Number(b.startsWith('one of ')));
  const last = sorted.pop() ?? 'something else';
  return sorted.length === 0 ? last : `${sorted.join(', ')} or ${last}`;
}

/** What an issue about a whole value expects there; undefined for one about its parts, or one that says so itself. */
function expectation(issue: Issue, schema?: z.ZodNumber): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'too_small':
    case 'too_big':
      return size(issue, schema);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.pattern === undefined ? `a text of the form ${issue.format}` : `a text like ${issue.pattern}`;
    case 'invalid_union':
      return issue.errors.length === 0 ? oneOf(optionsOf(issue)) : eitherOf(alternatives(issue.errors));
    default:
      return undefined;
  }
}

function size(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, schema: z.ZodNumber | undefined): string {
  const [bound, word] = issue.code === 'too_small' ? [issue.minimum, 'least'] : [issue.maximum, 'most'];
  const count = Number(bound);
  if (issue.origin === 'string' || issue.origin === 'array') {
    const noun = issue.origin === 'string' ? 'character' : 'item';
    return `${issue.exact === true ? 'exactly' : `at ${word}`} ${counted(count, noun)}`;
  }
  if (issue.inclusive === false) return `${issue.code === 'too_small' ? 'more' : 'less'} than ${count}`;
  const [least, most] = [schema?.minValue ?? -Infinity, schema?.maxValue ?? Infinity];
  const isRange = Number.isFinite(least) && Number.isFinite(most) && isOrdinary(least) && isOrdinary(most);
  return isRange ? `${least} to ${most}` : `at ${word} ${count}`;
}

/** False for the bounds that every whole number has. */
const isOrdinary = (bound: number): boolean => Math.abs(bound) < Number.MAX_SAFE_INTEGER;

const optionsOf = (issue: Union): readonly unknown[] => ('options' in issue ? (issue.options ?? []) : []);

const ownWords = ({ message }: Issue): string | undefined =>
  message.startsWith(EXPECTED) ? message.slice(EXPECTED.length) : undefined;

const expectedBy = (issue: Issue): string => ownWords(issue) ?? expectation(issue) ?? 'something else';

const isAboutTheWhole = (issue: Issue): boolean => issue.path.length === 0;

/** What the branches of a union expect as a whole, each once. */
function alternatives(branches: readonly (readonly Issue[])[]): string[] {
  const expected = branches.flatMap((branch) => {
    const issue = branch.find(isAboutTheWhole);
    if (issue === undefined) return [];
    const isInnerUnion = issue.code === 'invalid_union' && issue.errors.length > 0 && ownWords(issue) === undefined;
    return isInnerUnion ? alternatives(issue.errors) : [expectedBy(issue)];
  });
  return [...new Set(expected)];
}

/** True for an issue that has nothing to do with what was written, as it expects another kind of value. */
function isOfAnotherKind(issue: Issue, value: unknown): boolean {
  if (!isAboutTheWhole(issue)) return false;
  if (issue.code === 'invalid_type') return !(issue.expected === 'int' && typeof value === 'number');
  if (issue.code === 'invalid_value') return issue.values.every((known) => typeof known !== typeof value);
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return false;
  return issue.errors.every((branch) => branch.some((inner) => isOfAnotherKind(inner, value)));
}

/** True for an issue that only says which values are expected: those of several branches can be named at once. */
const isPlain = (issue: Issue): boolean =>
  isAboutTheWhole(issue) && issue.code !== 'invalid_union' && (ownWords(issue) ?? expectation(issue)) !== undefined;

const isPlainValues = (issue: Issue): boolean =>
  isAboutTheWhole(issue) &&
  issue.code === 'invalid_value' &&
  (ownWords(issue) ?? expectation(issue)) === expectation(issue);

const unknownKeys = (branch: readonly Issue[]): string[] =>
  branch.flatMap((issue) => (issue.code === 'unrecognized_keys' && isAboutTheWhole(issue) ? issue.keys : []));

/** How far a branch is from what was written: above all by keys that it does not know, then as a list of words. */
const strangeness = (branch: readonly Issue[]): number =>
  unknownKeys(branch).length * 1000 + branch.filter(isPlainValues).length * 100 + branch.length;

/** How a path is named: by its last key, and what follows that. */
function nameOf(path: Path): string {
  const last = path.findLastIndex((part) => typeof part === 'string');
  const places = path.slice(last + 1).map((index) => `[${index}]`);
  const key = path[last];
  const name = typeof key === 'string' ? (/^[\w-]{1,40}$/.test(key) ? key : quote(key)) : 'the scenario';
  return `${name}${places.join('')}`;
}

interface KeyWords {
  readonly noun: string;
  readonly known: readonly string[];
}

class IssueRenderer {
  private readonly source: ScenarioSource;
  private readonly names: Names;
  private readonly words = new Map<string, KeyWords>();

  constructor(source: ScenarioSource, names: Names) {
    this.source = source;
    this.names = names;
  }

  /** The problems behind issues whose paths begin at another one. */
  renderAll(issues: readonly Issue[], base: Path): Problem[] {
    const misspelt = new Set(
      issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('/')),
    );
    // what a check says of a mapping with a misspelt key is mostly a consequence
    const shown = issues.filter(({ code, path }) => code !== 'custom' || !misspelt.has(path.join('/')));
    return shown.flatMap((issue) => this.render(issue, base));
  }

  private render(issue: Issue, base: Path): Problem[] {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    switch (issue.code) {
      case 'unrecognized_keys':
        return this.unknownKeys(issue.keys, path);
      case 'invalid_key':
        return [this.wrongKey(issue, path)];
      case 'invalid_union':
        return this.union(issue, path);
      case 'invalid_value':
        return [this.oneOf(issue, issue.values, path)];
      case 'custom':
        return [this.custom(issue, path)];
      default:
        return [this.value(issue, path)];
    }
  }

  /** Asked once for all items of a list, of which there may be very many. */
  private wordsAt(path: Path): KeyWords {
    const place = JSON.stringify(path.map((part) => (typeof part === 'number' ? 0 : part)));
    const words = this.words.get(place) ?? { noun: this.names.nounOf(path), known: this.names.knownKeys(path) };
    this.words.set(place, words);
    return words;
  }

  private unknownKeys(keys: readonly string[], path: Path): Problem[] {
    const { known } = this.wordsAt(path);
    return keys.map((key) => {
      const remedy = this.names.remedyFor?.(key, path, this.source.at(path));
      if (remedy !== undefined) return this.source.problem([...path, key], 'key', remedy);
      return this.unknownKey([...path, key], oneOf(known), known);
    });
  }

  private unknownKey(path: Path, expected: string, known?: readonly string[]): Problem {
    const key = String(path.at(-1));
    const { noun } = this.wordsAt(path.slice(0, -1));
    return this.source.problem(path, 'key', `unknown ${noun} ${quote(key)}, expected ${expected}`, key, known);
  }

  private wrongKey(issue: z.core.$ZodIssueInvalidKey, path: Path): Problem {
    const [inner] = issue.issues;
    const known = inner?.code === 'invalid_value' ? inner.values.map(String) : undefined;
    if (inner?.code === 'custom' && ownWords(inner) === undefined) {
      return this.source.problem(path, 'key', inner.message);
    }
    return this.unknownKey(path, inner === undefined ? 'another' : expectedBy(inner), known);
  }

  /** A value that is missing, or not what was expected. */
  private value(
    issue: Issue,
    path: Path,
    expected = expectedBy(issue),
    word?: string,
    known?: readonly string[],
  ): Problem {
    const value = this.source.at(path);
    if (value === undefined) {
      return this.source.problem(path, 'key', `${nameOf(path)} is missing, ${EXPECTED}${expected}`);
    }
    const message = `${nameOf(path)} ${described(value, issue)}, ${EXPECTED}${expected}${this.suchAs(issue, path)}`;
    return this.source.problem(path, 'value', message, word, known);
  }

  /** What a value of another kind might look like. */
  private suchAs(issue: Issue, path: Path): string {
    const isAboutKind = issue.code === 'invalid_type' || issue.code === 'invalid_union';
    const isPlainlyTold = (ownWords(issue) ?? expectation(issue)) === expectation(issue);
    const example = isAboutKind && isPlainlyTold ? this.names.exampleAt?.(path) : undefined;
    return example === undefined ? '' : ` such as ${example}`;
  }

  /** A value that is none of a few words, or no word at all. */
  private oneOf(issue: Issue, values: readonly unknown[], path: Path): Problem {
    const value = this.source.at(path);
    const known = values.filter((word) => typeof word === 'string');
    if (typeof value !== 'string' || known.length === 0) return this.value(issue, path);
    if (typeof path.at(-1) !== 'string') return this.value(issue, path, expectedBy(issue), value, known);
    const message = `unknown ${nameOf(path)} ${quote(value)}, ${EXPECTED}${expectedBy(issue)}`;
    return this.source.problem(path, 'value', message, value, known);
  }

  private custom(issue: z.core.$ZodIssueCustom, path: Path): Problem {
    const params: Readonly<Record<string, unknown>> = issue.params ?? {};
    const word = typeof params['word'] === 'string' ? params['word'] : undefined;
    const known = Array.isArray(params['known']) ? params['known'].map(String) : undefined;
    const expected = ownWords(issue);
    if (expected !== undefined) return this.value(issue, path, expected, word, known);
    return this.source.problem(path, 'value', issue.message, word, known);
  }

  /** The branch that was meant; if none is known, what those of its kind expect together. */
  private union(issue: Union, path: Path): Problem[] {
    const value = this.source.at(path);
    if (issue.errors.length === 0) return [this.oneOf(issue, optionsOf(issue), path)];
    const fitting = issue.errors.filter((branch) => !branch.some((inner) => isOfAnotherKind(inner, value)));
    const [best, ...others] = fitting.toSorted((a, b) => strangeness(a) - strangeness(b));
    if (value === undefined || best === undefined) return [this.value(issue, path)];
    if (others.length > 0 && fitting.flat().every(isPlain)) {
      const words = fitting.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
      const areAll = fitting.flat().every(isPlainValues);
      const expected = areAll ? oneOf(words) : eitherOf(alternatives(fitting));
      return [this.oneOf({ ...issue, message: `${EXPECTED}${expected}` }, words, path)];
    }
    const rivals = others.filter((branch) => strangeness(branch) === strangeness(best));
    if (rivals.length === 0) return this.renderAll(best, path);
    const { known } = this.wordsAt(path);
    if (known.length > 0 && typeof value === 'object' && value !== null && Object.keys(value).length === 0) {
      return [this.source.problem(path, 'value', `${nameOf(path)} is empty, ${EXPECTED}${oneOf(known)}`)];
    }
    const shared = unknownKeys(best).filter((key) => rivals.every((branch) => unknownKeys(branch).includes(key)));
    return shared.length > 0 ? this.unknownKeys(shared, path) : this.renderAll(best, path);
  }
}

/** What is said of a value: its size if that is wrong, else what it is. */
function described(value: unknown, issue: Issue): string {
  const isAboutSize = issue.code === 'too_small' || issue.code === 'too_big';
  if (isAboutSize && Array.isArray(value)) return `has ${counted(value.length, 'item')}`;
  if (isAboutSize && typeof value === 'string') return `has ${counted(value.length, 'character')}`;
  return `is ${found(value)}`;
}
