import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/moto/**/*.test.ts'],
    environment: 'node',
    testTimeout: 90_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
