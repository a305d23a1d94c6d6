#!/usr/bin/env node
// Builds the site into site/: the documentation, the library of scenarios, the zoo, and the playground.
//
// usage: npm run site [-- folder]    Plain files without a server of their own: they work from any file server, and from a folder.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { Marked } from 'marked';
import { parse } from 'yaml';
import { reportPage } from '../dist/cli/view/report-page.js';
import { playedRun } from '../dist/cli/view/view-input.js';
import { argumentsOf, shellText } from '../dist/cli/run/input.js';
import { makePlan, simulate, variantNames, variantTable } from '../dist/index.js';
import { escapedText } from '../dist/view/document.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'site'));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const source = `${manifest.homepage.replace(/#.*/, '')}/blob/main/`;
const read = (name) => readFileSync(join(root, name), 'utf8');

rmSync(out, { recursive: true, force: true });

function write(name, text) {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), text);
}

const filesBelow = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith(end))
    .sort();

// ── the playground ─────────────────────────────────────────────────────────────────────────────────────────────────

const scenarios = filesBelow('scenarios', '.yaml').map((file) => ({
  name: file.replace(/^scenarios\//, '').replace(/\.yaml$/, ''),
  text: read(file),
}));

/** A bug that shows in none of so many seeds needs a better hunt in its row of the zoo. */
const SEEDS = 400;
/** A run that is short enough to be read, so that no shorter one is looked for. */
const SHORT = 1000;
/** Seeds behind the first that shows a bug, of which the shortest is taken. */
const MORE = 4;

/** A run that breaks a promise by this bug: the first short one, or the shortest of a few. */
function bugOf(name) {
  const { hunt = {}, fault } = variantTable[name];
  const length = hunt.scheduler === undefined ? { micros: 20_000_000 } : { steps: 4000 };
  let best;
  let last = SEEDS;
  for (let seed = 0; seed < last && !(best?.steps <= SHORT); seed++) {
    const plan = { seed: String(seed), ...hunt, variant: name, length };
    const run = simulate(makePlan(plan));
    if (run.violation === undefined) continue;
    if (best === undefined) last = seed + 1 + MORE;
    if (best === undefined || run.steps < best.steps) best = { plan, steps: run.steps };
  }
  if (best === undefined) throw new Error(`${name} shows in none of ${SEEDS} seeds: no page can show it`);
  const command = shellText(['raft-sim', ...argumentsOf(makePlan(best.plan))]);
  return { name, fault, plan: best.plan, command };
}

const bugs = variantNames.map(bugOf);
const FIRST = 'paper/figure-8d-overwrite';
const first = scenarios.find(({ name }) => name === FIRST);
if (first === undefined) throw new Error(`there is no scenario ${FIRST} for the playground to open with`);
const opening = playedRun(first.text, `scenarios/${FIRST}.yaml`, {});
write('playground/index.html', reportPage(opening, { first: FIRST, scenarios, bugs }));

// ── documents ──────────────────────────────────────────────────────────────────────────────────────────────────────

const style = `:root{color-scheme:light dark;--ink:#1b1f24;--faint:#656d76;--rule:#d8dee4;--ground:#fff;--raised:#f6f8fa;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9198a1;--rule:#30363d;--ground:#0d1117;--raised:#161b22;--link:#79b8ff}}
body{margin:0 auto;max-width:960px;padding:0 20px 80px;background:var(--ground);color:var(--ink);
font:16px/1.6 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
nav{padding:12px 0;border-bottom:1px solid var(--rule);display:flex;flex-wrap:wrap;gap:4px 18px}a{color:var(--link)}
pre{background:var(--raised);border:1px solid var(--rule);border-radius:6px;padding:10px;overflow-x:auto}
code,pre{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13.5px}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{border:1px solid var(--rule);padding:4px 10px;text-align:left;vertical-align:top}
img{max-width:100%}`;
const styleHash = createHash('sha256').update(style).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self'; base-uri 'none'; form-action 'none'`;

function page(name, title, body) {
  const up = '../'.repeat(name.split('/').length - 1);
  const links = [
    ['index.html', 'raft-sim'],
    ['playground/index.html', 'Playground'],
    ['library.html', 'Stories'],
    ['zoo.html', 'Zoo'],
    ['docs/README.html', 'Documentation'],
  ].map(([to, text]) => `<a href="${up}${to}">${text}</a>`);
  write(
    name,
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapedText(title)} · raft-sim</title><style>${style}</style></head>
<body><nav>${links.join('')}</nav><main>${body}</main></body></html>\n`,
  );
}

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...['docs', 'scenarios', 'reports', 'examples'].flatMap((folder) => filesBelow(folder, '.md')),
];
const known = new Set(documents);

/** Where a link of a document leads on the site: another page, a picture, or a file of the repository. */
function target(document, href) {
  if (/^[a-z]+:|^#/.test(href)) return href;
  const [path, hash] = href.split('#');
  const file = posix.normalize(posix.join(posix.dirname(document), path));
  if (known.has(file)) {
    const there = posix.relative(posix.dirname(document), file).replace(/\.md$/, '.html');
    return hash === undefined ? there : `${there}#${hash}`;
  }
  if (/\.(?:svg|png)$/.test(file) && existsSync(join(root, file))) {
    cpSync(join(root, file), join(out, file), { recursive: true });
    return posix.relative(posix.dirname(document), file);
  }
  return `${source}${file}`;
}

