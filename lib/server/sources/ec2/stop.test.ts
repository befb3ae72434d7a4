/** Stopping at any moment: the timers are the test's, so a wait that `stop` does not end would never end. */
import { it } from 'vitest';
import { startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';

/** More steps than the source takes from its last answer to its rest. */
const STEPS = 40;

it('stops at once, at every step after the last answer', async () => {
  for (let step = 0; step < STEPS; step += 1) {
    const { source, seen } = await startEc2Source();
    await seen.until(() => seen.status('ec2/subnet-cidr-reservations')?.state === 'live');
    for (let taken = 0; taken < step; taken += 1) await Promise.resolve();
    await source.stop();
  }
});
