// Work that rests now and then, so that a program has its turns in between, taken to its end at once.
//
// Work in pieces is a generator that yields nothing and returns its result. Only a program with something else to do
// takes the pieces one by one.

/** Does all of the work without a rest. */
export function withoutRest<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
