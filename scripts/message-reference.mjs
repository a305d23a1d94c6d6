// The reference of the messages, from the table that the program itself uses.

import { messageKinds, messageRows } from '../dist/protocol/messages/table.js';
import { bytesOfKind, messageFields } from '../dist/protocol/messages/text.js';
import { table } from './markdown.mjs';

const code = (text) => `\`${text}\``;

const types = { term: 'term', index: 'index', number: 'number', flag: 'true or false', entries: 'log entries' };
const claims = { nothing: 'its term', vote: 'its term and its vote', entries: 'its term and its entries' };

const words = ({ notation }) => code(notation);

const replyTo = (kind) => messageKinds.find((one) => messageRows[one].answers === kind);

function roleOf(kind) {
  const { answers } = messageRows[kind];
  if (answers !== null) return `the reply to ${code(answers)}`;
  const reply = replyTo(kind);
  return reply === undefined ? 'a notice, which has no reply' : `a request; its reply is ${code(reply)}`;
}

function overview() {
  const rows = messageKinds.map((kind) => {
    const { meaning, section } = messageRows[kind];
    return [`[${kind}](#${kind.toLowerCase()})`, meaning, section];
  });
  return table(['message', 'what it says', 'paper'], rows);
}

function part(kind) {
  const { meaning, section, vouchesFor, forms, verdict, fields } = messageRows[kind];
  const fieldRows = messageFields(kind).map(([name, row]) => [code(name), types[row.type], row.meaning]);
  const formRows = forms.map((form) => [words(form), form.alias?.name ?? '', form.meaning]);
  const decides = verdict === null ? '' : ` What decides is ${code(verdict)}.`;
  const carries = Object.values(fields).some(({ type }) => type === 'entries');
  const more = carries ? ', and for each entry 8 and those of its command' : '';
  return (
    `## ${kind}\n\n${meaning} Paper: ${section}. It is ${roleOf(kind)}.${decides}\n\n` +
    (fieldRows.length === 0 ? '' : `${table(['field', 'type', 'meaning'], fieldRows)}\n`) +
    `${table(['in a line', 'called', 'meaning'], formRows)}\n` +
    `What it says of its sender's disk: ${claims[vouchesFor]}. Its size: ${bytesOfKind(kind)} bytes${more}.\n`
  );
}

export const messagesPage = (note) =>
  `# Messages\n\n${note}Every message has its ends, ${code('from')} and ${code('to')}, and the ${code('term')} of its sender. Patterns of\n` +
  `[scenarios](../scenarios.md#which-message) ask for the fields by these names, and the [one-line notation](../notation.md) shows\n` +
  `them as below, each ${code('{field}')} as its value. A size counts eight bytes for each field.\n\n${overview()}\n${messageKinds.map(part).join('\n')}`;

/** How messages read in the one-line notation. */
export const messageForms = () =>
  table(
    ['words', 'message', 'meaning'],
    messageKinds.flatMap((kind) => messageRows[kind].forms.map((form) => [words(form), kind, form.meaning])),
  );
