// Text in columns that stay columns: wrapped words, labelled rows, grids.
//
// Widths are counted before any colour is put on, so that a painted page has the shape of a plain one.

import type { Paint } from './paint.ts';

const MARGIN = '  ';

export const widthOf = (text: string): number => Array.from(text).length;

export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** At most so many columns; what is cut off leaves an ellipsis. */
export const clipped = (text: string, width: number): string =>
  widthOf(text) <= width
    ? text
    : `${Array.from(text)
        .slice(0, Math.max(0, width - 1))
        .join('')}…`;

/** Words on lines of a width; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => packed(line.split(' '), ' ', width));
}

/** Items on lines of a width, each whole unless it has no room on a line, with a separator between them. */
export function packed(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  const end = separator.trimEnd();
  const room = width - end.length;
  let line: string | undefined;
  for (const whole of items) {
    let item = whole;
    if (widthOf(whole) > room && whole.includes(' ')) {
      const words = wrapped(line === undefined ? whole : `${line}${separator}${whole}`, room);
      lines.push(...words.slice(0, -1));
      line = undefined;
      item = words.at(-1) ?? '';
    }
    const longer = line === undefined ? item : `${line}${separator}${item}`;
    if (line !== undefined && widthOf(longer) > room) {
      lines.push(`${line}${end}`);
      line = item;
    } else line = longer;
  }
  return line === undefined ? lines : [...lines, line];
}

/** Facts with dots between them, on one line where they fit; `paint` sees the first of them. */
export function factLines(facts: readonly string[], width: number, paint: (fact: string) => string): string[] {
  const whole = facts.join(FACT_SEPARATOR);
  const lines = widthOf(whole) <= width ? [whole] : packed(facts, FACT_SEPARATOR, width - MARGIN.length);
  const first = widthOf(facts[0] ?? '');
  return lines.map((line, i) => {
    if (i > 0) return `${MARGIN}${line}`;
    const units = Array.from(line);
    return paint(units.slice(0, first).join('')) + units.slice(first).join('');
  });
}

const FACT_SEPARATOR = ' · ';

/** Text with a name or a word of the user's: its control characters must not speak to the terminal. */
export const printable = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');

/** A message on lines of a width: what does not fit into the first goes below it, a little to the right. */
export function messageLines(text: string, width: number): string[] {
  return printable(text)
    .split('\n')
    .flatMap((line) => {
      if (widthOf(line) <= width) return [line];
      const [, indent = ''] = /^( *)/.exec(line) ?? [];
      return wrapped(line.trimStart(), width - indent.length - MARGIN.length).map(
        (words, i) => `${indent}${i === 0 ? '' : MARGIN}${words}`,
      );
    });
}

/** The text behind a help: prose flows, a row keeps its label, and a command to copy stays on its line. */
export function helpLines(text: string, width: number): string[] {
  const paragraphs = text.replaceAll(/^(\S.*[^:\n])\n(?=\S)/gm, '$1 ').split('\n');
  return paragraphs.flatMap((line) => {
    if (widthOf(line) <= width || /^ +raft-sim /.test(line)) return [line];
    const [, label = '', rest = line] = /^( +\S+(?: \S+)* {2,})(.*)$/.exec(line) ?? [];
    return wrapped(rest, width - label.length).map((words, i) => (i === 0 ? label : ' '.repeat(label.length)) + words);
  });
}

export interface RowShape {
  readonly width: number;
  readonly labelWidth: number;
  readonly paint: Paint;
}

/** A label and the text beside it, on as many lines as it takes. */
export function row(shape: RowShape, label: string, text: string): string[] {
  return beside(shape, label, wrapped(text, roomIn(shape)));
}

/** A label and a list of whole items beside it. */
export function itemsRow(shape: RowShape, label: string, items: readonly string[], separator = ', '): string[] {
  return items.length === 0 ? [] : beside(shape, label, packed(items, separator, roomIn(shape)));
}

