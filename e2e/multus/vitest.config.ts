import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/multus/**/*.test.ts'],
    environment: 'node',
    testTimeout: 90_000,
    maxWorkers: 2,
  },
});
