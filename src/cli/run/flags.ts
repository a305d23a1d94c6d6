// The flags of `run`, most of them generated from the table of parameters, and the way back from a plan to its command.
//
// A flag's name is the parameter's, in kebab-case. What a flag says is read here; whether a plan can be made of it is
// decided where plans are made.

import { Option, type Command } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { kebab } from '../../base/text.ts';
import type { NodeOption } from '../../raft/options.ts';
import { presetNames } from '../../raft/presets.ts';
import { nodeOptionRows, wordsOf, type NodeOptionsInput } from '../../run/node-options.ts';
import { parameterNames, parameterTable, type ParameterGroup, type ParameterName } from '../../sim/parameters.ts';
import { profileNames } from '../../sim/faults/profile.ts';
import { schedulerNames } from '../../sim/schedule/scheduler.ts';
import { parseDuration, parseQuantity, parseWhole, quantityText } from '../../run/quantity.ts';
import { placeholder } from '../ui/units.ts';

/** Flags that fix a parameter each: faults, timing, clients. */
export type ParameterFlags = { readonly [name in ParameterName]?: number };

export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

export interface RunFlags extends ParameterFlags, OutputFlags {
  readonly seed?: string;
  readonly nodes?: number;
  readonly spares?: number;
  readonly profile?: string;
  readonly for?: number;
  readonly steps?: number;
  readonly variant?: string;
  readonly preset?: string;
  readonly system?: string;
  readonly scheduler?: string;
  readonly property?: readonly string[];
  readonly trace?: string;
  readonly html?: string;
  readonly states?: string;
  readonly reports: string;
  readonly failOn?: string;
}

const groupTitles: Readonly<Record<ParameterGroup, string>> = {
  timing: 'Timing:',
  network: 'Faults of the network:',
  partitions: 'Cut and slow links:',
  processes: 'Crashes and pauses:',
  disk: 'Disks:',
  clocks: 'Clocks:',
  clients: 'Clients:',
};

export const flagOf = (name: ParameterName): string => `--${kebab(name)}`;

/** Adds what every command that prints something has. */
export function addOutputFlags(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json', 'print one JSON document instead of text')
    .option('--no-color', 'never use colours (also: NO_COLOR=1)');
}

/** What every command has that can write a page of its run beside what it does. */
export const htmlFlag = (): Option =>
  new Option('--html <file>', 'write a page that shows the run step by step')
    .argParser(fileName('--html'))
    .helpGroup('Output:');

/** What every command has that can write a trace from which a page shows a Raft that is not ours. */
export const statesFlag = (): Option =>
  new Option('--states <file>', 'write every step with what became of the servers: for view, of any system')
    .argParser(fileName('--states'))
    .helpGroup('Output:');

const whole = (flag: string) => (text: string) => parseWhole(flag, text);

/** What `--system` takes, in every command. */
export const SYSTEM_MEANING =
  'run another Raft: a module (x.wasm), a script (x.js), or a command that speaks JSON lines';

export function addRunFlags(command: Command): Command {
  command
    .optionsGroup('The run:')
    .option('--seed <seed>', 'a whole number or any text (default: a fresh one, which is printed)', seedText(command))
    .option('--nodes <n>', 'servers in the cluster, 1 to 9 (default: 5)', whole('--nodes'))
    .option('--spares <n>', 'how many of them start empty, as members of nothing (default: 0)', whole('--spares'))
    .option('--profile <name>', `${profileNames.join(', ')} (default: whole; for a bug or another Raft: chaos)`)
    .option('--for <time>', 'how long, in virtual time (default: 1m)', (text: string) => parseDuration('--for', text))
    .addOption(new Option('--steps <n>', 'how long, in steps').argParser(whole('--steps')).conflicts('for'))
    .option('--variant <name>', 'run a node with a named bug: see raft-sim list variants')
    .option(
      '--preset <name>',
      `options of the node that go together: ${presetNames.join(', ')} (default: etcd; else plain)`,
    )
    .option('--system <what>', SYSTEM_MEANING)
    .option('--scheduler <name>', `${schedulerNames.join(', ')} (default: timed): see raft-sim list schedulers`)
    .option('--property <name...>', 'check only these promises: see raft-sim list properties')
    .addOption(
      new Option('--fail-on <what>', 'unknown: a promise that stays undecided ends with 1').choices(['unknown']),
    )
    .option('--trace <file>', 'write every step to this file', fileName('--trace'))
    .option('--reports <dir>', 'where the replay of a broken promise is written', fileName('--reports'), 'reports');
  addOutputFlags(command).option('--quiet', 'print only how it ended');
  addNodeFlags(command);
  addParameterFlags(command, (name) => ` [${quantityText(parameterTable[name].unit, parameterTable[name].calm)}]`);
  return command;
}

