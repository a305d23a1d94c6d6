// The public API as two texts: a page for people, and a report of all signatures whose diff shows what a change does.
//
// API Extractor reads the declarations that the build wrote. Docstrings are the page's only source: an export or a
// member of one without a docstring is an error, and so is a docstring that TSDoc cannot read.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { table } from './markdown.mjs';

export const PAGE = 'docs/api.md';
export const REPORT = 'docs/reference/api-report.md';

const SILENT = { logLevel: 'none' };
const LOUD = { logLevel: 'error' };

/** Everything is public: there is one entry, and what it exports follows semantic versioning. */
const MESSAGES = {
  compilerMessageReporting: { default: LOUD },
  extractorMessageReporting: {
    default: LOUD,
    'ae-missing-release-tag': SILENT,
    'ae-forgotten-export': SILENT,
  },
  tsdocMessageReporting: { default: LOUD },
};

/** Reads `dist/index.d.ts` below a root; throws with one line for each thing that is wrong. */
function extract(root) {
  const temp = mkdtempSync(join(tmpdir(), 'raft-sim-api-'));
  try {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: '<projectFolder>/dist/index.d.ts',
        compiler: { tsconfigFilePath: '<projectFolder>/tsconfig.json' },
        apiReport: { enabled: true, reportFolder: temp, reportTempFolder: temp, reportFileName: 'report.api.md' },
        docModel: { enabled: true, apiJsonFilePath: join(temp, 'model.json') },
        messages: MESSAGES,
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(root, 'package.json'),
    });
    const problems = [];
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback(message) {
        message.handled = true;
        if (message.logLevel !== ExtractorLogLevel.Error) return;
        const place = message.sourceFilePath?.slice(root.length) ?? 'the API';
        problems.push(`${place}:${message.sourceFileLine ?? 1}: ${message.text} (${message.messageId})`);
      },
    });
    if (problems.length > 0) throw new Error(`${problems.length} problems\n${problems.join('\n')}`);
    const read = (name) => readFileSync(join(temp, name), 'utf8').replaceAll('\r\n', '\n');
    return { report: read('report.api.md'), model: JSON.parse(read('model.json')) };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** A docstring in parts: what stands before the first tag, and the texts of each tag. */
function parts(docComment) {
  const lines = docComment
    .trim()
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  const tags = { summary: [], throws: [], returns: [], param: [], example: [] };
  let open = [];
  tags.summary.push(open);
  for (const line of lines) {
    const [, tag, rest] = /^@(throws|returns|param|example)\b ?(.*)$/.exec(line) ?? [];
    if (tag === undefined) open.push(line);
    else tags[tag].push((open = [rest]));
  }
  const texts = (of) => of.map((all) => all.join('\n').trim());
  return Object.fromEntries(Object.entries(tags).map(([tag, of]) => [tag, texts(of)]));
}

const SIGNATURE_LINES_MAX = 14;

const declared = ({ excerptTokens }) =>
  excerptTokens
    .map(({ text }) => text)
    .join('')
    .trim();

/** A signature as it is declared; of a long table the beginning. */
function signature(of) {
  const text = declared(of).replace(/^export (?:declare )?/, '');
  const lines = text.split('\n');
  const isLong = lines.length > SIGNATURE_LINES_MAX;
  const shown = isLong ? [...lines.slice(0, SIGNATURE_LINES_MAX - 2), '    // …', lines.at(-1)] : lines;
  return `\`\`\`ts\n${shown.join('\n')}\n\`\`\`\n`;
}

const oneLine = (text) => text.replaceAll(/\s+/g, ' ').trim();

function members({ members: all = [] }) {
  const rows = all.map((member) => {
    const { summary, throws } = parts(member.docComment);
    const errors = throws.map((text) => ` Throws ${text}`).join('');
    const type = oneLine(declared(member))
      .replace(/;$/, '')
      .replace(/^readonly /, '');
    return [`\`${type}\``, oneLine(summary.join(' ') + errors)];
  });
  return rows.length === 0 ? '' : `\n${table(['member', 'meaning'], rows)}`;
}

/** API Extractor numbers a name that the language has, too. */
const nameOf = ({ name }) => name.replace(/_\d+$/, '');

function section(of) {
  const { summary, throws, returns, param, example } = parts(of.docComment);
  const params = param.map((text) => `- ${text.replace(/^(\w+) - /, '`$1`: ')}\n`).join('');
  return [
    `### ${nameOf(of)}\n\n${summary.join('\n')}\n\n${signature(of)}`,
    members(of),
    params === '' ? '' : `\n${params}`,
    ...returns.map((text) => `\nReturns ${text}\n`),
    ...throws.map((text) => `\nThrows ${text}\n`),
    ...example.map((text) => `\n${text}\n`),
  ].join('');
}

const SECTIONS = [
  { title: 'Functions', kinds: ['Function'] },
  { title: 'Classes', kinds: ['Class'] },
  { title: 'Tables and constants', kinds: ['Variable'] },
  { title: 'Types', kinds: ['Interface', 'TypeAlias'] },
];

/** Types that signatures name and that cannot be imported: they may change at any time. */
function unexported(all) {
  const known = new Set(all.map(nameOf));
  const named = new Set();
  const visit = ({ excerptTokens = [], members: inner = [] }) => {
    for (const { kind, text, canonicalReference = '' } of excerptTokens) {
      const isType = canonicalReference.startsWith('raft-sim!') && /^[A-Z]/.test(text);
      if (kind === 'Reference' && isType) named.add(text.split('.')[0]);
    }
    inner.forEach(visit);
  };
  all.forEach(visit);
  return [...named].filter((name) => !known.has(name)).toSorted((a, b) => (a < b ? -1 : 1));
}

/** Both texts. */
export function apiTexts(root, note = '') {
  const { report, model } = extract(root);
  const all = model.members[0].members;
  const sections = SECTIONS.map(({ title, kinds }) => {
    const of = all.filter(({ kind }) => kinds.includes(kind));
    return `## ${title}\n\n${of.map(section).join('\n')}`;
  });
  const left = all.filter(({ kind }) => !SECTIONS.some(({ kinds }) => kinds.includes(kind)));
  if (left.length > 0) throw new Error(`no section of the API page for: ${left.map(({ kind }) => kind).join(', ')}`);
  const rest = unexported(all)
    .map((name) => `\`${name}\``)
    .join(', ');
  return {
    [PAGE]:
      `# API\n\n${note}` +
      "What `import … from 'raft-sim'` gives, from the docstrings of the code. All of it follows semantic versioning;\n" +
      '[the report](reference/api-report.md) has every signature in full, so that a change of one shows in a diff.\n' +
      'Times are whole virtual microseconds, odds parts per million. [examples/library](../examples/library) has small\n' +
      `programs.\n\n${sections.join('\n')}\n## Not exported\n\n` +
      `Signatures name these types too. They cannot be imported, and may change at any time: ${rest}.\n`,
    [REPORT]: report,
  };
}
