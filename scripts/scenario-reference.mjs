// The reference of the scenario language, from the tables that the program itself uses.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { nearest } from '../dist/run/nearest.js';
import { conditionNames, conditionTable } from '../dist/scenario/conditions/conditions.js';
import { readScenario } from '../dist/scenario/load.js';
import { patternFields } from '../dist/scenario/conditions/pattern.js';
import { fieldsOf, fieldTexts, meaningOf } from '../dist/scenario/schema/reference.js';
import { scenarioSchema } from '../dist/scenario/schema/schema.js';
import { groupTable } from '../dist/scenario/conditions/selector.js';
import { modifierFields } from '../dist/scenario/verbs/modifiers.js';
import { verbNames, verbTable } from '../dist/scenario/verbs/verbs.js';
import { table } from './markdown.mjs';

const code = (text) => `\`${text}\``;
const yaml = (text) => `\`\`\`yaml\n${text}\n\`\`\`\n`;

function fieldTable(fields) {
  const rows = fieldTexts(fields).map(({ name, meaning, standsForMany }) => [
    standsForMany ? name : code(name),
    meaning,
  ]);
  return rows.length === 0 ? '' : `\n${table(['field', 'meaning'], rows)}`;
}

function verbs() {
  const groups = [...new Set(verbNames.map((verb) => verbTable[verb].group))];
  const told = groups.map((group) => {
    const parts = verbNames
      .filter((verb) => verbTable[verb].group === group)
      .map((verb) => {
        const { meaning, example, schema, alone, main, byHand, needs } = verbTable[verb];
        const bare =
          alone === undefined || alone === true
            ? ''
            : ` Alone it means ${code(`${verb}: ${typeof alone === 'string' ? alone : JSON.stringify(alone)}`)}.`;
        const short = main === undefined ? '' : ` Without a mapping the value is its ${code(main)}.`;
        const hands = byHand === undefined ? '' : ` Needs ${code(`cluster: { byHand: [${byHand}] }`)}.`;
        const options = (needs ?? []).map((option) => code(`cluster: { node: { ${option}: true } }`)).join(' or ');
        const wants = options === '' ? '' : ` Needs ${options}.`;
        return `#### ${verb}\n\n${meaning}${bare}${short}${hands}${wants}\n\n${yaml(example)}${fieldTable(fieldsOf(schema))}`;
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
    Object.entries(patternFields).map(([name, schema]) => [code(name), meaningOf(schema)]),
  );

function fileKeys() {
  const rows = Object.entries(scenarioSchema.shape).map(([name, schema]) => [
    code(name),
    schema instanceof z.ZodOptional ? '' : 'yes',
    meaningOf(schema) ||
      {
        steps: 'what happens, see [steps](#steps)',
        expect: 'conditions at the end',
        cluster: 'the servers, see below',
      }[name] ||
      '',
  ]);
  const cluster = fieldsOf(scenarioSchema.shape.cluster);
  const { node } = Object.fromEntries(cluster);
  return [
    table(['key', 'required', 'meaning'], rows),
    `Under ${code('cluster')}:\n${fieldTable(cluster)}`,
    `Under ${code('node')} in ${code('cluster')}, options of the node:\n${fieldTable(fieldsOf(node))}`,
  ].join('\n');
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
