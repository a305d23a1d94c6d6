// The page of a whole campaign: what was found, what was never reached, and the figures, as one document without a
// script.
//
// Every text is escaped. A finding leads to the page in its folder. Nothing of it depends on real time, as nothing in
// the report of a campaign does.

import { counted } from '../base/text.ts';
import { goalTable } from '../check/goals.ts';
import {
  findingsOf,
  missedGoals,
  missedNodeStates,
  notApplicableTexts,
  type CampaignReport,
} from '../report/campaign.ts';
import { escapedText } from './document.ts';

interface Frame {
  /** Base 64 of SHA-256 of the style. */
  readonly styleHash: string;
  readonly version: string;
}

export const campaignStyle = `
:root{color-scheme:light dark;--ink:#1b1f24;--faint:#656d76;--rule:#d8dee4;--ground:#fff;--bad:#b3001b;--bar:#0072b2;
font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9198a1;--rule:#30363d;--ground:#0d1117;--bad:#ff8a80;
--bar:#4ea8de}a{color:#79b8ff}}
body{margin:0 auto;max-width:1000px;padding:12px 20px 60px;background:var(--ground);color:var(--ink)}
h1{font-size:22px}h2{font-size:17px;margin:28px 0 6px;border-bottom:1px solid var(--rule)}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:3px 10px 3px 0;border-bottom:1px solid var(--rule)}
td,th{vertical-align:top;overflow-wrap:anywhere}
th{color:var(--faint);font-weight:500;white-space:nowrap}td.n{text-align:right;white-space:nowrap}
.faint{color:var(--faint)}.bad{color:var(--bad);font-weight:600}.good{font-weight:600}
code,pre{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px}
svg{width:100%;height:auto;display:block}
@media(max-width:760px){section{overflow-x:auto}svg{width:760px}th{display:none}td{display:block;border:0}
tr{border-bottom:1px solid var(--rule)}td.n{text-align:left}td.n::after{content:' seeds'}}
.b{fill:var(--bar)}.x{fill:var(--bad)}.t{fill:var(--ink);font-size:12px}
.f{fill:var(--faint);font-size:11px}.r{stroke:var(--rule)}
`;

export function campaignDocument(report: CampaignReport, words: readonly string[], frame: Frame): string {
  const { figures, groups, seeds } = report;
  const policy = `default-src 'none'; style-src 'sha256-${frame.styleHash}'; base-uri 'none'; form-action 'none'`;
  const title = `Campaign over seeds ${seeds ?? 'none'}`;
  const flags = words.length === 0 ? '' : ` · ${words.join(' ')}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapedText(title)} · raft-sim</title><style>${campaignStyle}</style></head><body>`,
    `<h1>${escapedText(title)}</h1>`,
    `<p class="faint">${escapedText(`raft-sim ${frame.version}${flags}`)}</p>`,
    standing(report),
    findings(report),
    groups.length === 0 ? '' : section('Findings by seed', scatter(report)),
    section('Findings by property', bars(Object.entries(byProperty(report)))),
    section('Goals', goals(report)),
    section('States of a server that no run came to', missedStates(report)),
    section('What was drawn', bars(Object.entries(figures.drawn))),
    section('Undecided, and not applicable', undecided(report)),
    '</body></html>',
    '',
  ].join('\n');
}

const section = (title: string, body: string): string => `<section><h2>${escapedText(title)}</h2>${body}</section>`;

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, '\u00a0');

function standing(report: CampaignReport): string {
  const { figures, isPartial, missing, regressions } = report;
  const found = findingsOf(report);
  const verdict =
    found === 0
      ? '<span class="good">✓ nothing broken</span>'
      : `<span class="bad">✗ ${counted(found, 'failing seed')} in ${counted(report.groups.length, 'group')}</span>`;
  const facts = [
    `${grouped(figures.runs)} runs`,
    `${grouped(figures.steps)} steps`,
    `${grouped(Math.round(figures.virtualMicros / 1_000_000))} s of virtual time`,
    `${grouped(figures.situations)} abstract cluster states`,
    `${grouped(figures.madeTwice)} runs made twice`,
    `${regressions.played} regressions, ${regressions.failed.length} failed`,
    ...(isPartial ? ['not all seeds were run'] : []),
    ...(missing.length > 0 ? [`missing shards: ${missing.join(', ')}`] : []),
  ];
  return `<p>${verdict}</p><p>${escapedText(facts.join(' · '))}</p>`;
}

