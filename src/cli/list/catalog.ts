// Everything that raft-sim knows by name, drawn from the tables that the program itself runs on.
//
// `list` prints a topic, `explain` one item. Nothing is written down here a second time: what a property promises, what
// a variant does wrong and what a parameter means stands beside the code that it is about.

import { goalTable } from '../../check/goals.ts';
import { propertyTable } from '../../run/properties.ts';
import { cutTable } from '../../sim/network/partition.ts';
import { parameterNames, parameterTable, type ParameterName } from '../../sim/parameters.ts';
import { profileNames, profileTable, type Profile } from '../../sim/faults/profile.ts';
import { schedulerTable } from '../../sim/schedule/scheduler.ts';
import type { Variant } from '../../zoo/row.ts';
import { familyOf, variantTable } from '../../zoo/variant.ts';
import { faultNames, faultTable, shapersOf, type AnyFault } from '../../sim/faults/table.ts';
import { flagWordsOf, nodeOptionRows, type NodeOptionRow } from '../../run/node-options.ts';
import { kebab } from '../../base/text.ts';
import { flagOf } from '../run/flags.ts';
import { defaultText, drawnTexts, flagTexts, valueTexts } from './option-texts.ts';
import { topics, type Fact, type Item, type Topic } from './topics.ts';
import { quantityText } from '../../run/quantity.ts';

const fact = (key: string, label: string, value: string | readonly string[]): Fact => ({ key, label, value });
const some = (facts: readonly Fact[]): Fact[] => facts.filter(({ value }) => value.length > 0);

const variants: readonly (readonly [string, Variant])[] = Object.entries(variantTable);
const profiles: readonly (readonly [string, Profile])[] = profileNames.map((name) => [name, profileTable[name]]);

/** All items of a topic, in the order of its table. */
export async function itemsOf(topic: Topic): Promise<Item[]> {
  switch (topic) {
    case 'verbs':
    case 'conditions':
    case 'groups':
      return (await import('./catalog-language.ts')).languageItems[topic]();
    case 'properties':
      return properties();
    case 'faults':
      return [...faults(), ...cutShapes()];
    case 'profiles':
      return profiles.map(profileItem);
    case 'variants':
      return variants.map(variantItem);
    case 'goals':
      return Object.entries(goalTable).map(([name, meaning]) => ({
        topic: 'goals',
        kind: 'goal',
        name,
        meaning,
        group: undefined,
        facts: [fact('use', 'use', 'counted in every run; a run that reaches few goals has tested little')],
      }));
    case 'parameters':
      return parameterNames.map(parameterItem);
    case 'options':
      return nodeOptionRows.map(optionItem);
    case 'schedulers':
      return Object.entries(schedulerTable).map(([name, meaning]) => ({
        topic: 'schedulers',
        kind: 'scheduler',
        name,
        meaning,
        group: undefined,
        facts: [fact('flag', 'flag', `--scheduler ${name}`), fact('try', 'try it', `raft-sim run --scheduler ${name}`)],
      }));
  }
}

/** Every item with this name; parameters also by their flag. A fault stands for the parameter of the same name. */
export async function itemsNamed(name: string): Promise<Item[]> {
  const wanted = [kebab(name.replace(/^--/, '')), name.replaceAll('-', ' ')];
  const found = (await allItems()).filter((item) =>
    [item.name, ...(item.aliases ?? [])].some((known) => wanted.includes(known)),
  );
  const isFault = found.some(({ topic }) => topic === 'faults');
  return found.filter(({ topic }) => !(isFault && topic === 'parameters'));
}

const allItems = async (): Promise<Item[]> => (await Promise.all(topics.map(itemsOf))).flat();

export const allNames = async (): Promise<string[]> => [...new Set((await allItems()).map(({ name }) => name))];

function properties(): Item[] {
  return Object.entries(propertyTable).map(([name, { promise, section, kind, mood, needs, typicalBugs }]) => ({
    topic: 'properties',
    kind: 'property',
    name,
    meaning: promise,
    group: undefined,
    facts: some([
      fact('section', 'section', section),
      fact('propertyKind', 'kind', kind),
      fact('checked', 'checked', mood === 'always' ? 'after every step' : 'at the end of a run'),
      fact('needs', 'needs to see', needs),
      fact('typicalBugs', 'typical bugs', typicalBugs),
      fact(
        'brokenBy',
        'broken by',
        variants.filter(([, row]) => row.breaks === name).map(([variant]) => variant),
      ),
      fact(
        'notices',
        'notices',
        variants.filter(([, row]) => row.noticedBy.includes(name)).map(([variant]) => variant),
      ),
    ]),
  }));
}

