// The commands as the program registers them: every list of commands says the same, and a help loads no machinery.
//
// How long a help takes is the machine's business; what it has to load is not.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CommandDescription } from '../../src/cli/command.ts';
import { commandRegistry } from '../../src/cli/registry.ts';
import { freshFolder, raftSim } from './binary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const pathsOf = (descriptions: readonly CommandDescription[], before = ''): string[] =>
  descriptions.flatMap(({ name, subcommands = [] }) => [
    `${before}${name}`,
    ...pathsOf(subcommands, `${before}${name} `),
  ]);

describe('the registry of commands', () => {
  it('is what the help lists, in its order', async () => {
    const { out } = await raftSim(['--help']);
    const listed = Array.from(out.matchAll(/^ {2}([a-z][a-z-]+) (?!\[command\])/gm), ([, name]) => name);
    expect(listed).toEqual(commandRegistry.map(({ name }) => name));
  });

  it('is what the reference page describes', () => {
    const page = readFileSync(`${root}docs/reference/commands.md`, 'utf8');
    const described = Array.from(page.matchAll(/^## raft-sim (.*)$/gm), ([, words]) => words);
    expect(described).toEqual(pathsOf(commandRegistry));
  });

  it.each(commandRegistry.map(({ name }) => name))('%s has a folder of its own with its description', (name) => {
    expect(readdirSync(`${root}src/cli/${name}`)).toContain('command.ts');
  });

  it.each(pathsOf(commandRegistry))('raft-sim %s --help: prints its help and ends with 0', async (path) => {
    const told = await raftSim([...path.split(' '), '--help']);
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toContain(`Usage: raft-sim ${path} `);
    expect(told.out.split('\nExamples:\n').length, 'examples come once').toBeLessThanOrEqual(2);
  });
});

/** The modules that a start of the program loads, from the root of the project. */
async function loadedBy(words: readonly string[]): Promise<string[]> {
  const folder = freshFolder();
  await raftSim(words, { env: { NODE_V8_COVERAGE: folder } });
  const [file = ''] = readdirSync(folder);
  const { result } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { result: readonly { url: string }[] };
  return result.flatMap(({ url }) => (url.startsWith('file://') ? [fileURLToPath(url).replace(root, '')] : []));
}

describe('the help', () => {
  it('loads neither a simulator nor the readers of YAML and schemas', async () => {
    const loaded = await loadedBy(['--help']);
    expect(loaded).toContain('dist/cli/registry.js');
    const heavy =
      /node_modules\/(?!commander|fastest-levenshtein)|dist\/(raft\/node\.js|sim\/world|scenario|shrink|campaign\/(?!seeds\.js)|trace)/;
    expect(loaded.filter((path) => heavy.test(path))).toEqual([]);
  });
});
