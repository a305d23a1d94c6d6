// The names of the formats of histories, for flags: what reads them is loaded when it is asked for.
//
// `formats.ts` does not compile if it knows more or fewer.

/** The formats of histories that can be read. */
export const historyFormats = ['jepsen-log', 'maelstrom', 'ndjson', 'edn'] as const;

/** One of them. */
export type HistoryFormat = (typeof historyFormats)[number];
