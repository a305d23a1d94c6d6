// The names of the models of histories, for flags: the models themselves are loaded when they are asked for.
//
// `model-table.ts` does not compile if it knows more or fewer.

/** The models by which histories are judged. */
export const historyModels = [
  'register',
  'cas-register',
  'counter',
  'append-list',
  'set',
  'mutex',
  'queue',
  'unordered-queue',
  'key-value',
] as const;

/** One of them. */
export type HistoryModel = (typeof historyModels)[number];
