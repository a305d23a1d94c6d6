// The JSON Schema of scenarios, for editors: draft-7, which YAML language servers read.
//
// Made from the zod schema, which is the only definition; what only the parsers of small texts know (logs, links,
// commands) an editor sees as text. A hover over a verb or a condition shows its own row of the tables, so each stands
// under its own name with its meaning; only what has a name in the language is shared by reference.

import * as z from 'zod';
import { conditionNames, conditionTable, type ConditionName } from '../conditions/conditions.ts';
import { verbNames, verbTable, type VerbName } from '../verbs/verbs.ts';
import { scenarioSchema } from './schema.ts';

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an editor shows of a word of the language: what it does, and what may stand behind it. */
function hoverOf(word: string, meaning: string, example: string): JsonObject {
  return {
    title: word,
    description: meaning,
    markdownDescription: `${meaning}\n\n\`\`\`yaml\n${example}\n\`\`\``,
  };
}

const verbHover = (verb: VerbName): JsonObject => hoverOf(verb, verbTable[verb].meaning, verbTable[verb].example);

function conditionHover(word: ConditionName): JsonObject {
  const { meaning, example } = conditionTable[word];
  const plain = meaning.replace(/\[([^\]]+)\]\(#[^)]*\)/g, '$1 in docs/scenarios.md');
  return hoverOf(word, plain, `${word}: ${example}`);
}

/** Puts the words for a hover on the properties of a mapping that are verbs, or conditions. */
function withHovers(properties: JsonObject): void {
  const isStep = Object.hasOwn(properties, 'deliver');
  const areConditions = conditionNames.every((word) => Object.hasOwn(properties, word));
  for (const [key, value] of Object.entries(properties)) {
    if (!isObject(value)) continue;
    const verb = isStep ? verbNames.find((one) => one === key) : undefined;
    const condition = areConditions ? conditionNames.find((one) => one === key) : undefined;
    if (verb !== undefined) Object.assign(value, verbHover(verb));
    if (condition !== undefined) Object.assign(value, conditionHover(condition));
  }
}

/** A verb that stands alone is a text of a list: each with its meaning. */
const bareVerbs = (words: readonly unknown[]): JsonObject[] =>
  verbNames.filter((verb) => words.includes(verb)).map((verb) => ({ const: verb, ...verbHover(verb) }));

export function scenarioJsonSchema(): object {
  const schema = z.toJSONSchema(scenarioSchema, {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
    override({ jsonSchema }) {
      const written = jsonSchema as JsonObject;
      if (isObject(written['properties'])) withHovers(written['properties']);
      if (written['title'] !== BARE_VERB) return;
      written['anyOf'] = bareVerbs(written['enum'] as readonly unknown[]);
      delete written['enum'];
      delete written['title'];
    },
  });
  return {
    ...schema,
    title: 'A scenario of raft-sim',
    description: 'A story about a Raft cluster, and what must be so in it.',
    anyOf: [{ required: ['steps'] }, { required: ['eventually'] }],
  };
}

const BARE_VERB = 'bare verb';
