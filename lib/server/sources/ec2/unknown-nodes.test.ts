import { expect, it } from 'vitest';
import { EC2_SOURCES, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';
import { reason } from '../reason';

it('is denied where nodes may not be listed, and reads EC2 once they may', async () => {
  let instances: readonly string[] | null = null;
  const { seen, timers, live } = await startEc2Source({
    instances: () => instances,
    unknownBecause: () => reason`the nodes may not be listed`,
  });
  await seen.until(() => EC2_SOURCES.every((id) => seen.status(id)?.state === 'denied'));
  expect(new Set(EC2_SOURCES.map((id) => seen.status(id)?.reason))).toEqual(new Set(['the nodes may not be listed']));
  instances = ['i-1'];
  await timers.fire('poll');
  await live();
});
