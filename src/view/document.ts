// The one HTML file of a page: its script, its style, its data, and a policy that lets it do nothing else.
//
// Nothing is loaded and nothing is sent: the policy names the hashes of the inline script and style, and allows no
// other source. Data stands in a block of JSON, in which no text can end the block or become markup.

import type { PlanInput } from '../run/plan.ts';

/** What a page opens with. */
export interface PageData {
  /** The version of raft-sim that wrote it. */
  readonly version: string;
  readonly title: string;
  /** Why somebody looks at it: of a scenario its `why`. */
  readonly why: string;
  /** What brings the same run back on the command line. */
  readonly command: string;
  /** A trace as text, or deflated and in base 64 where that is much shorter. */
  readonly trace: { readonly text: string } | { readonly deflated: string };
  /** A page with room for other runs: names of what it can open. */
  readonly playground: Playground | null;
}

/** What a playground offers besides the run that it opens with. */
export interface Playground {
  /** The story that it opens with. */
  readonly first: string;
  readonly scenarios: readonly { readonly name: string; readonly text: string }[];
  /** Bugs of the zoo, each with a plan in which it shows soon and the command that repeats it. */
  readonly bugs: readonly {
    readonly name: string;
    readonly fault: string;
    readonly plan: PlanInput;
    readonly command: string;
  }[];
}

export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** Base 64 of SHA-256. */
  readonly scriptHash: string;
  readonly styleHash: string;
  readonly data: PageData;
}

export function pageDocument({ script, style, scriptHash, styleHash, data }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapedText(data.title)} · raft-sim</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<noscript>This page draws a run of raft-sim with a script of its own, and needs scripts to be allowed.</noscript>',
    `<script type="application/json" id="data">${jsonForMarkup(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** JSON in which neither `</script>` nor `<!--` can stand. */
const jsonForMarkup = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it stands between tags or within an attribute. */
export const escapedText = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
