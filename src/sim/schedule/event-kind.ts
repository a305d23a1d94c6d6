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
  wipe: 15,
  calm: 16,
  quiet: 17,
  cutBegins: 18,
  cutEnds: 19,
  slowBegins: 20,
  slowEnds: 21,
  crash: 22,
  pauseBegins: 23,
  pauseEnds: 24,
  clock: 25,
  /** A link or disk that an adversary has put off may move again. */
  free: 26,
} as const;
