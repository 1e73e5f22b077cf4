import { defineConfig } from 'vitest/config';

const conditions = ['postern-source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/house/build.ts'],
    pool: 'forks',
    // Many tests wait for programs that they started: one worker less than cores, vitest's own choice, leaves a core idle.
    maxWorkers: '100%',
    // For what hangs, not for what is slow: a program starts five times slower on a machine that others use.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { provider: 'v8', include: ['src/**'], reportsDirectory: 'coverage' },
  },
});
