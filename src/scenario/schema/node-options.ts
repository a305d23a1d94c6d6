// The options of the node as a scenario writes them: a schema for each row of their table.
//
// What an option means, and which values it takes, stands in its row and nowhere here.

import * as z from 'zod';
import { nodeOptionRows, wordsOf, type NodeOptionRow, type NodeOptionsInput } from '../../run/node-options.ts';
import { whole } from '../syntax/values.ts';

function meaningOf([, option]: NodeOptionRow): string {
  const { kind, meaning } = option;
  if (kind !== 'word') return `${meaning} (default: ${option.default})`;
  const ways = wordsOf(option).map((word) => `${word}, ${option.words[word]?.meaning}`);
  return `${meaning}: ${ways.join('; ')} (default: ${option.default})`;
}

function schemaOf([, option]: NodeOptionRow): z.ZodType {
  switch (option.kind) {
    case 'switch':
      return z.boolean();
    case 'word':
      return z.enum(wordsOf(option));
    case 'number':
      return whole(option.min, option.max);
  }
}

type Fields = {
  readonly [Name in keyof NodeOptionsInput]-?: z.ZodOptional<z.ZodType<NonNullable<NodeOptionsInput[Name]>>>;
};

const fields: object = Object.fromEntries(
  nodeOptionRows.map((row) => [row[0], schemaOf(row).optional().describe(meaningOf(row))]),
);

export const nodeOptions = z.strictObject(fields as Fields);
