/** The benchmarks, in the order in which they run and appear in `docs/performance.md`. */
export const NAMES = [
  'layout',
  'keyframe',
  'server',
  'engine',
  'ec2',
  'browser',
  'start',
  'viewers',
  'sizing',
  'large',
  'soak',
] as const;
