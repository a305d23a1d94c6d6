// What a machine has of other languages' tools, for tests that are skipped, with a line, where one is missing.

import { spawnSync } from 'node:child_process';

/** Whether a program is there and runs. */
export const hasProgram = (program: string, ...words: readonly string[]): boolean =>
  spawnSync(program, words, { stdio: 'ignore' }).status === 0;

/** A clang that makes WebAssembly, by its name; undefined if there is none. */
export const wasmClang = (): string | undefined =>
  ['clang', 'clang-19', 'clang-16', 'clang-14'].find((one) =>
    hasProgram('sh', '-c', `echo 'int main(void){return 0;}' | ${one} --target=wasm32-wasi -x c - -o /dev/null`),
  );
