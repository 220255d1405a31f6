import { defineConfig } from 'vitest/config';

const shared = { environment: 'node' as const, pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.long.test.ts', 'test/**/*.corpus.test.ts', 'test/fixtures/**'] },
      },
      { test: { ...shared, name: 'corpus', include: ['test/**/*.corpus.test.ts'] } },
      { test: { ...shared, name: 'long', include: ['test/**/*.long.test.ts'], testTimeout: 3_600_000 } },
    ],
  },
});
