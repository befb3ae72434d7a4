import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'lib/**/*.test.ts',
      'lib/**/*.test.tsx',
      'components/**/*.test.{ts,tsx}',
      'app/**/*.test.ts',
      'bench/**/*.test.ts',
      'e2e/histories/**/*.test.ts',
      'e2e/scenes/**/*.test.ts',
      'e2e/truth/**/*.test.ts',
      'e2e/schema/**/*.test.ts',
      'e2e/protobuf/**/*.test.ts',
      'e2e/*.test.ts',
    ],
    environment: 'node',
    testTimeout: 30_000,
    env: { TZ: 'UTC' },
    maxWorkers: 2,
  },
});
