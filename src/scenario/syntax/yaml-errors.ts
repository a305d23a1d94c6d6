// What is wrong with the YAML of a scenario, in plain words.
//
// The sentences of the parser are shown only where there is none of our own; places are those of the text.

import type { YAMLError } from 'yaml';

/** A text with places, and mistakes that have one. */
interface Text<Problem> {
  readonly text: string;
  problem(offset: number, message: string): Problem;
  linesAround(from: number, to: number): { readonly start: number; readonly text: string };
}

/** What to do about characters that mean something else than a text. */
export const QUOTES = 'put quotes around text with , : # [ ] { } * &';

/** What the parser says, as code and sentence, and what a user reads instead. */
const PLAIN_WORDS: readonly (readonly [said: RegExp, message: string])[] = [
  [/ All mapping items must/, 'this line is indented differently from the keys beside it'],
  [/ All sequence items must/, 'this item is indented differently from the items beside it'],
  [/ Sequence item without -/, 'this line is neither an item of the list nor indented like a part of the item above'],
  [/ Block collections are not allowed within flow/, `a second ": " inside of { }: ${QUOTES}`],
  [/ Nested mappings are not allowed in/, 'a second ": " in one line, expected a new line, or quotes around the text'],
  [/^MULTILINE_IMPLICIT_KEY/, 'this line does not fit the lines around it, expected "key: value"'],
  [/ Implicit map keys need to be followed/, 'a line without a colon, expected "key: value"'],
  [/ Comments must be separated/, 'a "#" right behind a value, expected a space before a comment'],
  [/ cannot start with .*(\S)$/, 'a text that begins with $1, expected quotes around it'],
  [/ Invalid escape sequence (\S+)/, 'unknown escape $1, expected one like \\n, or single quotes around the text'],
  [/ Unexpected flow-\w+-end token.*"(.)"$/, 'a $1 that closes nothing'],
  [/ Unexpected block-seq-ind on same line/, 'a list behind its key, expected it to begin on a new line'],
  [/ Unexpected flow-\S+ at node end/, `a bracket inside of a text: ${QUOTES}`],
  [/ Unexpected \S+ at node end/, 'more text behind a value, expected a new line'],
  [/ Unexpected , in| Unexpected empty item/, 'a comma without a value before it'],
  [/ Missing , /, 'two items without a comma between them'],
  [/^BAD_ALIAS/, 'an anchor or alias without a name, expected one like &name or *name'],
  [/ Block scalar header/, 'a text behind | or >, expected it to begin on a new line'],
  [/ directives-end/, 'a line that begins with %, expected "key: value"'],
];

/** The first mistake of the syntax; those behind it are mostly its consequences. */
export function syntaxProblem<Problem>(
  errors: readonly YAMLError[],
  begun: readonly number[],
  source: Text<Problem>,
): Problem | undefined {
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return undefined;
  const { text } = source;
  const at = first.pos[0] + (/^ *(?=\S)/.exec(text.slice(first.pos[0]))?.[0].length ?? 0);
  const beginning = (mark: string): number => begun.findLast((offset) => text[offset] === mark && offset < at) ?? at;

  const mark = /Missing closing (["'])/.exec(first.message)?.[1];
  if (mark !== undefined) return source.problem(beginning(mark), `this ${mark} is never closed`);

  const lines = source.linesAround(at, Math.max(...errors.slice(0, 9).map(({ pos }) => pos[1])));
  const tab = /^ *\t(?=[^\S\n]*\S)/m.exec(lines.text);
  if (tab !== null) return source.problem(lines.start + tab.index + tab[0].length - 1, 'a tab, expected spaces');

  const bracket = /end with a ([\]}])/.exec(first.message)?.[1];
  if (bracket !== undefined) {
    const opening = bracket === ']' ? '[' : '{';
    const message = `this ${opening} is not closed, expected a ${bracket} before a line that is indented less`;
    const begin = beginning(opening);
    const line = source.linesAround(begin, begin + 1);
    const isComment = line.text.slice(begin - line.start).includes(' #');
    return source.problem(begin, isComment ? `${message}: a # begins a comment, ${QUOTES}` : message);
  }
  const key = errors.find(({ code, pos }) => code === 'MULTILINE_IMPLICIT_KEY' && pos[0] <= at);
  const joined = key === undefined ? '' : text.slice(at, key.pos[1]);
  if (joined.includes('\n')) {
    const isWholeLine = /^[ -]*$/.test(text.slice(lines.start, at));
    if (isWholeLine) return source.problem(at, 'a line without a colon, expected "key: value"');
    const last = at + joined.lastIndexOf('\n') + 1;
    const message = 'this line is indented like a part of the value above, but has a key of its own';
    return source.problem(last + text.slice(last).search(/\S/), message);
  }
  const said = `${first.code} ${first.message}`;
  const row = PLAIN_WORDS.find(([pattern]) => pattern.test(said));
  const named = row?.[0].exec(said)?.[1] ?? '';
  return source.problem(at, row?.[1].replace('$1', () => named) ?? `broken YAML: ${first.message}`);
}
