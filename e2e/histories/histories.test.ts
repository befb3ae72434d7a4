/**
 * After every step of a history, the records and findings equal those of the same facts applied at once.
 * `HISTORIES=50000 HISTORIES_SEED=7 vitest run e2e/histories` runs other histories than the usual ones.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differenceText, historyText } from './describe';
import { batchesOf, historiesOf } from './history';
import { play } from './play';

const COUNT = Number(process.env['HISTORIES'] ?? 3_000);
const SEED = Number(process.env['HISTORIES_SEED'] ?? 20260901);
const MAX_STEPS = 14;
/** Far longer than it takes, even on a busy machine; milliseconds for one history. */
const PATIENCE = 500;

it(
  'incremental and full derivation agree',
  () => {
    fc.assert(
      fc.property(historiesOf(MAX_STEPS), (history) => {
        const differences = play(batchesOf(history));
        if (differences.length > 0)
          throw new Error([historyText(history), ...differences.slice(0, 5).map(differenceText)].join('\n'));
      }),
      { numRuns: COUNT, seed: SEED },
    );
    expect(COUNT).toBeGreaterThan(0);
  },
  COUNT * PATIENCE,
);
