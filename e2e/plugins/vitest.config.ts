import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['e2e/plugins/**/*.test.ts'], environment: 'node', testTimeout: 120_000, hookTimeout: 120_000 },
});
