// The Dockerfile, read and played without Docker: what it copies is there, and what it copies is enough.
//
// Instructions are taken one by one into a folder that stands for the image; the two that need a network or a compiler
// are stood in for by what this checkout has already.

import { cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { freshFolder } from './binary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (name: string): string => readFileSync(join(root, name), 'utf8');
const { version, bin, engines } = JSON.parse(textOf('package.json')) as {
  version: string;
  bin: Record<string, string>;
  engines: { node: string };
};

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** Instructions by stage; a line that ends in a backslash goes on. */
function stagesOf(text: string): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    expect(word, line).not.toBe('');
    if (word === 'FROM') stages.push([]);
    stages.at(-1)?.push({ word, rest });
  }
  return stages;
}

const [build = [], image = []] = stagesOf(textOf('Dockerfile'));
const last = (stage: readonly Instruction[], word: string): string =>
  stage.findLast((one) => one.word === word)?.rest ?? '';
const ignored = textOf('.dockerignore')
  .split('\n')
  .filter((line) => !/^(#|$)/.test(line));

/** Takes the instructions of a stage that change files. */
function played(stage: readonly Instruction[], folder: string, from: string): void {
  let cwd = '/';
  for (const { word, rest } of stage) {
    if (word === 'WORKDIR') cwd = posix.resolve(cwd, rest);
    if (word === 'COPY') copy(rest, join(folder, cwd), from);
    if (word === 'RUN' && /\bnpm ci\b/.test(rest))
      symlinkSync(join(root, 'node_modules'), join(folder, cwd, 'node_modules'));
    if (word === 'RUN' && /\bnpm run build\b/.test(rest))
      cpSync(join(root, 'dist'), join(folder, cwd, 'dist'), { recursive: true });
    const [, target = '', name = ''] = /\bln -s (\S+) (\S+)/.exec(rest) ?? [];
    if (word !== 'RUN' || name === '') continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(folder, target), join(folder, name));
  }
}

function copy(rest: string, to: string, from: string): void {
  const parts = rest.split(/\s+/);
  const isBuilt = parts[0]?.startsWith('--from=') === true;
  const sources = parts.slice(isBuilt ? 1 : 0, -1);
  const target = parts.at(-1) ?? '';
  for (const source of sources) {
    const path = join(isBuilt ? from : root, source);
    expect(existsSync(path), `${source} is copied`).toBe(true);
    if (!isBuilt) expect(ignored, `${source} is not ignored`).not.toContain(source);
    const place = target.endsWith('/') ? join(to, target, posix.basename(source)) : join(to, target);
    mkdirSync(dirname(place), { recursive: true });
    if (source.endsWith('node_modules')) symlinkSync(readlinkSync(path), place);
    else cpSync(path, place, { recursive: true });
  }
}

describe('the Dockerfile', () => {
  it('has a stage that builds and a small one that runs, both of a Node that raft-sim takes', () => {
    const [, needed = '99'] = /^>=(\d+)/.exec(engines.node) ?? [];
    expect(build[0]?.rest).toMatch(/^node:\d+-slim AS build$/);
    expect(image[0]?.rest).toMatch(/^node:\d+-slim$/);
    expect(Number(/\d+/.exec(image[0]?.rest ?? '')?.[0])).toBeGreaterThanOrEqual(Number(needed));
    expect(image[0]?.rest).toBe(build[0]?.rest.replace(' AS build', ''));
  });

  it('installs what the lock file says, and leaves development behind', () => {
    const runs = build.filter(({ word }) => word === 'RUN').map(({ rest }) => rest);
    expect(runs.some((line) => line.startsWith('npm ci'))).toBe(true);
    expect(runs.at(-1)).toContain('npm prune --omit=dev');
    expect(ignored).toEqual(expect.arrayContaining(['node_modules', 'dist', '.git']));
  });

  it('runs as a user who is not root, who may write where it works', () => {
    const words = image.map(({ word }) => word);
    expect(last(image, 'USER')).toBe('node');
    expect(words.lastIndexOf('USER')).toBeGreaterThan(words.lastIndexOf('RUN'));
    const work = last(image, 'WORKDIR');
    expect(last(image, 'RUN')).toMatch(new RegExp(`install --directory --owner=node --group=node ${work}$`));
  });

  it('copies files that are there, and its entry point is the program, whole', () => {
    const [workshop, folder] = [freshFolder(), freshFolder()];
    played(build, workshop, '/');
    played(image, folder, workshop);
    expect(JSON.parse(last(image, 'ENTRYPOINT'))).toEqual(['raft-sim']);
    const program = join(folder, 'usr/local/bin/raft-sim');
    expect(readlinkSync(program)).toBe(join(folder, 'opt/raft-sim', bin['raft-sim'] ?? ''));
    const run = (...words: readonly string[]): { code: number | null; out: string } => {
      const { status, stdout } = spawnSync(process.execPath, [program, ...words], {
        cwd: freshFolder(),
        encoding: 'utf8',
      });
      return { code: status, out: stdout };
    };
    expect(run('--version')).toEqual({ code: 0, out: `${version}\n` });
    expect(run('run', '--seed', '1', '--steps', '100', '--quiet').code).toBe(0);
    expect(run('fuzz', '--seeds', '1', '--workers', '1', '--quiet').code).toBe(0); // workers find their modules
    rmSync(join(folder, 'opt/raft-sim/dist'), { recursive: true });
    expect(run('--version').code).not.toBe(0);
  });

  it('is the image of the Kubernetes example, which runs it as the same user', () => {
    interface Pod {
      readonly securityContext: Readonly<Record<string, unknown>>;
      readonly containers: readonly { readonly image: string }[];
    }
    const texts = parseAllDocuments(textOf('examples/k8s/job.yaml')).map((one) => one.toJS() as unknown);
    const pods: Pod[] = [];
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('containers' in value) pods.push(value as Pod);
      Object.values(value).forEach(look);
    };
    look(texts);
    expect(pods).toHaveLength(2);
    const name = `registry.example.com/raft-sim:${version}`;
    for (const { containers, securityContext } of pods) {
      expect(containers.map((container) => container.image)).toEqual([name]);
      expect(securityContext).toEqual({ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 });
    }
    expect(textOf('Dockerfile')).toContain(`docker build --tag ${name} .`);
    expect(textOf('examples/k8s/job.yaml')).toContain(`docker build --tag ${name} .`);
  });
});