/** A label and one text that must stay on one line, however long: something to copy. */
export function rowWhole(shape: RowShape, label: string, text: string): string[] {
  return beside(shape, label, [text]);
}

const roomIn = (shape: RowShape): number => shape.width - MARGIN.length - shape.labelWidth;

function beside({ labelWidth, paint }: RowShape, label: string, texts: readonly string[]): string[] {
  return texts.map((text, i) => {
    const cell = padded(i === 0 ? label : '', labelWidth);
    return `${MARGIN}${cell.trim() === '' ? cell : paint.faint(cell)}${text}`;
  });
}

const GAP = 2;

/** Rows in columns, the first one being their titles; where a line would be too long, the widest cells wrap. */
export function tableLines(rows: readonly (readonly string[])[], width: number): string[] {
  const [head = []] = rows;
  const columns = head.map((_, i) => rows.map((cells) => cells[i] ?? ''));
  const least = columns.map((cells) => Math.max(...cells.flatMap((cell) => cell.split(' ').map(widthOf))));
  const widths = columns.map((cells) => Math.max(...cells.map(widthOf)));
  let excess = MARGIN.length + widths.reduce((sum, of) => sum + of + GAP, -GAP) - width;
  while (excess > 0) {
    const slack = widths.map((of, i) => (of > (least[i] ?? 0) ? of : 0));
    const widest = slack.indexOf(Math.max(...slack));
    if ((slack[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return rows.flatMap((cells) => {
    const texts = cells.map((cell, i) => wrapped(cell, widths[i] ?? 0));
    const height = Math.max(...texts.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      const inLine = texts.map((lines, i) => padded(lines[line] ?? '', widths[i] ?? 0));
      return `${MARGIN}${inLine.join(' '.repeat(GAP))}`.trimEnd();
    });
  });
}

/** Cells in as many equal columns as fit, filled row by row. `paint` sees the padded cell. */
export function grid(cells: readonly string[], width: number, paint: (cell: string) => string): string[] {
  const cellWidth = Math.max(...cells.map(widthOf)) + 2;
  const perLine = Math.max(1, Math.floor((width - MARGIN.length + 2) / cellWidth));
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += perLine) {
    const inLine = cells.slice(i, i + perLine);
    const painted = inLine.map((cell, at) => paint(at === inLine.length - 1 ? cell : padded(cell, cellWidth)));
    lines.push(`${MARGIN}${painted.join('')}`);
  }
  return lines;
}

/** A line of the notation, on as many lines as a terminal needs: what became of the step goes below it. */
export function foldedLine(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const [step = '', ...results] = line.split(/ {3,}(?=[⇒→] )/);
  const units = Array.from(step);
  const isNarrow = width < 2 * STEP_COLUMN;
  const indent = ' '.repeat(isNarrow ? NARROW_COLUMN : STEP_COLUMN);
  const room = width - indent.length;
  if (room < NARROW_COLUMN) return [line];
  const place = units.slice(0, STEP_COLUMN).join('');
  const happened = units.slice(STEP_COLUMN).join('').replace(/ +/g, ' ');
  const below = isNarrow ? [place.trimEnd(), ...indented(happened, room, indent)] : indented(happened, room, indent);
  const first =
    units.length <= width ? [step] : isNarrow ? below : [place + (below[0] ?? '').trimStart(), ...below.slice(1)];
  return [...first, ...results.flatMap((result) => indented(result, room - 2, indent))];
}

const indented = (text: string, width: number, indent: string): string[] =>
  wrapped(text, width).map((words, i) => `${indent}${i === 0 ? '' : '  '}${words}`);

/** Where a line of the notation says what happened, behind number, time and server. */
const STEP_COLUMN = 33;
/** Where it does on a narrow terminal, below them. */
const NARROW_COLUMN = 10;

/** A longer scenario is named and not printed: shrinking may have been at its beginning. */
export const SCENARIO_LINES_MAX = 100;

export const tooLongText = (lines: number): string => `${lines} lines, too many to be shown here`;
