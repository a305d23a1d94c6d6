// The rules of the house, enforced on the text of src/: import law, cycles, bans, headers, sizes.
//
// They cannot be silenced by a comment. The second half plants one violation of each kind in a text of its own and
// sees it fail, so that a rule that stopped working is noticed as well.

import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COLD_BANS, HOT_BANS, LEFTOVERS, LEFTOVER_TEXTS } from './bans.ts';
import * as laws from './laws.ts';
import { HOT_ROOMS, ROOMS, SHARED_NAMES, TABLES } from './rooms.ts';
import { readSource, strip, type Source } from './source.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function readHouse(): Source[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).split(sep).join('/'))
    .toSorted()
    .map((path) => readSource(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Fails with one line for each problem. */
function expectNothing(problems: readonly string[]): void {
  if (problems.length > 0) expect.fail(`${problems.length} problems\n${problems.join('\n')}`);
}

/** The rooms that the block of ARCHITECTURE.md names, in its order: the words in front of the first wide gap. */
function roomsOfPage(markdown: string): string[] {
  const block = /^## The rooms\n[^]*?^```text\n([^]*?)^```/m.exec(markdown)?.[1] ?? '';
  return block.split('\n').flatMap((line) => /^([a-z]+) {2,}/.exec(line)?.[1] ?? []);
}

describe('the house', () => {
  const files = readHouse();

  it('has the rooms that ARCHITECTURE.md names, each below those that import it', () => {
    const named = roomsOfPage(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8'));
    expect(named.toSorted()).toEqual(Object.keys(ROOMS).toSorted());
    const above = named.flatMap((room, place) =>
      (ROOMS[room]?.values ?? []).filter((other) => named.indexOf(other) < place).map((other) => `${room} → ${other}`),
    );
    expect(above).toEqual([]);
  });

  it.each(Object.keys(SHARED_NAMES))('shares the name %s, as the list of shared names says', (name) => {
    const exported = files.filter(({ code }) => new RegExp(`^export const ${name}\\b`, 'm').test(code));
    expect(exported.length).toBeGreaterThan(1);
  });

  it('has files', () => expect(files.length).toBeGreaterThan(0));
  it.each(Object.entries(laws))('%s', (_name, law) => expectNothing(law(files)));

  it('asks for the same Node version in package.json and in the launcher', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    const launcher = readFileSync(join(ROOT, 'bin/raft-sim.js'), 'utf8');
    const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
    expect(launcher).toContain(`const NEEDED = [${major}, ${minor}];`);
  });
});

/** One planted file, or several of them by path. */
const plant = (texts: Readonly<Record<string, string>>): Source[] =>
  Object.entries(texts).map(([path, text]) => readSource(path, text));

/** Runs a law over planted files. */
const tell = (law: laws.Law, texts: Readonly<Record<string, string>>): string => law(plant(texts)).join('\n');

describe('the bans fail when they should', () => {
  const outside = Object.keys(ROOMS).filter((room) => !['cli', 'page', 'index'].includes(room));
  const cool = outside.filter((room) => !HOT_ROOMS.includes(room));

  it.each(COLD_BANS)('$name outside of cli/ and page/', ({ sample, instead }) => {
    for (const room of outside) {
      const problem = tell(laws.coldBans, { [`src/${room}/a.ts`]: `\n${sample}\n` });
      expect(problem).toContain(`src/${room}/a.ts:2: \``);
      expect(problem).toContain(instead);
    }
    expect(tell(laws.coldBans, { 'src/index.ts': sample })).not.toBe('');
    expect(tell(laws.coldBans, { 'src/campaign/other.ts': sample })).not.toBe('');
    expect(tell(laws.coldBans, { 'src/cli/a.ts': sample, 'src/campaign/worker.ts': sample })).toBe('');
  });

  it.each(HOT_BANS)('$name in the hot rooms', ({ sample, instead }) => {
    for (const room of HOT_ROOMS) {
      const problem = tell(laws.hotBans, { [`src/${room}/a.ts`]: `\n\n${sample}\n` });
      expect(problem).toContain(`src/${room}/a.ts:3: \``);
      expect(problem).toContain(instead);
    }
    for (const room of cool) expect(tell(laws.hotBans, { [`src/${room}/a.ts`]: sample })).toBe('');
  });

  it.each([...LEFTOVERS, ...LEFTOVER_TEXTS])('$name anywhere', ({ sample }) => {
    for (const room of Object.keys(ROOMS)) {
      const path = room === 'index' ? 'src/index.ts' : `src/${room}/a.ts`;
      expect(tell(laws.noLeftovers, { [path]: sample })).toContain(`${path}:1: \``);
    }
  });

  it.each([
    'globalThis.Date.now()',
    'new Date()',
    'type T = Date;',
    'f(`${Date.now()}`)',
    'f(`a${{ b: `${Date()}` }}c`)',
    'Math?.random()',
    'Math\n  .random()',
    'process?.exit()',
    "process['exit']()",
    'x = [console]',
  ])('another spelling: %s', (code) => {
    expect(tell(laws.coldBans, { 'src/run/a.ts': code })).not.toBe('');
  });

  it.each([
    'const f = (...rest: number[]) => 1;',
    'f(...xs);',
    '[...xs];',
    '(x as unknown) as Y;',
    'x!.y',
    'x[0]!',
    'f()!',
    'x **= 2',
    'for await (const x of y) f();',
    'class A { b!: number }',
    'Math.sqrt(4)',
    'Math.tan(1)',
    'x = y!;',
  ])('another spelling in a hot room: %s', (code) => {
    expect(tell(laws.hotBans, { 'src/sim/a.ts': code })).not.toBe('');
  });

  it.each([
    '// Date, console.error and process.exit',
    '/* a\n * Math.random()\n */',
    "const a = 'Date.now()';",
    'const a = "it\'s Date";',
    'const a = `Date ${b} Intl`;',
    'const a = /Date\\/Intl[/"]Date/;',
    'a.process.up = b',
    'const toDate = 1;',
    'const updated = a.console;',
    'f(process, 1);',
    'const a = b / c; // Date /',
    'x.Date',
  ])('nothing is wrong with: %s', (code) => {
    expect(tell(laws.coldBans, { 'src/run/a.ts': code })).toBe('');
  });

  it.each([
    'if (!a || !b) f(!c);',
    'a != b',
    'a !== b',
    'a!=b',
    'return !a;',
    '/** a **/',
    '// {...a} as any!',
    "'x!'",
    'import type { Asynchronous } from "./b.ts";',
    'a.await = 1;',
    '`${a}!`',
    'Math.floor(1)',
    'x as Anything',
  ])('nothing is wrong in a hot room with: %s', (code) => {
    expect(tell(laws.hotBans, { 'src/sim/a.ts': code })).toBe('');
  });

  it('lets sim/ and check/ spread in set-up code that gives its reason', () => {
    const spread = (comment: string): string => `const a = [...b]; ${comment}\n`;
    const good = spread('// set-up only: the plan is read once');
    expect(tell(laws.hotBans, { 'src/sim/a.ts': good, 'src/check/a.ts': good })).toBe('');
    expect(tell(laws.hotBans, { 'src/raft/a.ts': good })).not.toBe('');
    expect(tell(laws.hotBans, { 'src/base/a.ts': good })).not.toBe('');
    expect(tell(laws.hotBans, { 'src/sim/a.ts': spread('// set-up only:') })).not.toBe('');
    expect(tell(laws.hotBans, { 'src/sim/a.ts': spread('// read once') })).not.toBe('');
    expect(tell(laws.hotBans, { 'src/sim/a.ts': "const a = [...b, 'set-up only: no comment'];" })).not.toBe('');
    expect(tell(laws.hotBans, { 'src/sim/a.ts': '/* set-up only: not at the end */ f(...b);' })).not.toBe('');
    expect(tell(laws.hotBans, { 'src/sim/a.ts': 'JSON.parse(a); // set-up only: the plan is read once' })).not.toBe('');
  });
});

describe('the import law fails when it should', () => {
  const rooms = Object.keys(ROOMS);
  const pathOf = (room: string): string => (room === 'index' ? 'src/index.ts' : `src/${room}/b.ts`);
  const from = (room: string, other: string): string =>
    room === 'index' ? `./${other}/b.ts` : other === 'index' ? '../index.ts' : `../${other}/b.ts`;
  const pairs = rooms.flatMap((room) => rooms.filter((other) => other !== room).map((other) => [room, other] as const));

  it.each(pairs)('%s importing %s', (room, other) => {
    const here = room === 'index' ? 'src/index.ts' : `src/${room}/a.ts`;
    const law = ROOMS[room];
    const problem = (statement: string): string =>
      tell(laws.importLaw, { [pathOf(other)]: '', [here]: `\n${statement} '${from(room, other)}';` });
    const value = law?.values.includes(other) === true;
    const type = value || law?.types.includes(other) === true;
    for (const byValue of [
      'import { a } from',
      'export { a } from',
      'export * from',
      'import',
      'import { type A } from',
    ]) {
      expect(problem(byValue) === '', byValue).toBe(value);
    }
    for (const byType of ['import type { A } from', 'export type { A } from', 'import type * as all from']) {
      expect(problem(byType) === '', byType).toBe(type);
    }
    if (!value)
      expect(problem('import { a } from')).toMatch(new RegExp(`^${here}:2: import .*'${from(room, other)}'; .+`));
  });

  it.each([
    ['src/raft/a.ts', '../sim/b.ts', 'raft/ may import base, protocol'],
    ['src/base/a.ts', '../raft/b.ts', 'base/ may import no other room'],
    ['src/check/a.ts', '../sim/b.ts', 'check/ sees sim/ by type only'],
    ['src/run/a.ts', '../cli/b.ts', 'nobody imports cli/'],
    ['src/raft/a.ts', './gone.ts', 'no such file'],
    ['src/raft/a.ts', './b.js', 'end in .ts'],
    ['src/raft/a.ts', '../../package.json', 'no such file in src/'],
    ['src/raft/a.ts', 'node:fs', 'raft/ may import neither packages nor built-ins'],
    ['src/pool/a.ts', '../run/b.ts', 'pool/ may import no other room'],
    ['src/pool/a.ts', 'node:os', 'node:worker_threads'],
    ['src/campaign/worker.ts', 'node:worker_threads', 'campaign/ may import zod'],
    ['src/scenario/a.ts', 'node:fs', 'scenario/ may import yaml, zod'],
    ['src/base/hash.ts', 'seedrandom', 'neither packages'],
    ['src/cli/a.ts', 'yaml', 'commander'],
    ['src/cli/a.ts', 'fs', 'node:*'],
  ])('%s importing %s', (path, specifier, expected) => {
    const others = ['sim', 'raft', 'run', 'cli'].map((room) => [`src/${room}/b.ts`, ''] as const);
    const problem = tell(laws.importLaw, {
      ...Object.fromEntries(others),
      [path]: `import { a } from '${specifier}';`,
    });
    expect(problem).toContain(`${path}:1: import`);
    expect(problem).toContain(expected);
  });

  it.each([
    ['src/base/random.ts', "import seedrandom from 'seedrandom';"],
    ['src/pool/a.ts', "import { Worker } from 'node:worker_threads';"],
    ['src/scenario/a.ts', "import { z } from 'zod';"],
    ['src/cli/a.ts', "import { spawn } from 'node:child_process';\nconst ora = await import('ora');"],
    ['src/cli/a.ts', 'await import(name);'],
    ['src/raft/a.ts', "// import { a } from '../sim/b.ts';\nconst a = `import { a } from '../sim/b.ts';`;"],
  ])('nothing is wrong with %s: %s', (path, text) => {
    expect(tell(laws.importLaw, { [path]: text })).toBe('');
  });

  it('lets a table be read by value where its room is seen by type, and keeps it free of its room', () => {
    const [table = ''] = TABLES;
    const name = table.slice('src/'.length);
    const texts = { [table]: '', 'src/sim/world.ts': '' };
    const value = `import { a } from '../${name}';`;
    expect(tell(laws.importLaw, { ...texts, 'src/trace/a.ts': value })).toBe('');
    expect(tell(laws.importLaw, { ...texts, 'src/raft/a.ts': value })).toContain('raft/ may import base, protocol');
    const impure = { ...texts, [table]: "import { a } from './world.ts';" };
    expect(tell(laws.importLaw, impure)).toContain('a table is data for other rooms');
    expect(tell(laws.importLaw, { ...texts, [table]: "import type { A } from './world.ts';" })).toBe('');
  });

  it('reads statements over several lines, dynamic imports and typeof import', () => {
    const problem = tell(laws.importLaw, {
      'src/sim/b.ts': '',
      'src/raft/a.ts': [
        "import {\n  a,\n  type B,\n} from '../sim/b.ts';",
        "const c = import('../sim/b.ts');",
        'const d = import(`../sim/${c}.ts`);',
        "type E = typeof import('../sim/b.ts');",
        "import type from '../sim/b.ts';",
      ].join('\n'),
    });
    expect(problem.match(/:\d+:/g)).toEqual([':1:', ':5:', ':7:', ':8:', ':6:']);
    const typeOnly = { 'src/sim/b.ts': '', 'src/check/a.ts': "type E = typeof import('../sim/b.ts');" };
    expect(tell(laws.importLaw, typeOnly)).toBe('');
  });
});

describe('the other laws fail when they should', () => {
  it('cycles, also by type', () => {
    const problem = tell(laws.noCycles, {
      'src/raft/a.ts': "import type { B } from './b.ts';",
      'src/raft/b.ts': "\nexport { c } from './c.ts';",
      'src/raft/c.ts': "\n\nimport { a } from './a.ts';",
      'src/raft/d.ts': "import { a } from './a.ts';",
    });
    const round = 'src/raft/a.ts → src/raft/b.ts → src/raft/c.ts → src/raft/a.ts';
    expect(problem).toBe(`src/raft/c.ts:3: a cycle: ${round}; move what both need below both`);
    expect(tell(laws.noCycles, { 'src/raft/a.ts': "import './a.ts';" })).toContain(
      'a cycle: src/raft/a.ts → src/raft/a.ts',
    );
    const diamond = { a: 'b c', b: 'd', c: 'd', d: '' };
    const texts = Object.entries(diamond).map(([name, to]) => [
      `src/raft/${name}.ts`,
      to
        .split(' ')
        .filter((other) => other !== '')
        .map((other) => `import './${other}.ts';`)
        .join('\n'),
    ]);
    expect(tell(laws.noCycles, Object.fromEntries(texts) as Record<string, string>)).toBe('');
  });

  it('unreferenced files', () => {
    const texts = {
      'src/index.ts': "export { a } from './run/a.ts';",
      'src/run/a.ts': "import type { B } from './b.ts';",
      'src/run/b.ts': '',
      'src/cli/main.ts': "const c = await import('./c.ts');",
      'src/cli/c.ts': '',
      'src/campaign/worker.ts': '',
    };
    expect(tell(laws.noUnreferencedFile, texts)).toBe('');
    const lonely = { ...texts, 'src/run/d.ts': "import './e.ts';", 'src/run/e.ts': '' };
    expect(laws.noUnreferencedFile(plant(lonely))).toHaveLength(2);
    expect(tell(laws.noUnreferencedFile, lonely)).toContain('src/run/d.ts:1: reached from none of src/index.ts');
  });

  it('files without a room, and files that are not TypeScript', () => {
    expect(tell(laws.everyFileHasARoom, { 'src/a.ts': '' })).toContain('src/a.ts:1: a file outside of every room');
    expect(tell(laws.everyFileHasARoom, { 'src/util/a.ts': '' })).toContain('rooms: base, protocol, raft');
    expect(tell(laws.everyFileHasARoom, { 'src/index/a.ts': '' })).toContain('outside of every room');
    expect(tell(laws.everyFileHasARoom, { 'src/raft/a.js': '' })).toContain('src/raft/a.js:1: not a .ts file');
    const fine = { 'src/index.ts': '', 'src/raft/log/a.ts': '', 'src/page/page.css': '' };
    expect(tell(laws.everyFileHasARoom, fine)).toBe('');
  });

  it('barrels and default exports', () => {
    expect(tell(laws.noBarrels, { 'src/raft/index.ts': '' })).toContain('src/raft/index.ts:1: an index file');
    expect(tell(laws.noBarrels, { 'src/index.ts': '', 'src/raft/log-index.ts': '' })).toBe('');
    for (const code of ['export default 1;', 'export { a as default };', "export * as default from './b.ts';"]) {
      expect(tell(laws.noDefaultExports, { 'src/cli/a.ts': `\n${code}` })).toContain(
        'src/cli/a.ts:2: a default export',
      );
    }
    expect(
      tell(laws.noDefaultExports, { 'src/cli/a.ts': "export { a };\nswitch (a) { default: 'export default' }" }),
    ).toBe('');
  });

  it('names that two files export', () => {
    const twice = { 'src/raft/a.ts': 'export const a = 1;', 'src/sim/b.ts': '\nexport type a = 1;' };
    expect(tell(laws.noNameTwice, twice)).toBe(
      'src/sim/b.ts:2: a is exported by src/raft/a.ts, too; rename one of them',
    );
    for (const kind of ['async function a() {}', 'abstract class a {}', 'interface a {}', 'enum a {}', 'let a = 1;']) {
      expect(tell(laws.noNameTwice, { ...twice, 'src/sim/b.ts': `export ${kind}` })).toContain('src/sim/b.ts:1: a is');
    }
    const [shared = ''] = Object.keys(SHARED_NAMES);
    const fine = {
      'src/raft/a.ts': `export const a = 1;\nexport type a = 1;\nexport const ${shared} = 1;`,
      'src/raft/b.ts': `const a = 1;\n// export const a\nexport const b = 'export const a';\nexport const ${shared} = 2;`,
    };
    expect(tell(laws.noNameTwice, fine)).toBe('');
  });

  it('headers', () => {
    const lines = (n: number): string => '// a\n'.repeat(n);
    for (const text of [
      '',
      'const a = 1;',
      `\n${lines(3)}`,
      lines(2),
      lines(11),
      '/* a */',
      `/*${'\n'.repeat(10)}*/`,
    ]) {
      expect(tell(laws.everyFileHasAHeader, { 'src/raft/a.ts': `${text}\nconst a = 1;` })).toContain(
        'src/raft/a.ts:1: ',
      );
    }
    for (const text of [lines(3), lines(10), '/* a\n b\n c */', `#!/usr/bin/env node\n${lines(3)}`]) {
      expect(tell(laws.everyFileHasAHeader, { 'src/raft/a.ts': `${text}\nconst a = 1;` })).toBe('');
    }
  });

  it('sizes', () => {
    const text = (lines: number, columns: number): string => `${'é'.repeat(columns)}\n`.repeat(lines);
    expect(tell(laws.sizes, { 'src/raft/a.ts': text(450, 120) })).toBe('');
    expect(tell(laws.sizes, { 'src/raft/a.ts': text(451, 1) })).toBe(
      'src/raft/a.ts:451: 451 lines; at most 450: split it by noun',
    );
    expect(tell(laws.sizes, { 'src/raft/a.ts': `a\n${text(1, 121)}` })).toBe(
      'src/raft/a.ts:2: 121 columns; at most 120',
    );
  });
});

describe('the stripper', () => {
  it.each([
    ['f(\'a\', "b"); // c', 'f(\' \', " ");     ', '             // c'],
    ['a /* b\n c */ d', 'a     \n      d', '  /* b\n c */  '],
    ['`a${b + `c${d}`}e`', '` ${b + ` ${d}`} `', ''],
    ['`${{ a: 1 }.a}}`', '`${{ a: 1 }.a} `', ''],
    ["'\\'' + b", "'  ' + b", ''],
    ['x = /[/\'"`]/g.test(y)', 'x = /      /g.test(y)', ''],
    ['a / b / c', 'a / b / c', ''],
    ['(a) / b; c[0] / d // e', '(a) / b; c[0] / d     ', '                  // e'],
    ["return /'/.exec(a)", 'return / /.exec(a)', ''],
    ['a.of / b / c', 'a.of / b / c', ''],
    ["'http://x' // y", "'        '     ", '           // y'],
    ['`//` + a', '`  ` + a', ''],
  ])('%s', (text, code, comments) => {
    const found = strip(text);
    expect(found.code).toBe(code);
    expect(found.comments.trimEnd()).toBe(comments.trimEnd());
    expect(found.comments).toHaveLength(text.length);
  });

  it('survives texts that never end', () => {
    for (const text of ["'a", '"a\\', '`a', '`a${b', '/* a', '// a', 'x = /a', '`a${`']) {
      expect(strip(text).code).toHaveLength(text.length);
    }
  });

  it('keeps the line of everything', () => {
    const text = "/* a\n\n*/ const a = `\n\n${Date.now()}`;\n// b\nconst c = 'd';\r\nDate.now();";
    expect(tell(laws.coldBans, { 'src/run/a.ts': text }).match(/:\d+:/g)).toEqual([':5:', ':8:']);
  });
});
