// Assertions and the two families of errors; there is never a third.
//
// An InvariantError says that our own code (or a variant of it) is wrong: it stops the run and is a finding.
// A UsageError says that a flag, a plan or a file is wrong: it is printed for the user and ends with exit code 2.
// What the network brings is neither: a stale, duplicate or absurd message is handled, never asserted.

/** A broken invariant of the program itself. */
export class InvariantError extends Error {
  override name = 'InvariantError';
}

/** A mistake of the user; the message says what was found, what was expected and the nearest right word. */
export class UsageError extends Error {
  /** `UsageError`, or the name of the kind of it. */
  override name = 'UsageError';
}

/** Stops with the name of the rule unless the condition holds; the rule is a constant, so that it costs nothing. */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new InvariantError(rule);
}

/**
 * Stops with a rule and the facts that contradict it; call it behind an `if`, so that details are built on failure
 * only.
 */
function fail(rule: string, facts: Readonly<Record<string, unknown>>): never {
  const list = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  throw new InvariantError(`${rule}: ${list.join(', ')}`);
}

/** The end of a switch over a closed union. */
export function unreachable(value: never): never {
  return fail('unreachable case', { value: (value as { kind?: unknown } | undefined)?.kind ?? value });
}