for (const document of documents) {
  const slugger = new GithubSlugger();
  const marked = new Marked({
    walkTokens(token) {
      if (token.type === 'link' || token.type === 'image') token.href = target(document, token.href);
    },
    renderer: {
      heading({ tokens, depth, text }) {
        const plain = text.replace(/[`*_]|\[([^\]]*)\]\([^)]*\)/g, '$1');
        return `<h${depth} id="${slugger.slug(plain)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      html: () => '',
    },
  });
  const text = read(document);
  const title = /^# (.*)/m.exec(text)?.[1] ?? document;
  page(document.replace(/\.md$/, '.html'), title, marked.parse(text));
}

// ── lists that lead into the playground ────────────────────────────────────────────────────────────────────────────

const play = (key, name) => `playground/index.html#${key}=${encodeURIComponent(name)}`;
const nameIn = (text) => String(parse(text).name ?? '');
const listed = (rows) =>
  `<ul>${rows.map(([href, text, more]) => `<li><a href="${escapedText(href)}">${escapedText(text)}</a> ${escapedText(more)}</li>`).join('')}</ul>`;

/** The library by folder; the figures of the paper come first. */
const folders = [...new Set(scenarios.map(({ name }) => dirname(name)))].toSorted(
  (a, b) => Number(b === 'paper') - Number(a === 'paper') || (a < b ? -1 : 1),
);
const shelf = (folder) => {
  const stories = scenarios.filter(({ name }) => dirname(name) === folder);
  const rows = stories.map(({ name, text }) => [play('story', name), nameIn(text), '']);
  return `<h2 id="${escapedText(folder)}">${escapedText(folder.replaceAll('-', ' '))}</h2>${listed(rows)}`;
};
page(
  'library.html',
  'Stories',
  `<h1>Stories</h1><p>Each opens in the playground. ${folders.map((folder) => `<a href="#${escapedText(folder)}">${escapedText(folder.replaceAll('-', ' '))}</a>`).join(' · ')}</p>${folders.map(shelf).join('')}`,
);
page(
  'zoo.html',
  'The zoo',
  `<h1>The zoo</h1><p>Bugs of real implementations. Each opens where it breaks a promise.</p>${listed(bugs.map(({ name, fault }) => [play('bug', name), name, fault]))}`,
);
const picture = target('README.md', 'docs/failing-run.svg');
page(
  'index.html',
  'raft-sim',
  `<h1>raft-sim</h1><p>Does this Raft keep its promises when everything around it fails?</p>
<p><a href="playground/index.html"><img src="${picture}" alt="The end of a failing run: five servers, a commit and the election that forgets it"></a></p>
<ul><li><a href="${play('story', FIRST)}">Figure 8 of the paper, step by step</a></li>
<li><a href="library.html#paper">Every figure of the paper</a>, and ${scenarios.length} stories in all</li>
<li><a href="${play('story', 'situations/two-leaders-by-partition')}">Two leaders by partition</a></li>
<li><a href="${play('bug', 'vote-no-log-check')}">A vote that is given without a look at the log</a></li>
<li><a href="README.html">What raft-sim is</a> and <a href="docs/README.html">its documentation</a></li></ul>`,
);
console.log(
  `${relative(root, out) || out}: ${documents.length} documents, ${scenarios.length} stories, ${bugs.length} bugs`,
);
