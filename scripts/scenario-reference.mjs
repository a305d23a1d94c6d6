// The reference of the scenario language, from the tables that the program itself uses.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { nearest } from '../dist/cli/nearest.js';
import { conditionNames, conditionTable } from '../dist/scenario/conditions.js';
import { readScenario } from '../dist/scenario/load.js';
import { patternFields } from '../dist/scenario/pattern.js';
import { scenarioSchema } from '../dist/scenario/schema.js';
import { groupTable } from '../dist/scenario/selector.js';
import { modifierFields, verbNames, verbTable } from '../dist/scenario/verbs.js';
import { table } from './markdown.mjs';

const code = (text) => `\`${text}\``;
const yaml = (text) => `\`\`\`yaml\n${text}\n\`\`\`\n`;

/** A schema without what is wrapped around it; each branch of a union. */
function branches(schema) {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodLazy) return branches(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.flatMap(branches) : [schema];
}

/** What a schema says of itself, or the words that it knows. */
function told(schema) {
  if (schema.description !== undefined) return schema.description;
  if (schema instanceof z.ZodOptional) return told(schema.unwrap());
  const words = branches(schema).flatMap((one) => (one instanceof z.ZodEnum ? one.options : []));
  if (words.length > 0) return words.join(', ');
  const inner = branches(schema).find((one) => one.description !== undefined);
  if (inner !== undefined) return inner.description;
  if (branches(schema).some((one) => one instanceof z.ZodBoolean)) return 'true or false';
  return branches(schema).some((one) => one instanceof z.ZodNumber) ? 'a whole number' : '';
}

/** The fields of every mapping that a schema allows. */
function fieldsOf(schema) {
  return branches(schema).flatMap((one) => (one instanceof z.ZodObject ? Object.entries(one.shape) : []));
}

function fieldTable(fields) {
  const known = new Map(fields);
  const rows = [];
  if (conditionNames.every((name) => known.has(name))) {
    for (const name of conditionNames) known.delete(name);
    rows.push(['any condition', 'see [conditions](#conditions)']);
  }
  if (Object.keys(patternFields).every((name) => known.has(name))) {
    for (const name of Object.keys(patternFields)) known.delete(name);
    rows.push(['the fields of a message', 'see [messages](#which-message)']);
  }
  for (const [name, schema] of known) rows.push([code(name), told(schema)]);
  return rows.length === 0 ? '' : `\n${table(['field', 'meaning'], rows)}`;
}

/** Parameters are listed in the reference of faults; here they would hide everything else. */
const withoutParameters = (fields) =>
  fields.filter(([name]) => !/^[a-z]+[A-Z]|^loss$|^duplicate$|^reorder$|^capacity$/.test(name));

function verbs() {
  const groups = [...new Set(verbNames.map((verb) => verbTable[verb].group))];
  const told = groups.map((group) => {
    const parts = verbNames
      .filter((verb) => verbTable[verb].group === group)
      .map((verb) => {
        const { meaning, example, schema, alone } = verbTable[verb];
        const bare = alone === undefined || alone === true ? '' : ` Alone it means ${code(`${verb}: ${alone}`)}.`;
        return `#### ${verb}\n\n${meaning}${bare}\n\n${yaml(example)}${fieldTable(fieldsOf(schema))}`;
      });
    return `### ${group[0].toUpperCase()}${group.slice(1)}\n\n${parts.join('\n')}`;
  });
  return told.join('\n');
}

function conditions() {
  const parts = conditionNames.map((name) => {
    const { meaning, example, schema } = conditionTable[name];
    return `#### ${name}\n\n${meaning}\n\n${yaml(`${name}: ${example}`)}${fieldTable(fieldsOf(schema))}`;
  });
  return parts.join('\n');
}

const groups = () =>
  table(
    ['group', 'who'],
    Object.entries(groupTable).map(([name, { meaning }]) => [code(name), meaning]),
  );

const modifiers = () =>
  fieldTable([
    ...Object.entries(modifierFields),
    ['do', { description: 'the steps of `repeat`, `for each` and `maybe`' }],
  ]).trimStart();
const messageFields = () =>
  table(
    ['field', 'meaning'],
    Object.entries(patternFields).map(([name, schema]) => [code(name), told(schema)]),
  );

function fileKeys() {
  const rows = Object.entries(scenarioSchema.shape).map(([name, schema]) => [
    code(name),
    schema instanceof z.ZodOptional ? '' : 'yes',
    told(schema) ||
      {
        steps: 'what happens, see [steps](#steps)',
        expect: 'conditions at the end',
        cluster: 'the servers, see below',
      }[name] ||
      '',
  ]);
  const cluster = fieldsOf(scenarioSchema.shape.cluster);
  return `${table(['key', 'required', 'meaning'], rows)}\nUnder ${code('cluster')}:\n${fieldTable(withoutParameters(cluster))}`;
}

/** The scenarios of a folder, deepest last, in order. */
export function libraryFiles(root, folder = 'scenarios') {
  const names = readdirSync(`${root}${folder}`).sort();
  const paths = names.map((name) => `${folder}/${name}`);
  const files = paths.filter((path) => /\.ya?ml$/.test(path));
  const folders = paths.filter((path) => statSync(root + path).isDirectory());
  return [...files, ...folders.flatMap((path) => libraryFiles(root, path))];
}

/** Lists every scenario of the library by its folder. */
export function library(root) {
  const files = libraryFiles(root).map((path) => {
    const { raw } = readScenario(readFileSync(root + path, 'utf8'), { file: path, nearest });
    const [, folder, file] = /^scenarios\/(?:(.*)\/)?([^/]+)$/.exec(path);
    return { folder: folder ?? '', file, raw };
  });
  const folders = [...new Set(files.map(({ folder }) => folder))];
  const parts = folders.map((folder) => {
    const rows = files
      .filter((one) => one.folder === folder)
      .map(({ file, raw }) => [
        `[${raw.name}](${folder}/${file})`,
        raw.why.trim().replace(/\s+/g, ' '),
        [raw.catches ?? []].flat().map(code).join(', '),
      ]);
    return `### ${folder}\n\n${table(['scenario', 'why', 'catches'], rows)}`;
  });
  return `${files.length} files.\n\n${parts.join('\n')}`;
}

export const scenarioBlocks = { verbs, conditions, groups, modifiers, messageFields, fileKeys };
