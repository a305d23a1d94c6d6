// A TypeScript file as the house rules see it: code without comments and texts, comments alone, and its imports.
//
// The stripper is a small tokenizer, not a parser. It replaces what it takes away by blanks of the same length, so
// that every offset and every line number stays that of the file. Expressions inside template literals stay code.

export interface Import {
  readonly specifier: string;
  /** The statement is `import type` or `export type`; inline `type` marks do not count: the module is still loaded. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Source {
  /** From the root of the project, with slashes: `src/raft/node.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the insides of strings, templates and regular expressions blanked. */
  readonly code: string;
  /** The text with everything but comments blanked. */
  readonly comments: string;
  readonly imports: readonly Import[];
  /** Lines of `import(...)` whose argument is not one plain string. */
  readonly unreadableImports: readonly number[];
}

export function readSource(path: string, text: string): Source {
  const { code, comments } = strip(text);
  return { path, text, code, comments, ...readImports(text, code) };
}

/** The line (from 1) of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** After one of these words a slash starts a regular expression; after any other word it divides. */
const BEFORE_REGEX = new Set(
  'return typeof case in of delete void throw new else do await yield instanceof'.split(' '),
);

/** Splits a text into code and comments of the same length. */
export function strip(text: string): { code: string; comments: string } {
  const code: string[] = [];
  const comments: string[] = [];
  /** For each open `${`: how many braces are open inside of it. */
  const templates: number[] = [];
  let i = 0;

  const blank = (c: string): string => (c === '\n' || c === '\r' ? c : ' ');
  const take = (n: number, kind: 'code' | 'comment' | 'text'): void => {
    for (const end = Math.min(i + n, text.length); i < end; i++) {
      const c = text.charAt(i);
      code.push(kind === 'code' ? c : blank(c));
      comments.push(kind === 'comment' ? c : blank(c));
    }
  };
  /** Blanks the inside of a literal up to its closing mark, which stays. */
  const takeUntil = (close: string): void => {
    while (i < text.length && text.charAt(i) !== close && text.charAt(i) !== '\n') {
      take(text.charAt(i) === '\\' ? 2 : 1, 'text');
    }
    take(1, 'code');
  };
  /** Blanks a template's text up to its end or to the next `${`. */
  const takeTemplate = (): void => {
    while (i < text.length) {
      if (text.charAt(i) === '`') return take(1, 'code');
      if (text.startsWith('${', i)) {
        templates.push(0);
        return take(2, 'code');
      }
      take(text.charAt(i) === '\\' ? 2 : 1, 'text');
    }
  };
  const takeRegex = (): void => {
    take(1, 'code');
    let inClass = false;
    while (i < text.length && text.charAt(i) !== '\n' && (inClass || text.charAt(i) !== '/')) {
      if (text.charAt(i) === '[') inClass = true;
      if (text.charAt(i) === ']') inClass = false;
      take(text.charAt(i) === '\\' ? 2 : 1, 'text');
    }
    take(1, 'code');
  };
  const regexMayStart = (): boolean => {
    const before = code.slice(-80).join('').trimEnd();
    const word = /[\w$]+$/.exec(before);
    if (word) return BEFORE_REGEX.has(word[0]) && before.charAt(word.index - 1) !== '.';
    return !/[)\]}'"`]$/.test(before);
  };

  while (i < text.length) {
    const c = text.charAt(i);
    if (text.startsWith('//', i)) {
      const end = text.indexOf('\n', i);
      take((end === -1 ? text.length : end) - i, 'comment');
    } else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2);
      take((end === -1 ? text.length : end + 2) - i, 'comment');
    } else if (c === "'" || c === '"') {
      take(1, 'code');
      takeUntil(c);
    } else if (c === '`') {
      take(1, 'code');
      takeTemplate();
    } else if (c === '/' && regexMayStart()) {
      takeRegex();
    } else if (c === '}' && templates.at(-1) === 0) {
      templates.pop();
      take(1, 'code');
      takeTemplate();
    } else {
      const depth = templates.at(-1);
      if (depth !== undefined && c === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && c === '}') templates[templates.length - 1] = depth - 1;
      take(1, 'code');
    }
  }
  return { code: code.join(''), comments: comments.join('') };
}

const WORD = /(?<![.\w$#])(?:import|export)\b/g;
const FROM = /(?:import|export)\s*(type\b(?!\s*(?:,|from\b)))?\s*[\w$*{},\s]*?\bfrom\s*(['"])/y;
const BARE = /import\s*(['"])/y;
const CALL = /import\s*\(\s*/y;

/** Every import, re-export and dynamic import of a file. */
function readImports(text: string, code: string): { imports: Import[]; unreadableImports: number[] } {
  const imports: Import[] = [];
  const unreadableImports: number[] = [];
  const at = (pattern: RegExp, offset: number): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(code);
  };
  for (const { index } of code.matchAll(WORD)) {
    const line = lineAt(text, index);
    const quoted = (open: number): string => text.slice(open + 1, code.indexOf(code.charAt(open), open + 1));
    const from = at(FROM, index);
    const bare = at(BARE, index);
    const call = at(CALL, index);
    const statement = from ?? bare;
    if (statement) {
      const specifier = quoted(index + statement[0].length - 1);
      imports.push({ specifier, typeOnly: from?.[1] !== undefined, line });
    } else if (call) {
      const open = index + call[0].length;
      const typeOnly = /\btypeof\s*$/.test(code.slice(0, index));
      const literal = /^(['"])\s*\1\s*[),]/.test(code.slice(open));
      if (literal) imports.push({ specifier: quoted(open), typeOnly, line });
      else unreadableImports.push(line);
    }
  }
  return { imports, unreadableImports };
}
