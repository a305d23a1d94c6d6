// What may not be written where, as one table; each row carries the sample that proves the ban works.
//
// A run must depend on its plan alone, so what reads the clock, the dice or the locale stays in `cli/` and in the
// worker's entry. The hot rooms pay for every allocation, and for every result that the language leaves open.

export interface Ban {
  readonly name: string;
  /** Matched against code without comments and texts. */
  readonly pattern: RegExp;
  readonly instead: string;
  /** One line of code that breaks this ban. */
  readonly sample: string;
  /** Rooms that may keep it on a line that ends with the comment `set-up only: <reason>`. */
  readonly setUpRooms?: readonly string[];
}

/** Not a member of something, not the tail of a longer name. */
const free = (words: string): RegExp => new RegExp(`(?<![.\\w$#])(?:${words})\\b`, 'g');

const INPUT = 'pass it in as a value from src/cli/';
const VIRTUAL = 'use virtual time: the world counts microseconds';
const ORDER = 'compare with < and >: the order of UTF-16 units is the same everywhere';

/** Banned outside `src/cli/` and the worker's entry. */
export const COLD_BANS: readonly Ban[] = [
  { name: 'Date', pattern: free('Date'), instead: VIRTUAL, sample: 'const now = Date.now();' },
  { name: 'performance', pattern: free('performance'), instead: INPUT, sample: 'const t = performance.now();' },
  {
    name: 'Math.random',
    pattern: /\bMath\s*\??\.\s*random\b/g,
    instead: 'draw from a named stream of src/base/random.ts',
    sample: 'const dice = Math.random();',
  },
  { name: 'Math[...]', pattern: /\bMath\s*\[/g, instead: 'write Math.name', sample: "const dice = Math['random']();" },
  { name: '{} = Math', pattern: /\}\s*=\s*Math\b/g, instead: 'write Math.name', sample: 'const { random } = Math;' },
  { name: 'setTimeout', pattern: free('setTimeout'), instead: VIRTUAL, sample: 'setTimeout(f, 1);' },
  { name: 'setInterval', pattern: free('setInterval'), instead: VIRTUAL, sample: 'setInterval(f, 1);' },
  { name: 'setImmediate', pattern: free('setImmediate'), instead: VIRTUAL, sample: 'setImmediate(f);' },
  { name: 'queueMicrotask', pattern: free('queueMicrotask'), instead: VIRTUAL, sample: 'queueMicrotask(f);' },
  { name: 'console', pattern: free('console'), instead: 'return what is to be printed', sample: 'console.error(1);' },
  {
    name: 'process.',
    pattern: /(?<![.\w$#])process\s*(?:\??\.|\[)/g,
    instead: `${INPUT}; if this is a process of the simulated world, give the variable another name`,
    sample: 'const home = process.env.HOME;',
  },
  { name: '{} = process', pattern: /\}\s*=\s*process\b/g, instead: INPUT, sample: 'const { env } = process;' },
  { name: 'localeCompare', pattern: /\blocaleCompare\b/g, instead: ORDER, sample: 'a.localeCompare(b);' },
  { name: 'toLocale…', pattern: /\btoLocale\w+/g, instead: 'format by hand', sample: 'n.toLocaleString();' },
  { name: 'Intl', pattern: free('Intl'), instead: 'format by hand', sample: 'new Intl.NumberFormat();' },
  { name: 'structuredClone', pattern: free('structuredClone'), instead: 'copy by hand', sample: 'structuredClone(a);' },
  { name: 'crypto', pattern: free('crypto'), instead: 'use src/base/random.ts', sample: 'crypto.randomUUID();' },
  { name: 'globalThis', pattern: free('globalThis'), instead: INPUT, sample: "globalThis['Date'].now();" },
  {
    name: 'WeakRef, FinalizationRegistry',
    pattern: free('WeakRef|FinalizationRegistry'),
    instead: 'hold the object: when garbage is collected is not part of a plan',
    sample: 'const held = new WeakRef(a);',
  },
];

const OPEN_MATHS =
  'log|log2|log10|log1p|exp|expm1|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|sqrt|cbrt|hypot';

/** Banned in `base/`, `raft/`, `sim/` and `check/` as well. */
export const HOT_BANS: readonly Ban[] = [
  { name: 'async', pattern: free('async'), instead: 'make it a step of the world', sample: 'async function f() {}' },
  { name: 'await', pattern: free('await'), instead: 'make it a step of the world', sample: 'const x = await y;' },
  { name: 'Promise', pattern: free('Promise'), instead: 'make it a step of the world', sample: 'Promise.resolve(1);' },
  { name: 'JSON', pattern: free('JSON'), instead: 'leave it to trace/ or cli/', sample: 'JSON.stringify(a);' },
  {
    name: 'open maths',
    pattern: new RegExp(`\\bMath\\s*\\??\\.\\s*(?:${OPEN_MATHS})\\b`, 'g'),
    instead: 'use integers: the language leaves the last bits of this result open',
    sample: 'const x = Math.log(2);',
  },
  { name: '**', pattern: /\*\*/g, instead: 'multiply, or shift', sample: 'const x = 2 ** 10;' },
  {
    name: '...',
    pattern: /\.\.\./g,
    instead:
      'write the fields or loop (a spread is slow on Node 20); in sim/ and check/, code that runs once may keep it ' +
      'on a line that ends with `// set-up only: <reason>`',
    sample: 'const copy = { ...message };',
    setUpRooms: ['sim', 'check'],
  },
  { name: 'as any', pattern: /\bas\s+any\b/g, instead: 'name the type', sample: 'const x = y as any;' },
  {
    name: 'as unknown as',
    pattern: /\bas\s+unknown\s*\)?\s*as\b/g,
    instead: 'mint brands in src/base/ids.ts, narrow everything else',
    sample: 'const x = y as unknown as Term;',
  },
  {
    name: 'non-null !',
    pattern: /(?<!\b(?:return|typeof|case|in|of|delete|void|throw|else|do|yield|instanceof))(?<=[\w$)\]])!(?!=)/g,
    instead: 'narrow with an if or with assert',
    sample: 'const x = map.get(1)!;',
  },
];

/** Banned in every file of `src/`, also in `cli/`. */
export const LEFTOVERS: readonly Ban[] = [
  {
    name: 'console.log',
    pattern: /\bconsole\s*\.\s*log\b/g,
    instead: 'write to process.stdout',
    sample: 'console.log(1);',
  },
  { name: '.only(', pattern: /\.only\s*\(/g, instead: 'run the whole suite', sample: "it.only('x', f);" },
];

/** Banned in the raw text of every file of `src/`, comments and strings included. */
export const LEFTOVER_TEXTS: readonly Ban[] = [
  { name: 'FIXME', pattern: /\bFIXME\b/g, instead: 'fix it now', sample: '// FIXME later' },
  { name: 'XXX', pattern: /\bXXX\b/g, instead: 'fix it now', sample: '// XXX ugly' },
  { name: 'TODO', pattern: /\bTODO\b/g, instead: 'do it now, or open an issue', sample: '// TODO more' },
  { name: '@ts-ignore', pattern: /@ts-(?:ignore|nocheck)\b/g, instead: 'fix the type', sample: '// @ts-ignore' },
];
