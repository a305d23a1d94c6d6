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

/** Items on lines of a width, each whole, with a separator between them. */
export function packed(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  const end = separator.trimEnd();
  const room = width - end.length;
  let line: string | undefined;
  for (const item of items) {
    const longer = line === undefined ? item : `${line}${separator}${item}`;
    if (line !== undefined && widthOf(longer) > room) {
      lines.push(`${line}${end}`);
      line = item;
    } else line = longer;
  }
  return line === undefined ? lines : [...lines, line];
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
export function rowOf(shape: RowShape, label: string, items: readonly string[], separator = ', '): string[] {
  return items.length === 0 ? [] : beside(shape, label, packed(items, separator, roomIn(shape)));
}

/** A label and one text that must stay on one line, whatever its length: something to copy. */
export function rowWhole(shape: RowShape, label: string, text: string): string[] {
  return beside(shape, label, [text]);
}

const roomIn = (shape: RowShape): number => shape.width - MARGIN.length - shape.labelWidth;

function beside({ labelWidth, paint }: RowShape, label: string, texts: readonly string[]): string[] {
  return texts.map((text, i) => {
    const told = padded(i === 0 ? label : '', labelWidth);
    return `${MARGIN}${told.trim() === '' ? told : paint.faint(told)}${text}`;
  });
}

/** Cells in as many equal columns as fit, filled row by row. `paint` sees the padded cell. */
export function grid(cells: readonly string[], width: number, paint: (cell: string) => string): string[] {
  const cellWidth = Math.max(...cells.map(widthOf)) + 2;
  const perLine = Math.max(1, Math.floor((width - MARGIN.length + 2) / cellWidth));
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += perLine) {
    const inLine = cells.slice(i, i + perLine);
    const told = inLine.map((cell, at) => paint(at === inLine.length - 1 ? cell : padded(cell, cellWidth)));
    lines.push(`${MARGIN}${told.join('')}`);
  }
  return lines;
}

/** A line of the notation, on as many lines as a terminal needs: what became of the step goes below it. */
export function foldedLine(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const [step = '', ...results] = line.split(/ {3,}(?=[⇒→] )/);
  const units = Array.from(step);
  const indent = ' '.repeat(STEP_COLUMN);
  const room = width - STEP_COLUMN;
  if (room < STEP_COLUMN) return [line];
  const told = units.slice(STEP_COLUMN).join('').replace(/ +/g, ' ');
  const first =
    units.length <= width
      ? [step]
      : wrapped(told, room).map((text, i) => (i === 0 ? units.slice(0, STEP_COLUMN).join('') : indent) + text);
  return [
    ...first,
    ...results.flatMap((result) =>
      wrapped(result, room - 2).map((text, i) => `${indent}${i === 0 ? '' : '  '}${text}`),
    ),
  ];
}

/** Where a line of the notation tells what happened, behind number, time and server. */
const STEP_COLUMN = 33;

/** A longer scenario is named and not printed: shrinking may have been at its beginning. */
export const SCENARIO_LINES_MAX = 100;

export const tooLongText = (lines: number): string => `${lines} lines, too many to be shown here`;
