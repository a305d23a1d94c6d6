import { defineConfig } from 'vitest/config';

// `npm run test:long`, or RAFT_SIM_LONG=1 with any vitest command, adds the suites that take minutes.
const long = (mode: string): boolean => mode === 'long' || process.env['RAFT_SIM_LONG'] === '1';

// Programs that tests start write plain text, wherever the suite itself runs.
delete process.env['FORCE_COLOR'];
process.env['NO_COLOR'] = '1';

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    env: { RAFT_SIM_LONG: long(mode) ? '1' : '' },
    exclude: long(mode) ? [] : ['test/long/**'],
    // Only what hangs comes to this: no test is about how fast a machine is.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'threads',
    maxWorkers: '100%',
    allowOnly: false,
  },
}));
