import { defineConfig } from 'vitest/config'

/** How long a test may take on a machine that is busy with other things: a limit for what hangs, not a claim about speed. */
const patience = { testTimeout: 60_000, hookTimeout: 120_000 }

/** Pure code leaves nothing behind, so its files share one process: starting one for each takes longer than the tests. */
const together = { isolate: false }

export default defineConfig({
  test: {
    reporters: ['default', './test/support/summary-reporter.ts'],
    // Most files wait for servers most of the time, so two at once take little more than half as long. They share the
    // servers, where each has an index, a keyspace and a prefix of its own.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...patience, ...together } },
      {
        extends: true,
        test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], ...patience, ...together },
      },
      { extends: true, test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], ...patience } },
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...patience } },
      {
        extends: true,
        // On servers of its own, with TLS and logins, which are started only when one of these files is to run.
        test: {
          name: 'secure',
          include: ['test/secure/**/*.test.ts'],
          globalSetup: 'test/secure/global-setup.ts',
          ...patience,
          testTimeout: 180_000,
        },
      },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...patience, testTimeout: 180_000 } },
      { extends: true, test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...patience } },
      {
        extends: true,
        // After all others: its trials run side by side, with several processes each, and wait for these to reach a step.
        test: { name: 'chaos', include: ['test/chaos/**/*.test.ts'], ...patience, sequence: { groupOrder: 1 } },
      },
      // Needs Python and Maven, so `npm test` leaves it out: `npm run test:examples`.
      { extends: true, test: { name: 'examples', include: ['test/examples/**/*.test.ts'], ...patience } },
    ],
  },
})
