// The completion of shells: generated from the commands, complete, and understood by the shell itself.
//
// Bash is asked what it would offer, and so are zsh and fish where they are installed.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { completionTree, allNodes, type CompletionNode } from '../../src/cli/completion/tree.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { Terminal } from '../../src/cli/ui/terminal.ts';
import { variantNames } from '../../src/zoo/variant.ts';
import { filesIn, freshFolder, raftSim, words } from './binary.ts';
import { sheet } from './paper.ts';

const hasShell = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

const folder = freshFolder();
let root: CompletionNode;

beforeAll(async () => {
  root = await completionTree(makeProgram(new Terminal(sheet(), sheet(), {}), () => undefined));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const told = await raftSim(['completion', shell]);
    if (told.code !== 0 || told.err !== '') throw new Error(`completion ${shell}: ${told.code} ${told.err}`);
    writeFileSync(join(folder, `raft-sim.${shell}`), told.out);
  }
  for (const file of ['a.yaml', 'b.ndjson']) writeFileSync(join(folder, file), '');
});

/** What bash offers for the last word of a line. */
function bashOffers(line: string): string[] {
  const typed = line.split(/(=)| /).filter((word) => word !== undefined);
  const script = [
    'source raft-sim.bash',
    `COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${typed.length - 1}`,
    '_raft_sim',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('the tree of commands', () => {
  it('has every command of the program, with every flag that its help shows', async () => {
    for (const { path, flags } of allNodes(root)) {
      const { out } = await raftSim([...path.slice(1), '--help']);
      for (const [, long] of out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
        expect(flags.flatMap(({ names }) => names)).toContain(long);
      }
    }
  });

  it('knows the words behind every flag that takes a name', () => {
    const named = allNodes(root)
      .flatMap(({ flags }) => flags)
      .filter(({ names }) =>
        ['--variant', '--profile', '--scheduler', '--property', '--reporter'].includes(names.at(-1) ?? ''),
      );
    expect(named.length).toBeGreaterThan(10);
    for (const { values } of named) expect(Array.isArray(values)).toBe(true);
  });

  it('gives a letter one meaning in every command', () => {
    const meanings = new Map<string, Set<string>>();
    for (const { flags } of allNodes(root)) {
      for (const { names } of flags) {
        const [short = '', long = ''] = names.length > 1 ? names : [];
        if (short === '') continue;
        meanings.set(short, (meanings.get(short) ?? new Set()).add(long.replace(/s$/, '')));
      }
    }
    expect(meanings.size).toBeGreaterThan(8);
    for (const [letter, longs] of meanings) expect([letter, ...longs]).toHaveLength(2);
  });
});

describe.skipIf(!hasShell('bash'))('bash (needs bash)', () => {
  it('offers commands, and commands of commands', () => {
    expect(bashOffers('raft-sim ')).toEqual(root.commands.map(({ path }) => path.at(-1)));
    expect(bashOffers('raft-sim sc')).toEqual(['scenario', 'schema']);
    expect(bashOffers('raft-sim scenario r')).toEqual(['run', 'record']);
  });

  it('offers the flags of the command that was typed', () => {
    expect(bashOffers('raft-sim run --elec')).toEqual(['--election-timeout-min', '--election-timeout-max']);
    expect(bashOffers('raft-sim scenario run --re')).toEqual(['--repeat', '--reporter']);
    expect(bashOffers('raft-sim list --se')).toEqual([]);
  });

  it('offers the names behind a flag, typed either way, and those of an argument', () => {
    expect(bashOffers('raft-sim run --variant ')).toEqual(variantNames);
    expect(bashOffers('raft-sim run -v vote-no')).toEqual(variantNames.filter((name) => name.startsWith('vote-no')));
    expect(bashOffers('raft-sim run --profile=cal')).toEqual(['calm']);
    expect(bashOffers('raft-sim run --profile=').length).toBeGreaterThan(5);
    expect(bashOffers('raft-sim list pro')).toEqual(['properties', 'profiles']);
    expect(bashOffers('raft-sim explain heartbeat-i')).toEqual(['heartbeat-interval']);
    expect(bashOffers('raft-sim completion ')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers files where a file is meant, and nothing where a number is', () => {
    expect(bashOffers('raft-sim replay ').toSorted()).toEqual(filesIn(folder));
    expect(bashOffers('raft-sim run --trace b')).toEqual(['b.ndjson']);
    expect(bashOffers('raft-sim run --seed ')).toEqual([]);
  });
});

describe.skipIf(!hasShell('zsh'))('zsh (needs zsh)', () => {
  it('reads the script', () => {
    const { stderr, status } = spawnSync(
      'zsh',
      ['-f', '-c', 'autoload -U compinit; compinit -D; source raft-sim.zsh'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });
});

describe.skipIf(!hasShell('fish'))('fish (needs fish)', () => {
  it.each([
    ['raft-sim sc', ['scenario', 'schema']],
    ['raft-sim scenario r', ['record', 'run']],
    ['raft-sim run --profile cal', ['calm']],
    ['raft-sim list pro', ['profiles', 'properties']],
    ['raft-sim completion z', ['zsh']],
  ])('offers for %s', (line, expected) => {
    const command = `source raft-sim.fish; complete -C '${line}'`;
    const { stdout } = spawnSync('fish', ['--no-config', '-c', command], { cwd: folder, encoding: 'utf8' });
    const offered = stdout.split('\n').map((text) => text.split('\t')[0] ?? '');
    expect(offered.filter((word) => word !== '').toSorted()).toEqual(expected);
  });
});

it.each([
  ['run -s 42 -n 3 -f 1s -p calm -q', 0],
  ['run -s', 2],
  ['completion tcsh', 2],
  ['completion', 2],
])('%s ends with %i', async (line, code) => {
  expect((await raftSim(words(line))).code).toBe(code);
});