function variantItem([name, row]: readonly [string, Variant]): Item {
  const { fault, section, breaks, noticedBy, sources, options = {} } = row;
  return {
    topic: 'variants',
    kind: 'variant',
    name,
    meaning: fault,
    group: familyOf(name),
    facts: some([
      fact('section', 'section', section),
      fact('breaks', 'breaks', breaks),
      fact('noticedBy', 'noticed by', noticedBy),
      fact('seenIn', 'seen in', sources),
      fact(
        'runsWith',
        'runs with',
        Object.entries(options).map(([option, value]) => `${option} ${String(value)}`),
      ),
      fact('try', 'try it', huntCommand(name, row)),
    ]),
  };
}

/** The command under which a variant's damage shows soonest. */
function huntCommand(name: string, { hunt = {} }: Variant): string {
  const words = ['raft-sim run --variant', name];
  if (hunt.nodes !== undefined) words.push('--nodes', String(hunt.nodes));
  if (hunt.spares !== undefined) words.push('--spares', String(hunt.spares));
  if (hunt.profile !== undefined) words.push('--profile', hunt.profile);
  if (hunt.scheduler !== undefined) words.push('--scheduler', hunt.scheduler);
  for (const parameter of parameterNames) {
    const value = hunt.parameters?.[parameter];
    if (value !== undefined) words.push(flagOf(parameter), valueOf(parameter, value));
  }
  return words.join(' ');
}

function profileItem([name, { meaning, changes }]: readonly [string, Profile]): Item {
  const changed = parameterNames.flatMap((parameter) => {
    const value = changes[parameter];
    return value === undefined ? [] : [`${kebab(parameter)} ${valueOf(parameter, value)}`];
  });
  return {
    topic: 'profiles',
    kind: 'profile',
    name,
    meaning,
    group: undefined,
    facts: some([fact('parameters', 'parameters', changed), fact('try', 'try it', `raft-sim run --profile ${name}`)]),
  };
}

function parameterItem(name: ParameterName): Item {
  const { meaning, group } = parameterTable[name];
  return { topic: 'parameters', kind: 'parameter', name: kebab(name), meaning, group, facts: parameterFacts(name) };
}

function parameterFacts(name: ParameterName): Fact[] {
  return some([
    fact('flag', 'flag', flagOf(name)),
    fact('calm', 'in calm', valueOf(name, parameterTable[name].calm)),
    fact('profiles', 'in profiles', inProfiles(name)),
  ]);
}

function optionItem(row: NodeOptionRow): Item {
  const [name, option] = row;
  const { flag, meaning, section } = option;
  const switchedBy = variants.flatMap(([variant, { options = {} }]) =>
    options[name] === undefined ? [] : [`${variant}: ${flagWordsOf(row, options[name]).join(' ')}`],
  );
  return {
    topic: 'options',
    kind: 'option of the node',
    name: flag,
    aliases: [kebab(name), `no-${flag}`],
    meaning,
    group: undefined,
    facts: some([
      fact('section', 'section', section),
      fact('flag', 'flag', flagTexts(option)),
      fact('key', 'key', `cluster: { node: { ${name}: ${option.default} } }`),
      fact('default', 'default', defaultText(option)),
      fact('values', 'values', valueTexts(option)),
      fact('drawn', 'drawn by fuzz', drawnTexts(option)),
      fact('switchedBy', 'switched by', switchedBy),
    ]),
  };
}

function faults(): Item[] {
  return faultNames.map((name) => {
    const row: AnyFault = faultTable[name];
    const shapes = shapersOf(name).map((parameter) => `${flagOf(parameter)}: ${parameterTable[parameter].meaning}`);
    const { meaning, group } = parameterTable[row.switch];
    return {
      topic: 'faults',
      kind: 'fault',
      name,
      meaning: row.meaning ?? meaning,
      group,
      facts: some([
        fact('flag', 'switched on by', flagOf(row.switch)),
        fact('shapedBy', 'shaped by', shapes),
        fact('profiles', 'in profiles', inProfiles(row.switch)),
        fact('shapes', 'shapes', name === 'cut' ? Object.keys(cutTable) : []),
      ]),
    };
  });
}

function cutShapes(): Item[] {
  return Object.entries(cutTable).map(([name, { meaning, nodesMin }]) => ({
    topic: 'faults',
    kind: 'shape of a cut',
    name,
    meaning,
    group: 'shapes of a cut',
    facts: [
      fact('nodesMin', 'needs', `${nodesMin} nodes or more`),
      fact('flag', 'switched on by', flagOf('cutEvery')),
      fact('profiles', 'in profiles', inProfiles('cutEvery')),
    ],
  }));
}

const valueOf = (name: ParameterName, value: number): string => quantityText(parameterTable[name].unit, value);

const inProfiles = (name: ParameterName): string[] =>
  profiles.flatMap(([profile, { changes }]) => {
    const value = changes[name];
    return value === undefined ? [] : [`${profile} ${valueOf(name, value)}`];
  });
