// From the text of `--system` to a system: a WebAssembly module, a script, or the command of a child process.
//
// The only place that starts programs and reads modules. What cannot be opened is told as a mistake of the user, in one
// sentence; what goes wrong later is the system's trouble.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { SystemTrouble } from '../protocol/system-trouble.ts';
import { BEST_EFFORT, isBestEffort, MAELSTROM } from './best-effort.ts';
import { ChildTransport } from './child/child-transport.ts';
import { ChildLink } from './child/link.ts';
import { MaelstromTransport } from './child/maelstrom.ts';
import { WasmTransport } from './wasm/wasm-transport.ts';
import { defineRaft, type RaftDefinition } from './script/define-raft.ts';
import { foreignSystem } from './foreign/foreign-system.ts';
import { openSystemsWith, systemNamed, type System } from './system.ts';

/** How long a child may take for an answer: real milliseconds. */
const PATIENCE_MILLIS = 10_000;

/**
 * Opens what a text names.
 *
 * @throws UsageError if it is missing, or does not speak the interface.
 */
function openSystem(name: string): System {
  try {
    if (name.startsWith(MAELSTROM)) {
      return foreignSystem(name, new MaelstromTransport(name.slice(MAELSTROM.length), PATIENCE_MILLIS));
    }
    if (name.startsWith(BEST_EFFORT)) return childSystem(name, name.slice(BEST_EFFORT.length));
    if (/^\S+\.wasm$/.test(name)) return wasmSystem(name);
    if (/^\S+\.[cm]?[jt]s$/.test(name)) return scriptSystem(name);
    return childSystem(name, name);
  } catch (error) {
    if (!(error instanceof SystemTrouble || error instanceof UsageError)) throw error;
    throw new UsageError(`cannot open the system ${JSON.stringify(name)}: ${error.message}`);
  }
}

function wasmSystem(path: string): System {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch {
    throw new UsageError('there is no such file, or it cannot be read');
  }
  return foreignSystem(path, new WasmTransport(bytes));
}

/** A module in JavaScript that exports a definition, as `raft` or as its default. */
function scriptSystem(path: string): System {
  let found: { readonly raft?: RaftDefinition; readonly default?: RaftDefinition };
  try {
    found = createRequire(import.meta.url)(resolve(path)) as typeof found;
  } catch (error) {
    throw new UsageError(`it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
  const definition = found.raft ?? found.default;
  if (definition === undefined) throw new UsageError('it exports no "raft", which is what defineRaft takes');
  defineRaft({ ...definition, name: path });
  return systemNamed(path);
}

function childSystem(name: string, command: string): System {
  return foreignSystem(name, new ChildTransport(new ChildLink(command, PATIENCE_MILLIS), isBestEffort(name)));
}

/** From now on plans may name systems by what `--system` takes. */
export function openSystemsByName(): void {
  openSystemsWith(openSystem);
}
