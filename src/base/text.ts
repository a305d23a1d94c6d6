// Small words: a number with its noun, a name with dashes.
//
// Nothing here depends on the locale of the machine.

/** `1 step`, `2 steps`. */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `electionTimeoutMin` as `election-timeout-min`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
