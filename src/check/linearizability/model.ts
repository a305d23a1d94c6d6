// What a search must know of a machine: a sequential specification, one call at a time.
//
// A state is a text, equal if and only if the states are: the search keeps each once and knows it by a number. A model
// is pure, and never shares code with the machine that it judges.

/** A call between two moments of one clock. */
export interface TimedCall {
  /** When it was made. No two moments of a history are equal. */
  readonly invokedAt: number;
  /** When its answer came, or -1: then it took effect at some later moment, or never. */
  readonly completedAt: number;
}

/** A state that grows never comes back to a smaller one: a read that found less must have been before. */
export interface Growth<Call> {
  /** Leaves a state that has grown, or the same. */
  isGrowth(call: Call): boolean;
  /** May this state become the one that a read found, by growing alone? */
  canBecome(state: string, read: Call): boolean;
}

/** The sequential specification of a machine, for the calls of one history. */
export interface Model<Call extends TimedCall> {
  /** The state before the first call. */
  readonly initial: string;
  /** The state that a call leaves, or undefined if its answer does not fit; an answer that is not known always fits. */
  step(state: string, call: Call): string | undefined;
  /** The same text for calls that do the same in every state and were answered the same. */
  nameOf(call: Call): string;
  /** Leaves every state as it was, whatever its answer is. */
  isRead(call: Call): boolean;
  /** Leaves every state as it was from which it can give its answer. */
  changesNothing(call: Call): boolean;
  /** Leaves the same state wherever it stands, and its answer says nothing of the state before. */
  overwrites(call: Call): boolean;
  /** How states grow, where they do: what was written stays, until something breaks with it. */
  readonly growth?: Growth<Call>;
  /** The same call as if its answer had not come. */
  forgotten(call: Call): Call;
  /** What an unanswered call may have been, where that is not one thing: one of them takes effect, or none. */
  alternatives?(call: Call, all: readonly Call[]): readonly Call[];
  /** May this write have left what this other call found? Then it is shown with it. */
  isSource(write: Call, reader: Call): boolean;
  /** A call as a part of a sentence: `c2 read x=4`, or `c2 had read x=4`. */
  textOf(call: Call, had: '' | 'had '): string;
}

/** Did an answer come? */
export const hasAnswer = (call: TimedCall): boolean => call.completedAt >= 0;

/** Must the first call have taken effect before the second was made? */
export const precedes = (first: TimedCall, second: TimedCall): boolean =>
  hasAnswer(first) && first.completedAt < second.invokedAt;
