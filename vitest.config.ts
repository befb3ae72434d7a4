import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/** These use no clock, environment or other shared state, so that their test files can share a worker: no start for each. */
const PURE = [
  'model',
  'cni',
  'normalise',
  'records',
  'tracking',
  'topology',
  'findings',
  'view',
  'explain',
  'capacity',
  'layout',
  'snapshot',
  'export',
].map((folder) => `lib/${folder}/**/*.test.ts`);

const ALL = [
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
];

/** The longest files are there: started last, one of them would run alone. */
const LONG = /\/e2e\/(histories|truth)\//;

class LongFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(LONG.test(b.moduleId)) - Number(LONG.test(a.moduleId)));
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 30_000,
    env: { TZ: 'UTC' },
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      { extends: true, test: { name: 'others', include: ALL, exclude: [...PURE, '**/node_modules/**'] } },
    ],
  },
});
