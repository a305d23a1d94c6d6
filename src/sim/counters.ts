// What a run counts for its summary.
//
// Counting decides nothing: no schedule, check or fingerprint may read these numbers.

import { faultKinds, type DropReason, type FaultKind } from './step.ts';

export class Counters {
  sent = 0;
  delivered = 0;
  duplicated = 0;
  readonly dropped: Record<DropReason, number> = { lost: 0, cut: 0, full: 0, down: 0 };
  writes = 0;
  lostWrites = 0;
  tornWrites = 0;
  tornTails = 0;
  restarts = 0;
  crashesInStep = 0;
  applied = 0;
  snapshotsInstalled = 0;
  calls = 0;
  repeatedCalls = 0;
  refusals = 0;
  lostAnswers = 0;
  sessionsExpired = 0;
  readsServed = 0;
  changesAsked = 0;
  changesRefused = 0;
  readonly faults: Record<FaultKind, number> = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<
    FaultKind,
    number
  >;
}
