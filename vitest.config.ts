import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** A folder under `test/` is a project; its name says what the tests in it need. */
const project = (
  name: string,
  timeoutMs: number,
  more: { readonly globalSetup?: string[]; readonly fileParallelism?: boolean } = {},
) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    // A bound for what never comes: a test has one of its own.
    expect: { poll: { timeout: 30_000 } },
    ...more,
  },
});

export default defineConfig({
  test: {
    pool: 'forks',
    // Three files for two cores: most tests wait more than they work, and Vitest would leave a core idle.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    reporters: ['default', './test/support/skip-reporter.ts'],
    projects: [
      project('unit', 5_000),
      project('contract', 15_000),
      project('local', 60_000, { globalSetup: ['test/local/set-up.ts'] }),
      // Whole commands, and measurements: minutes altogether.
      project('end-to-end', 60_000, { globalSetup: ['test/local/set-up.ts'] }),
      project('containers', 180_000, { globalSetup: ['test/containers/set-up.ts'], fileParallelism: false }),
      project('packed', 300_000, { globalSetup: ['test/local/set-up.ts', 'test/packed/tarballs.ts'] }),
      // It measures times: one file at a time.
      project('differential', 120_000, { fileParallelism: false }),
      project('stress', 300_000),
      // Verdicts on programs that keep a pace of their own.
      project('examples', 600_000, { globalSetup: ['test/local/set-up.ts'], fileParallelism: false }),
      project('mutation', 600_000, { globalSetup: ['test/local/set-up.ts'] }),
      project('explored', 1_200_000, { globalSetup: ['test/local/set-up.ts'] }),
    ],
  },
});
