// The checks of the house: each takes the files of src/ and returns what is wrong, with the place and the cure.
//
// They know nothing of the disk, so that the suite can plant violations in texts of its own.

import { COLD_BANS, HOT_BANS, LEFTOVERS, LEFTOVER_TEXTS, type Ban } from './bans.ts';
import {
  BESIDE_RUNS,
  ENTRIES,
  FILE_PACKAGES,
  FRONT_DOOR,
  HOT_ROOMS,
  ROOMS,
  SHARED_NAMES,
  TABLES,
  roomOf,
} from './rooms.ts';
import { lineAt, type Import, type Source } from './source.ts';

export type Law = (files: readonly Source[]) => readonly string[];

const FILE_LINES_MAX = 450;
const LINE_COLUMNS_MAX = 120;
const HEADER_LINES_MIN = 3;
const HEADER_LINES_MAX = 10;

const say = (path: string, line: number, found: string, instead: string): string =>
  `${path}:${line}: ${found}; ${instead}`;

const isRelative = (specifier: string): boolean => specifier.startsWith('./') || specifier.startsWith('../');

/** The path that a relative import names; undefined if it leaves the project. */
function target(from: string, specifier: string): string | undefined {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Every file has a room, and is TypeScript (the style of the page and its settings in `src/page/` apart). */
export const everyFileHasARoom: Law = (files) =>
  files.flatMap(({ path }) => {
    if (roomOf(path) === undefined) {
      return [say(path, 1, 'a file outside of every room', `rooms: ${Object.keys(ROOMS).join(', ')}`)];
    }
    if (path.endsWith('.ts') || path.startsWith('src/page/')) return [];
    return [say(path, 1, 'not a .ts file', 'only src/page/ may hold other files')];
  });

/** The table of `rooms.ts`. */
export const importLaw: Law = (files) => {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap((file) => {
    const problems = file.imports.map((found) => importProblem(file.path, found, known));
    const unreadable = file.unreadableImports
      .filter(() => roomOf(file.path) !== 'cli')
      .map((line) => say(file.path, line, 'import(...) of a computed name', 'name the file in one plain string'));
    return [...problems.filter((problem) => problem !== undefined), ...unreadable];
  });
};

function importProblem(path: string, found: Import, known: ReadonlySet<string>): string | undefined {
  const { specifier, line, typeOnly } = found;
  const name = roomOf(path);
  const room = name === undefined ? undefined : ROOMS[name];
  if (name === undefined || room === undefined) return undefined; // told by everyFileHasARoom
  const tell = (what: string, instead: string): string => say(path, line, `${what} '${specifier}'`, instead);

  if (!isRelative(specifier)) {
    const allowed = [...room.packages, ...(FILE_PACKAGES[path] ?? [])];
    if (allowed.includes(specifier) || (specifier.startsWith('node:') && allowed.includes('node:*'))) return undefined;
    const what = specifier.startsWith('node:') ? 'import of the node built-in' : 'import of the package';
    return tell(
      what,
      `${name}/ may import ${allowed.length === 0 ? 'neither packages nor built-ins' : allowed.join(', ')}`,
    );
  }
  const to = target(path, specifier);
  if (to === undefined || !known.has(to)) {
    return tell('import of', 'no such file in src/; relative imports name a file of src/ and end in .ts');
  }
  const other = roomOf(to);
  if (TABLES.includes(path) && !typeOnly && !TABLES.includes(to) && other !== 'base' && other !== 'protocol') {
    return tell('import by value of', 'a table is data for other rooms: it may import base/, protocol/ and tables');
  }
  if (other === undefined || other === name || room.values.includes(other)) return undefined;
  if (room.types.includes(other)) {
    if (typeOnly || TABLES.includes(to)) return undefined;
    return tell('import by value of', `${name}/ sees ${other}/ by type only: write \`import type\``);
  }
  if (other === 'cli') return tell('import of', 'nobody imports cli/: move what is shared below it');
  const rooms = [...room.values, ...room.types.map((type) => `${type} (by type)`)].join(', ') || 'no other room';
  return tell('import of', `${name}/ may import ${rooms}`);
}

const importedFiles = (file: Source, byPath: ReadonlyMap<string, Source>): Source[] =>
  file.imports.flatMap(({ specifier }) => {
    const to = isRelative(specifier) ? target(file.path, specifier) : undefined;
    const found = to === undefined ? undefined : byPath.get(to);
    return found === undefined ? [] : [found];
  });

/** Depth first; each cycle is told once, at the import that closes it. Type-only imports count. */
export const noCycles: Law = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<Source>();
  const open: Source[] = [];
  const problems: string[] = [];
  const visit = (file: Source): void => {
    if (done.has(file)) return;
    open.push(file);
    for (const next of importedFiles(file, byPath)) {
      if (open.includes(next)) problems.push(cycleProblem(open.slice(open.indexOf(next)), next));
      else visit(next);
    }
    open.pop();
    done.add(file);
  };
  for (const file of files) visit(file);
  return problems;
};

/** Tells a round of files whose last one imports the first. */
function cycleProblem(round: readonly Source[], first: Source): string {
  const last = round.at(-1) ?? first;
  const closing = last.imports.find(({ specifier }) => target(last.path, specifier) === first.path);
  const names = [...round, first].map(({ path }) => path).join(' → ');
  return say(last.path, closing?.line ?? 1, `a cycle: ${names}`, 'move what both need below both');
}

