// Small stories for the tests of the commands: one that passes, others that fail in each of the ways there are.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshFolder } from './binary.ts';

const story = (name: string, ...lines: readonly string[]): string =>
  [`name: ${name}`, `why: A story for a test, called ${name}.`, ...lines, ''].join('\n');

const ELECTED = ['  - timeout: n1', '  - exchange'];

export const stories = {
  passes: story('passes', 'steps:', ...ELECTED, 'expect: { leader: n1, logs: { all: 1 } }'),
  fails: story('fails', 'steps:', ...ELECTED, '  - expect: { term: 1, logs: { n2: 1 1 } }'),
  breaks: story(
    'breaks',
    'variant: vote-no-log-check',
    'cluster: { start: { n1: { log: 1 1 }, n2: { log: 1 1 }, n3: { log: 1 } } }',
    'steps:',
    '  - timeout: n1',
    '  - exchange: [n1, n2]',
    '  - crash: n1',
    '  - timeout: n3',
    '  - timeout: n3',
    '  - exchange: [n2, n3]',
  ),
  liveness: story(
    'liveness',
    'variant: commit-scan-stops-at-old-term',
    'steps:',
    ...ELECTED,
    '  - isolate: n1',
    '  - propose: { times: 3, to: n1 }',
    '  - timeout: n2',
    '  - exchange',
    '  - heal',
    '  - calm',
    '  - run: 20s',
  ),
  nobody: story('nobody', 'steps:', '  - timeout: n1', '  - crash: leader'),
  skips: story('skips', 'strict: false', 'steps:', '  - repeat: 3', '    do: [crash: n2]', '  - resume: n1'),
  maybe: story(
    'maybe',
    'seed: dice',
    'steps:',
    ...ELECTED,
    '  - maybe: 20%',
    '    do: [crash: n1]',
    'expect: { leader: n1 }',
  ),
  range: story('range', 'cluster: { nodes: { default: 5, from: 3, to: 7 } }', 'steps:', '  - timeout: n5'),
  shows: story('shows', 'steps:', ...ELECTED, '  - show: [n1, n2]'),
  disks: story(
    'disks',
    'cluster: { start: { n1: { term: 3, vote: n2, log: 1 1 2 }, n2: { log: 1 1 } } }',
    'steps:',
    ...ELECTED,
    'expect: { leader: { node: n1, term: 4 } }',
  ),
  typo: story('typo', 'steps:', '  - timeout: n1', '  - dliver: n1 -> n2'),
} as const;

export type StoryName = keyof typeof stories;

/** A fresh folder with these files in it; a name stands for a story of this name. */
export function folderWith(...files: readonly (StoryName | readonly [path: string, text: string | Buffer])[]): string {
  const folder = freshFolder();
  for (const file of files) {
    const [path, text] = typeof file === 'string' ? [`${file}.yaml`, stories[file]] : file;
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
