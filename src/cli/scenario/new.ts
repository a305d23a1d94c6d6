// `raft-sim scenario new`: a first file that passes, with a word about each part, and its schema for editors.
//
// It never writes over a file that is there. Where no schema lies in the folders above, it is written beside the file,
// so that the line for editors names a schema that exists.

import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { scenarioJsonSchema } from '../../scenario/schema/json-schema.ts';
import { makeFolder, troubleText, writeWhole } from '../ui/files.ts';
import type { Terminal } from '../ui/terminal.ts';
import { programWords, shellText } from '../run/input.ts';
import { packageFolder } from './library.ts';

const NAME_MAX = 100;
const SCHEMA = 'schema/scenario.schema.json';

export function newScenario(word: string, { out }: Terminal): ExitCode {
  const path = /\.ya?ml$/.test(word) ? word : `${word}.yaml`;
  const name = basename(path).replace(/\.ya?ml$/, '');
  if (name === '' || name.startsWith('.') || /[\p{Cc}\p{Cf}\\]/u.test(word) || name.length > NAME_MAX) {
    throw new UsageError(`${JSON.stringify(word)} cannot be the name of a scenario, expected one such as my-story`);
  }
  const near = schemaNear(dirname(resolve(path)));
  const beside = join(dirname(path), BESIDE);
  const isBeside = near === undefined;
  try {
    makeFolder(dirname(path));
    writeFileSync(path, firstScenario(name, near ?? `./${BESIDE}`), { flag: 'wx' });
    if (isBeside && !existsSync(beside)) writeWhole(beside, [`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`]);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST' && existsSync(path);
    if (isThere) throw new UsageError(`${path} is there already, expected a new name`);
    throw new UsageError(`cannot write ${path}: ${troubleText(error)}`);
  }
  const program = programWords(process.argv[1], process.cwd(), process.env['npm_command']);
  out.line(isBeside ? `wrote ${path}, and ${beside} for editors` : `wrote ${path}`);
  out.line(`play it: ${shellText([...program, 'scenario', 'run', path])}`);
  return exits.kept;
}

/** Where the schema is written if it is in none of the folders above. */
const BESIDE = 'scenario.schema.json';

/** Where editors find the schema, seen from the file's folder. */
function schemaNear(folder: string): string | undefined {
  for (let above = folder, up = '.'; ; up = up === '.' ? '..' : `${up}/..`) {
    const path = `node_modules/raft-sim/${SCHEMA}`;
    if (existsSync(join(above, path))) return `${up}/${path}`;
    if (dirname(above) === above) break;
    above = dirname(above);
  }
  const isInCheckout = `${folder}${sep}`.startsWith(packageFolder) && existsSync(join(packageFolder, SCHEMA));
  if (!isInCheckout) return undefined;
  const path = relative(folder, join(packageFolder, SCHEMA)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

const firstScenario = (name: string, schema: string): string => `# yaml-language-server: $schema=${schema}
name: ${/^[a-z][a-z-]*$/.test(name) && !/^(?:true|false|null)$/.test(name) ? name : JSON.stringify(name)}
why: A leader is elected, a command is committed, and it survives the loss of the leader.
cluster: { nodes: 3 }
steps:
  # Time stands still between two steps, until one of them lets it run. n1 stands for election,
  # and messages are delivered until there are none.
  - timeout: n1
  - exchange
  - expect: { leader: { node: n1, term: 1 } }

  # A client asks the leader; \`as\` gives the call a name for later.
  - { propose: put x 1, as: my write }
  - exchange
  - expect: { answers: { my write: ok } }

  # Now time runs: timers fire, messages arrive, until what is expected is so.
  - { crash: leader, as: old }
  - until: { leader: { term: at least 2 }, within: 5s }
  - restart: old
  - agree: all

  # Shows every server at this point.
  - show

# What must be so at the end. Every promise of Raft is checked after every step anyway.
expect:
  converged: true
  holds: { all: my write }
`;
