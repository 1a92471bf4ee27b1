import { defineConfig } from 'vitest/config';

/** A folder under `test/` is a project; its name says what the tests in it need. */
const project = (name: string, timeoutMs: number, globalSetup: string[] = []) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    globalSetup,
  },
});

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      project('unit', 5_000),
      project('contract', 15_000),
      project('local', 60_000, ['test/local/set-up.ts']),
      project('differential', 120_000),
      project('strength', 300_000),
      project('regressions', 600_000, ['test/local/set-up.ts']),
    ],
  },
});
