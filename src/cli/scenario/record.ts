// `raft-sim scenario record`: the steps of a trace as a scenario, to be kept and edited.
//
// What it writes can be played at once: it expects the same fingerprint.

import { existsSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import { recordScenario } from '../../scenario/record.ts';
import { decodeTrace } from '../../trace/format.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { readText, troubleText, writeWhole } from '../ui/files.ts';
import { nearest } from '../../run/nearest.ts';
import type { Terminal } from '../ui/terminal.ts';

export interface RecordFlags {
  readonly output?: string;
  readonly force?: boolean;
}

export async function record(
  file: string,
  { output, force = false }: RecordFlags,
  { out }: Terminal,
): Promise<ExitCode> {
  if (output !== undefined && !force && existsSync(output)) {
    throw new UsageError(`${output} is there already, expected a new name, or --force to write over it`);
  }
  const text = await readText(file);
  const name = file === '-' ? 'standard input' : file;
  const scenario = recordScenario(decodeTrace(text, name, { nearest }), name);
  if (output === undefined) {
    out.write(scenario);
    return exits.kept;
  }
  try {
    writeWhole(output, [scenario]);
  } catch (error) {
    throw new UsageError(`cannot write ${output}: ${troubleText(error)}`);
  }
  out.line(`wrote ${output}`);
  return exits.kept;
}
