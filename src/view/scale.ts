// Where the rows of a picture stand: one below the other at equal distances, or as far apart as they are in time.
//
// Time to scale is cut short where nothing happens, and stretched where much does, so that every row can be read.

import type { History } from './history.ts';
import type { Rows } from './rows.ts';

export interface Scale {
  readonly height: number;
  yOf(row: number): number;
  /** The row that is nearest to a height. */
  rowAt(y: number): number;
  readonly rowHeight: number;
}

/** Rows of one height. */
export function evenScale(rows: Rows, rowHeight: number): Scale {
  return {
    rowHeight,
    height: rows.count * rowHeight,
    yOf: (row) => (row + 0.5) * rowHeight,
    rowAt: (y) => Math.max(0, Math.min(rows.count - 1, Math.floor(y / rowHeight))),
  };
}

/** Pixels of a millisecond in rows, and how much of a gap is drawn. */
const ROWS_PER_MILLISECOND = 0.6;
const GAP_MAX_ROWS = 8;

/** Rows as far apart as they are in time, within limits. */
export function timedScale(history: History, rows: Rows, rowHeight: number): Scale {
  const ys = new Float64Array(rows.count);
  let y = rowHeight / 2;
  for (let row = 0; row < rows.count; row++) {
    if (row > 0) {
      const micros = history.step(rows.first[row] as number).at - history.step(rows.first[row - 1] as number).at;
      y += rowHeight * Math.min(GAP_MAX_ROWS, 1 + (micros / 1000) * ROWS_PER_MILLISECOND);
    }
    ys[row] = y;
  }
  return {
    rowHeight,
    height: y + rowHeight / 2,
    yOf: (row) => ys[row] ?? 0,
    rowAt(at) {
      let [low, high] = [0, rows.count - 1];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((ys[middle] as number) + rowHeight / 2 < at) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