/** Every TypeScript file is imported, directly or not, by an entry. */
export const noUnreferencedFile: Law = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<Source>();
  const queue = ENTRIES.flatMap((entry) => byPath.get(entry) ?? []);
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    queue.push(...importedFiles(file, byPath));
  }
  return files
    .filter((file) => file.path.endsWith('.ts') && !reached.has(file))
    .map(({ path }) => say(path, 1, `reached from none of ${ENTRIES.join(', ')}`, 'import it there, or delete it'));
};

export const noBarrels: Law = (files) =>
  files
    .filter(({ path }) => /\/index\.[a-z]+$/.test(path) && path !== FRONT_DOOR)
    .map(({ path }) => say(path, 1, 'an index file inside a room', 'import the files themselves: barrels hide cycles'));

const DEFAULT_EXPORT = /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b[^}]*\}|\bexport\s*\*\s*as\s+default\b/g;

export const noDefaultExports: Law = (files) =>
  files.flatMap(({ path, code }) =>
    [...code.matchAll(DEFAULT_EXPORT)].map(({ index }) =>
      say(path, lineAt(code, index), 'a default export', 'export it by name'),
    ),
  );

const isCold = (path: string): boolean => !['cli', 'page'].includes(roomOf(path) ?? '') && !BESIDE_RUNS.includes(path);
const isHot = (path: string): boolean => HOT_ROOMS.includes(roomOf(path) ?? '');

/** No clock, no dice, no locale outside of `cli/`, `page/` and the worker's entry. */
export const coldBans: Law = (files) =>
  files.filter(({ path }) => isCold(path)).flatMap((file) => banned(file, COLD_BANS));

/** No asynchrony, no open maths, no spread and no blind casts in the hot rooms. */
export const hotBans: Law = (files) =>
  files.filter(({ path }) => isHot(path)).flatMap((file) => banned(file, HOT_BANS));

export const noLeftovers: Law = (files) =>
  files.flatMap((file) => [...banned(file, LEFTOVERS), ...banned({ ...file, code: file.text }, LEFTOVER_TEXTS)]);

function banned(file: Source, bans: readonly Ban[]): string[] {
  return bans.flatMap((ban) =>
    [...file.code.matchAll(ban.pattern)].flatMap((match) => {
      const line = lineAt(file.code, match.index);
      if (ban.setUpRooms?.includes(roomOf(file.path) ?? '') === true && isSetUpLine(file, line)) return [];
      return [say(file.path, line, `\`${match[0].replace(/\s+/g, ' ')}\` is banned here`, ban.instead)];
    }),
  );
}

/** True if the line ends with a comment that holds `set-up only:` and a reason. */
function isSetUpLine({ text, comments }: Source, line: number): boolean {
  const raw = (text.split('\n')[line - 1] ?? '').trimEnd();
  const comment = (comments.split('\n')[line - 1] ?? '').trimEnd();
  return comment.length === raw.length && /set-up only:\s*\w.{3,}$/.test(comment);
}

/** Every file begins with a comment that says what it is. */
export const everyFileHasAHeader: Law = (files) =>
  files
    .filter(({ path }) => path.endsWith('.ts'))
    .flatMap(({ path, text }) => {
      const lines = headerLines(text.replace(/^#!.*\n/, ''));
      if (lines >= HEADER_LINES_MIN && lines <= HEADER_LINES_MAX) return [];
      const found = lines === 0 ? 'no comment at the top of the file' : `a header of ${lines} lines`;
      const range = `${HEADER_LINES_MIN} to ${HEADER_LINES_MAX} lines`;
      return [say(path, 1, found, `begin with ${range}: what it is, which section, what it must never do`)];
    });

function headerLines(text: string): number {
  if (text.startsWith('/*')) return text.slice(0, text.indexOf('*/')).split('\n').length;
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return end === -1 ? lines.length : end;
}

export const sizes: Law = (files) =>
  files.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n');
    const problems = lines.flatMap((line, i) => {
      const columns = Array.from(line).length;
      return columns > LINE_COLUMNS_MAX ? [say(path, i + 1, `${columns} columns`, `at most ${LINE_COLUMNS_MAX}`)] : [];
    });
    if (lines.length > FILE_LINES_MAX) {
      problems.push(say(path, lines.length, `${lines.length} lines`, `at most ${FILE_LINES_MAX}: split it by noun`));
    }
    return problems;
  });

const EXPORT =
  /^export\s+(?:async\s+)?(?:abstract\s+)?(?:const|let|class|function\*?|interface|type|enum)\s+([\w$]+)/gm;

/** No two files export the same name: who reads one never takes it for the other. A value and its type may share one. */
export const noNameTwice: Law = (files) => {
  const first = new Map<string, Source>();
  const problems: string[] = [];
  for (const file of files) {
    for (const { 1: name = '', index } of file.code.matchAll(EXPORT)) {
      const before = first.get(name) ?? file;
      first.set(name, before);
      if (before === file || Object.hasOwn(SHARED_NAMES, name)) continue;
      problems.push(
        say(file.path, lineAt(file.code, index), `${name} is exported by ${before.path}, too`, 'rename one of them'),
      );
    }
  }
  return problems;
};