export function addNodeFlags(command: Command): Command {
  for (const [, option] of nodeOptionRows) {
    for (const flag of nodeFlags(option)) command.addOption(flag.helpGroup('The node:'));
  }
  return command;
}

/** A flag for each parameter; what stands behind its meaning is up to the command. */
export function addParameterFlags(command: Command, remark: (name: ParameterName) => string): Command {
  for (const name of parameterNames) {
    const { group, unit, meaning } = parameterTable[name];
    const flag = flagOf(name);
    const option = new Option(`${flag} ${placeholder(unit)}`, meaning + remark(name))
      .argParser((text: string) => parseQuantity(unit, flag, text))
      .helpGroup(groupTitles[group]);
    command.addOption(option);
  }
  return command;
}

/** The flags of an option of the node: a switch has one for each side. */
function nodeFlags(option: NodeOption): Option[] {
  const { kind, flag, meaning } = option;
  switch (kind) {
    case 'switch': {
      const usual = (value: boolean): string => (option.default === value ? ' (default)' : '');
      return [
        new Option(`--${flag}`, `${meaning}${usual(true)}`),
        new Option(`--no-${flag}`, `${option.otherwise}${usual(false)}`),
      ];
    }
    case 'word': {
      const words = wordsOf(option);
      const ways = words.map((word) => `${word}, ${option.words[word]?.meaning}`);
      return [new Option(`--${flag} <how>`, `${meaning}: ${ways.join('; ')} [${option.default}]`).choices(words)];
    }
    case 'number': {
      const read = (text: string): number => parseWhole(`--${flag}`, text);
      return [new Option(`--${flag} <n>`, `${meaning} [${option.default}]`).argParser(read)];
    }
  }
}

/** What the flags say of the node: commander names them in camel case. */
export function nodeOptionsIn(flags: object): NodeOptionsInput {
  const given = flags as Readonly<Record<string, unknown>>;
  return Object.fromEntries(nodeOptionRows.map(([name, { flag }]) => [name, given[camelCase(flag)]]));
}

const camelCase = (flag: string): string => flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** A seed that was not forgotten: any text but a flag of this command. */
export const seedText = (command: Command) => (text: string) => {
  if (command.options.some(({ long, short }) => long === text || short === text)) {
    throw new UsageError(`--seed is followed by ${text}, expected a whole number or any text that is no flag`);
  }
  return text;
};

/** A file name that was not meant to be the next flag. */
export function fileName(flag: string) {
  return (text: string): string => {
    if (text === '' || text === '-' || text.startsWith('--')) {
      throw new UsageError(`${flag} is ${JSON.stringify(text)}, expected the name of a file or folder`);
    }
    return text;
  };
}

export const runHelp = `
Times are written 500us, 20ms, 1.5s, 2m or 1h, odds 5%, 0.1% or 300ppm.
In brackets stands the value of the profile calm.

Examples:
  raft-sim run --seed 42
  raft-sim run --profile partitions --nodes 7 --for 10m
  raft-sim run --variant vote-no-log-check
  raft-sim run --seed 42 --loss 20% --crash-every 500ms --trace run.ndjson
`;
