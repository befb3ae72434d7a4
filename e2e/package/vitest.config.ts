import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/package/**/*.test.ts'],
    globalSetup: 'e2e/package/setup.ts',
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
