// What a table of the zoo is in `npm test` and in `npm run test:long`: a few rows, or all of them.
//
// A part is the same every time and spread over the table; which one it is differs from file to file by `from`.

export const isLong = process.env['RAFT_SIM_LONG'] === '1';

/** Every `step`-th row of a table, from place `from` on; all rows in the long suite. */
export function sampled<Row>(table: readonly Row[], step: number, from = 0): readonly Row[] {
  return isLong ? table : table.filter((_, place) => place % step === from % step);
}
