// `raft-sim adapter new`: the example of a language as a folder of one's own, with the line that runs it.
//
// It never writes into a folder that is there.

import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { programWords, shellText } from '../run/input.ts';
import { packageFolder } from '../scenario/library.ts';
import { troubleText } from '../ui/files.ts';
import type { Terminal } from '../ui/terminal.ts';
import type { skeletonLanguages } from './languages.ts';

interface Skeleton {
  /** How it is built, if it has to be. */
  readonly build: string | undefined;
  /** What else it can be built as: how, and what `--system` takes then. */
  readonly otherwise?: { readonly build: string; readonly system: (folder: string) => string };
  /** What `--system` takes then, seen from the folder above. */
  readonly system: (folder: string) => string;
}

/** What was built in an example stays there. */
const isSource = (path: string): boolean => !/\.wasm$|__pycache__|[/\\]target$|[/\\]c[/\\]raft$/.test(path);

const skeletons: Readonly<Record<(typeof skeletonLanguages)[number], Skeleton>> = {
  go: {
    build: "GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -ldflags='-s -w' -o raft.wasm .",
    system: (folder) => `./${folder}/raft.wasm`,
  },
  rust: {
    build: 'cargo build --release',
    system: (folder) => `./${folder}/target/release/raft`,
    otherwise: {
      build: 'cargo build --release --lib --target wasm32-unknown-unknown',
      system: (folder) => `./${folder}/target/wasm32-unknown-unknown/release/raft.wasm`,
    },
  },
  c: {
    build: 'cc -O2 -o raft raft.c raft_sim.c',
    system: (folder) => `./${folder}/raft`,
    otherwise: {
      build: 'clang --target=wasm32-wasi -mexec-model=reactor -O2 -o raft.wasm raft.c raft_sim.c',
      system: (folder) => `./${folder}/raft.wasm`,
    },
  },
  python: { build: undefined, system: (folder) => `python3 ${folder}/my_raft.py` },
  typescript: {
    build: 'npx tsc --ignoreConfig --target es2023 --module nodenext --skipLibCheck raft.ts',
    system: (folder) => `./${folder}/raft.js`,
  },
};

export function newAdapter(
  language: keyof typeof skeletons,
  folder: string | undefined,
  _flags: object,
  { out }: Terminal,
): ExitCode {
  const target = folder ?? `raft-in-${language}`;
  if (existsSync(target)) throw new UsageError(`${target} is there already, expected a new folder`);
  const source = join(packageFolder, 'examples', 'systems', language);
  try {
    cpSync(source, target, { recursive: true, filter: isSource });
  } catch (error) {
    throw new UsageError(`cannot write ${target}: ${troubleText(error)}`);
  }
  const { build, system, otherwise } = skeletons[language];
  const program = programWords(process.argv[1], process.cwd(), process.env['npm_command']);
  const run = shellText([...program, 'run', '--system', system(target), '--nodes', '3']);
  out.line(`wrote ${target}`);
  if (build !== undefined) out.line(`build it: cd ${target} && ${build}`);
  out.line(`run it: ${run}`);
  out.line(`see what it comes to: ${shellText([...program, 'adapter', 'check', system(target)])}`);
  if (otherwise !== undefined) {
    out.line(`as WebAssembly: cd ${target} && ${otherwise.build}, and --system ${otherwise.system(target)}`);
  }
  return exits.kept;
}
