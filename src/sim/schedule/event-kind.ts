// What can wait in the queue of a timed or adversarial scheduler.
//
// Most kinds become one step; some only wake up a client or the nemesis. The most frequent come first.

export const EventKind = {
  deliver: 0,
  timer: 1,
  durable: 2,
  dropLost: 3,
  dropCut: 4,
  dropFull: 5,
  duplicate: 6,
  answer: 7,
  answerLost: 8,
  call: 9,
  client: 10,
  arrival: 11,
  writeError: 12,
  syncError: 13,
  restart: 14,
  calm: 15,
  quiet: 16,
  /** A link or disk that an adversary has put off may move again. */
  free: 17,
  /** From here on two for each fault of the table: it is to strike, and what is to happen to it later. */
  fault: 32,
} as const;
