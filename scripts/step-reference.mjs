// What the pages on traces and on the notation say of each kind of step, from the tables that the program uses.
//
// A kind that is added there is added here by `npm run docs`.

import { hex, scramble } from '../dist/base/hash.js';
import { stepKinds, stepTable } from '../dist/sim/step.js';
import { notation } from '../dist/trace/notation.js';
import { encodeStep } from '../dist/trace/step-codec.js';
import { table } from './markdown.mjs';

const code = (text) => `\`${text}\``;

/** The kinds with their keys; one that may be missing has a question mark. */
function stepKeys() {
  const rows = stepKinds.map((kind) => {
    const { fields, meaning } = stepTable[kind];
    const keys = Object.entries(fields).map(([name, { isOptional }]) => `${code(name)}${isOptional ? '?' : ''}`);
    return [code(kind), keys.join(', '), meaning];
  });
  return table(['`do`', 'keys', 'meaning'], rows);
}

/** Words that the meaning does not explain are listed. */
function meaningOf({ meaning, words = [] }) {
  const untold = words.filter((word) => !meaning.includes(code(word)));
  return untold.length === 0 ? meaning : `${meaning}: ${untold.map(code).join(' or ')}`;
}

/** The keys of all kinds; a key that means something else in one kind has a row of its own for it. */
function stepFields() {
  const namesOf = new Map();
  const meanings = new Map();
  for (const kind of stepKinds) {
    for (const [name, field] of Object.entries(stepTable[kind].fields)) {
      const meaning = meaningOf(field);
      const first = meanings.get(name) ?? meaning;
      meanings.set(name, first);
      const names = namesOf.get(meaning) ?? new Set();
      namesOf.set(meaning, names.add(first === meaning ? code(name) : `${code(name)} of ${code(kind)}`));
    }
  }
  return table(
    ['key', 'value'],
    Array.from(namesOf, ([meaning, names]) => [Array.from(names).join(', '), meaning]),
  );
}

/** One step of each kind as a line of a trace, with a made-up fingerprint. */
function stepLines() {
  const lines = stepKinds.map((kind, i) => {
    const values = Object.entries(stepTable[kind].fields).map(([name, { example }]) => [name, example]);
    const print = hex(scramble(i + 1)) + hex(scramble(i + 78));
    return encodeStep(i + 1, { kind, at: 1234, ...Object.fromEntries(values) }, print);
  });
  return `\`\`\`json\n${lines.join('\n')}\n\`\`\`\n`;
}

const stepSigns = () =>
  table(
    ['sign', 'step', 'meaning'],
    stepKinds.map((kind) => [code(notation[kind].sign), code(kind), notation[kind].meaning]),
  );

export const stepBlocks = { stepKeys, stepFields, stepLines, stepSigns };
