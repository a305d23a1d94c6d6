// Thirty-two-bit hashing in integer arithmetic only, so that every engine gives the same bits.
//
// `mix` folds one number into a running hash; `extendPrefixHash` goes on with the hash of a log
// prefix: two logs that hold the same entries up to an index have the same one there (Log Matching, section 5.3, in
// O(1)).

/** Folds a number (its low 32 bits) into a hash. */
export function mix(hash: number, value: number): number {
  const h = Math.imul(hash ^ value, 0x9e3779b1);
  return ((h ^ (h >>> 15)) + 0x6d2b79f5) | 0;
}

/** The hash of a log prefix that ends with an entry of this term and command. */
export function extendPrefixHash(prefix: number, term: number, commandHash: number): number {
  return mix(mix(prefix, term), commandHash);
}

/** FNV-1a over the UTF-16 units of a text. */
export function hashText(text: string): number {
  return mixText(0x811c9dc5, text);
}

/** Folds a text into a hash. */
export function mixText(hash: number, text: string): number {
  let h = hash;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

/** A well-mixed 32-bit unsigned number for a key: the finalizer of MurmurHash3. */
export function scramble(key: number): number {
  let h = key ^ (key >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Eight hexadecimal digits. */
export const hex = (h: number): string => (h >>> 0).toString(16).padStart(8, '0');
