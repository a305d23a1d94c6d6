// Delta debugging over a list: takes out chunks, large ones first, as long as what is left still holds.
//
// The result is 1-minimal: without any one of its items it does not hold. The predicate may answer with a shorter list
// than it was asked about (what had no effect), from which the search goes on. Later items go first: most of what
// happens late depends on what happened early.

/** The list that holds in place of the one that was asked about, no longer than it; undefined if it does not hold. */
export type Holds<Item> = (items: readonly Item[]) => readonly Item[] | undefined;

/** Which items are taken out first: most of what happens late depends on what happened early. */
export type Direction = 'latest first' | 'earliest first';

/** Makes a list that holds 1-minimal; stops between two questions, so that its driver may look around. */
export function* minimize<Item>(
  items: readonly Item[],
  holds: Holds<Item>,
  direction: Direction = 'latest first',
): Generator<void, readonly Item[]> {
  let best = items;
  for (let size = best.length >>> 1; size > 1; size >>>= 1) best = yield* sweep(best, size, holds, direction);
  for (;;) {
    const swept = yield* sweep(best, 1, holds, direction);
    if (swept.length === best.length) return swept;
    best = swept;
  }
}

/** Goes once from one end to the other, chunk by chunk. */
function* sweep<Item>(
  items: readonly Item[],
  size: number,
  holds: Holds<Item>,
  direction: Direction,
): Generator<void, readonly Item[]> {
  let best = items;
  /** How many items, from where the sweep began, are there to stay. */
  let passed = 0;
  while (passed < best.length) {
    const rest = best.length - passed;
    const from = direction === 'latest first' ? Math.max(0, rest - size) : passed;
    const to = direction === 'latest first' ? rest : Math.min(best.length, passed + size);
    const kept = holds(best.slice(0, from).concat(best.slice(to)));
    yield;
    if (kept === undefined) passed += to - from;
    else best = kept;
  }
  return best;
}
