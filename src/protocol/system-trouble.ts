// What is wrong with a system that is not ours, or with its adapter, and not with the Raft in it.
//
// It died, it does not answer, it answers with nonsense. A run in which that happens says so and ends; it is no broken
// promise of a protocol, and no defect of ours.

/** A system did not keep to the interface; the message is one sentence, with the place. */
export class SystemTrouble extends Error {
  override name = 'SystemTrouble';
}
