// The picture of a range of steps as an SVG file, for papers and issues.
//
// It draws the shapes of the page in the colours of the light theme, or in both: then it follows the reader's. Texts
// are escaped, and the file has no script.

import { escapedText } from './document.ts';
import { Picture, type PictureInput } from './picture.ts';
import { evenScale } from './scale.ts';
import { rowsOf } from './rows.ts';
import { themes, type PaintName, type Shape } from './shapes.ts';
import type { MarkedFact } from './facts.ts';
import type { History } from './history.ts';

export interface SvgInput {
  readonly history: History;
  readonly facts: readonly MarkedFact[];
  readonly from: number;
  readonly to: number;
  readonly isFolded: boolean;
  readonly width: number;
  readonly title: string;
}

const HEAD = 28;
const ROW = 20;

/** Steps `from` to `to`, both included. */
export function svgOf({ history, facts, from, to, isFolded, width, title }: SvgInput): string {
  const picture = new Picture(history);
  const rows = rowsOf(history, isFolded, new Set([from, to, ...facts.map(({ step }) => step)]));
  const scale = evenScale(rows, ROW);
  const [first, last] = [rows.ofStep[from] ?? 0, rows.ofStep[to] ?? 0];
  const input: PictureInput = {
    history,
    rows,
    scale,
    width,
    cursor: -1,
    pinned: undefined,
    facts,
    lit: undefined,
    hasTexts: true,
  };
  const top = first * ROW;
  const height = (last - first + 1) * ROW + HEAD;
  const head = picture.head(width, true, HEAD).map(shapeText);
  const body = picture.shapes(input, first, last).map(shapeText);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" aria-label="${escapedText(title)}">`,
    `<title>${escapedText(title)}</title>`,
    `<style>${styleText()}</style>`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
      '<rect width="2" height="6" class="f-down"/></pattern>' +
      `<clipPath id="body"><rect y="${HEAD}" width="${width}" height="${height - HEAD}"/></clipPath></defs>`,
    `<rect width="${width}" height="${height}" class="f-ground"/>`,
    ...head,
    `<g clip-path="url(#body)"><g transform="translate(0 ${HEAD - top})">`,
    ...body,
    '</g></g>',
    '</svg>',
    '',
  ].join('\n');
}

function styleText(): string {
  const names = Object.keys(themes.light) as PaintName[];
  const rules = (theme: Readonly<Record<PaintName, string>>): string =>
    names.map((name) => `.f-${name}{fill:${theme[name]}}.s-${name}{stroke:${theme[name]};fill:none}`).join('');
  const sans = 'text{font-family:system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;dominant-baseline:central}';
  const mono = '.mono{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}';
  const backed = `.back{paint-order:stroke;stroke:${themes.light.ground};stroke-width:4px;stroke-linejoin:round}`;
  const dark = `.back{stroke:${themes.dark.ground}}${rules(themes.dark)}`;
  return `${sans}${mono}${rules(themes.light)}${backed}@media (prefers-color-scheme:dark){${dark}}`;
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

function shapeText(shape: Shape): string {
  const opacity = shape.opacity === undefined || shape.opacity === 1 ? '' : ` opacity="${n2(shape.opacity)}"`;
  switch (shape.kind) {
    case 'line': {
      const { x1, y1, x2, y2, paint, width, dash } = shape;
      const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
      const ends = `x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}"`;
      return `<line ${ends} class="s-${paint}" stroke-width="${width}"${dashed}${opacity}/>`;
    }
    case 'rect': {
      const { x, y, width, height, paint, isHatched } = shape;
      const filled = isHatched === true ? 'fill="url(#hatch)"' : `class="f-${paint}"`;
      return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" ${filled}${opacity}/>`;
    }
    case 'dot': {
      const { x, y, radius, paint, isHollow } = shape;
      const painted = isHollow === true ? `class="s-${paint}" stroke-width="1.5"` : `class="f-${paint}"`;
      return `<circle cx="${n(x)}" cy="${n(y)}" r="${radius}" ${painted}${opacity}/>`;
    }
    case 'head': {
      const points = shape.points.map(n).join(' ');
      return `<polygon points="${points}" class="f-${shape.paint}"${opacity}/>`;
    }
    case 'text': {
      const { x, y, text, paint, size, anchor, isBold, isMono, isBacked } = shape;
      const classes = [`f-${paint}`, isMono === true ? 'mono' : '', isBacked === true ? 'back' : ''].join(' ').trim();
      const anchored = anchor === undefined || anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
      const bold = isBold === true ? ' font-weight="600"' : '';
      const place = `x="${n(x)}" y="${n(y)}" font-size="${n(size)}"`;
      return `<text ${place} class="${classes}"${anchored}${bold}${opacity}>${escapedText(printable(text))}</text>`;
    }
  }
}

const n2 = (value: number): string => String(Math.round(value * 100) / 100);

/** XML has no place for most control characters. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '�');