function findings({ groups, notShrunk }: CampaignReport): string {
  const rows = groups.map(({ name, property, why, seeds, smallest, command }) => {
    const size =
      smallest === undefined
        ? 'not shrunk'
        : `${smallest.steps} steps, ${smallest.nodes} servers${smallest.isMinimal ? '' : ', not proved minimal'}`;
    return (
      `<tr><td><a href="${escapedText(encodeURI(name))}/report.html">${escapedText(property)}</a></td>` +
      `<td>${escapedText(why)}<br><code class="faint">${escapedText(command)}</code></td>` +
      `<td class="n">${seeds.length}</td><td>${escapedText(size)}</td></tr>`
    );
  });
  const more = Object.entries(notShrunk).map(([property, n]) => `${n} more of ${property}`);
  const rest = more.length === 0 ? '' : `<p class="faint">Not shrunk: ${escapedText(more.join(', '))}.</p>`;
  const head = '<tr><th>promise</th><th>found</th><th>seeds</th><th>smallest replay</th></tr>';
  const table = rows.length === 0 ? '<p>None.</p>' : `<table>${head}${rows.join('')}</table>`;
  return section('Findings', table + rest);
}

/** Each failing seed, on the row of its group. */
function scatter({ groups, figures }: CampaignReport): string {
  const seeds = groups.flatMap((group) => group.seeds.map((seed) => ({ seed: Number(seed), group })));
  const known = seeds.filter(({ seed }) => Number.isFinite(seed));
  if (known.length === 0) return '<p>The seeds are no numbers.</p>';
  const most = Math.max(figures.runs, ...known.map(({ seed }) => seed));
  const height = 24 + groups.length * 20;
  const dots = known.map(({ seed, group }) => {
    const x = 300 + (seed / most) * 680;
    const y = 14 + groups.indexOf(group) * 20;
    const title = `<title>${escapedText(`seed ${seed}: ${group.why}`)}</title>`;
    return `<circle cx="${x.toFixed(1)}" cy="${y}" r="4" class="x">${title}</circle>`;
  });
  const names = groups.map(
    ({ property }, i) => `<text x="290" y="${18 + i * 20}" text-anchor="end" class="t">${escapedText(property)}</text>`,
  );
  const end = `<text x="980" y="${height - 2}" text-anchor="end" class="f">${grouped(most)}</text>`;
  const axis = `<text x="300" y="${height - 2}" class="f">seed 1</text>${end}`;
  const front = `<svg viewBox="0 0 1000 ${height}" role="img" aria-label="findings by seed">`;
  return `${front}${names.join('')}${dots.join('')}${axis}</svg>`;
}

function byProperty({ groups, notShrunk }: CampaignReport): Record<string, number> {
  const counts: Record<string, number> = { ...notShrunk };
  for (const { property, seeds } of groups) counts[property] = (counts[property] ?? 0) + seeds.length;
  return counts;
}

function bars(rows: readonly (readonly [name: string, count: number])[]): string {
  if (rows.length === 0) return '<p>None.</p>';
  const most = Math.max(1, ...rows.map(([, count]) => count));
  const lines = rows.map(([name, count], i) => {
    const y = i * 20;
    const width = ((count / most) * 600).toFixed(1);
    return (
      `<text x="290" y="${y + 14}" text-anchor="end" class="t">${escapedText(name)}</text>` +
      `<rect x="300" y="${y + 3}" width="${width}" height="14" class="b"/>` +
      `<text x="${(308 + Number(width)).toFixed(1)}" y="${y + 14}" class="f">${grouped(count)}</text>`
    );
  });
  return `<svg viewBox="0 0 1000 ${rows.length * 20}" role="img" aria-label="counts">${lines.join('')}</svg>`;
}

function goals(report: CampaignReport): string {
  const missed = missedGoals(report);
  const words: Readonly<Record<string, string>> = goalTable;
  const list = missed.map((name) => `<li><b>${escapedText(name)}</b>: ${escapedText(words[name] ?? '')}</li>`);
  const never =
    missed.length === 0 ? '<p>Every goal was reached.</p>' : `<p>Never reached:</p><ul>${list.join('')}</ul>`;
  return never + bars(Object.entries(report.figures.goals).filter(([, runs]) => runs > 0));
}

function missedStates(report: CampaignReport): string {
  const { missed, all } = missedNodeStates(report);
  const names = missed.length === 0 ? '' : `<p class="faint">${missed.map(escapedText).join(' · ')}</p>`;
  return `<p>${missed.length} of ${all}.</p>${names}`;
}

function undecided(report: CampaignReport): string {
  const open = Object.entries(report.figures.unknown).map(
    ([name, runs]) => `${name}: undecided in ${grouped(runs)} runs`,
  );
  const all = [...open, ...notApplicableTexts(report)];
  if (all.length === 0) return '<p>None.</p>';
  return `<ul>${all.map((text) => `<li>${escapedText(text)}</li>`).join('')}</ul>`;
}
