// The seed of the random suites: fixed, so that a run of today is the run of yesterday.
//
// RAFT_SIM_TEST_SEED chooses another one. Suites print it in their title, so that a failure can be repeated.

const FIXED_SEED = 20_140_619;

function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return FIXED_SEED;
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new Error(`RAFT_SIM_TEST_SEED is '${text}', expected a whole number`);
  return seed;
}

export const SEED = readSeed(process.env['RAFT_SIM_TEST_SEED']);

/** What the title of a random suite ends with. */
export const SEED_NOTE = `(RAFT_SIM_TEST_SEED=${SEED})`;

/** The title of a random suite. */
export const seeded = (title: string): string => `${title} ${SEED_NOTE}`;

/** The parameters of a fast-check run. */
export const runs = (numRuns: number): { readonly seed: number; readonly numRuns: number } => ({ seed: SEED, numRuns });
