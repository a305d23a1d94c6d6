// The words of the scenario language for `list` and `explain`: verbs, conditions, groups of nodes.
//
// Loaded only when it is asked for, as it brings the schemas with it.

import { nodeOptionTable, type NodeOptionName } from '../../raft/options.ts';
import { conditionNames, conditionTable } from '../../scenario/conditions/conditions.ts';
import { fieldsOf, fieldTexts } from '../../scenario/schema/reference.ts';
import { groupTable } from '../../scenario/conditions/selector.ts';
import { verbNames, verbTable } from '../../scenario/verbs/verbs.ts';
import { flowText } from '../../scenario/syntax/write.ts';
import type { Fact, Item } from './topics.ts';

const PAGE = 'docs/scenarios.md';

/** Prose without the links and marks of the reference page. */
const plain = (text: string): string => text.replace(/\[([^\]]+)\]\(#[^)]*\)/g, `$1 in ${PAGE}`).replaceAll('`', '');

const example = (yaml: string): Fact => {
  const lines = yaml.split('\n');
  return { key: 'example', label: 'example', value: lines.length === 1 ? yaml : lines };
};

const fieldFacts = (schema: Parameters<typeof fieldsOf>[0]): Fact[] => {
  const fields = fieldTexts(fieldsOf(schema)).map(({ name, meaning }) => `${name}: ${plain(meaning)}`);
  return fields.length === 0 ? [] : [{ key: 'fields', label: 'fields', value: fields }];
};

const needText = (option: NodeOptionName): string =>
  `cluster: { node: { ${option}: ${nodeOptionTable[option].kind === 'switch' ? 'true' : 'N'} } }`;

const verbs = (): Item[] =>
  verbNames.map((name) => {
    const { group, meaning, schema, main, alone, byHand, needs, example: yaml } = verbTable[name];
    const facts: Fact[] = [
      ...(alone === undefined || alone === true
        ? []
        : [{ key: 'alone', label: 'alone', value: `${name}: ${flowText(alone)}` }]),
      ...(main === undefined
        ? []
        : [{ key: 'main', label: 'short form', value: `${name}: X means ${name}: { ${main}: X }` }]),
      ...(byHand === undefined ? [] : [{ key: 'byHand', label: 'needs', value: `cluster: { byHand: [${byHand}] }` }]),
      ...(needs === undefined ? [] : [{ key: 'needs', label: 'needs', value: needs.map(needText).join(' or ') }]),
      ...fieldFacts(schema),
      example(yaml),
    ];
    return { topic: 'verbs', kind: 'verb', name, meaning: plain(meaning), group, facts };
  });

const conditions = (): Item[] =>
  conditionNames.map((name) => {
    const { meaning, schema, example: yaml } = conditionTable[name];
    const facts: Fact[] = [...fieldFacts(schema), example(`${name}: ${yaml}`)];
    return { topic: 'conditions', kind: 'condition', name, meaning: plain(meaning), group: undefined, facts };
  });

const groups = (): Item[] =>
  Object.entries(groupTable).map(([name, { meaning }]) => ({
    topic: 'groups',
    kind: 'group of nodes',
    name,
    meaning,
    group: undefined,
    facts: [example(`- show: ${name}`)],
  }));

export const languageItems = { verbs, conditions, groups } as const;
