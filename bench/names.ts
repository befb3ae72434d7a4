/** The benchmarks, in the order in which they run and stand in `docs/performance.md`. */
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
