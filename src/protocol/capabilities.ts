// What a system may show of itself, in words that processes and properties share.
//
// A property needs some of it, and is not applicable to a system that shows less: that is printed and counted, and
// never passes for kept.

/** What a system may show of itself; a property needs some of it, and says nothing of a system that shows less. */
export const capabilityTable = {
  roles: 'who follows, stands for election, or leads',
  terms: 'the current term of each server',
  votes: 'which votes are asked for and granted',
  messages: 'what a message claims about its sender',
  contents: 'what its messages say, field by field',
  log: 'the entries of each log',
  commit: 'the commit index of each server',
  applied: 'what each state machine executes',
  disk: 'what of a server is durable',
  timers: 'which timers are armed',
  clients: 'the calls of clients and their answers',
  exceptions: 'that a handler failed',
} as const;

/** A word of `capabilityTable`. */
export type Capability = keyof typeof capabilityTable;

/** The words of `capabilityTable`, in its order. */
export const capabilities: readonly Capability[] = Object.keys(capabilityTable) as Capability[];
