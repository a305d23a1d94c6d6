// The shells for which there is a completion.
//
// A new one costs a row here, a file with its script, and its row in `completion.ts`, which does not compile without.

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];
