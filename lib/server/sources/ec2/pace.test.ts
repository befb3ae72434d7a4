import { describe, expect, it } from 'vitest';
import { answerAll, eni, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';

describe('pace', () => {
  it.each([
    ['is fast until every call was answered once', 300],
    ['is slow where fast is not allowed', 5_000],
  ])('%s, and counts the calls', async (_what, firstGapMs) => {
    const { ec2, timers, source, live } = await startEc2Source({ policy: { gapMs: 1_000, firstGapMs } });
    const gap = Math.min(1_000, firstGapMs);
    const done = live();
    let finished = false;
    void done.then(() => (finished = true));
    for (let n = 0; n < 6; n++) {
      const before = timers.now();
      expect(await timers.fire('pace')).toBe(gap);
      expect(timers.now() - before).toBe(gap);
    }
    await done;
    expect(finished).toBe(true);
    expect(ec2.calls).toHaveLength(7);
    expect(source.callsLastMinute).toBe(7);
    ec2.on('DescribeNetworkInterfaces', () => ({
      body: { networkInterfaceSet: [eni('eni-i-1', 'i-1'), eni('eni-i-2', 'i-2')], nextToken: 'more' },
    }));
    await timers.fire('poll');
    expect(await timers.armed('pace')).toBe(1_000);
  });

  it('is slow once EC2 has throttled', async () => {
    let refused = 0;
    const { timers } = await startEc2Source({
      maxAttempts: 3,
      policy: { gapMs: 1_000, firstGapMs: 300 },
      prepare: (fake) =>
        fake.on('DescribeInstances', () =>
          refused++ === 0 ? { status: 503, error: { code: 'RequestLimitExceeded' } } : { body: {} },
        ),
    });
    const gaps: number[] = [];
    for (let n = 0; n < 6; n++) gaps.push(await timers.fire('pace'));
    expect(gaps.slice(-2)).toEqual([1_000, 1_000]);
  });

  it('polls more slowly while EC2 throttles, and recovers', async () => {
    const { ec2, timers, seen, source, live, becomes } = await startEc2Source();
    await live();
    ec2.on('DescribeNetworkInterfaces', () => ({ status: 503, error: { code: 'RequestLimitExceeded' } }));
    await timers.fire('poll');
    await becomes('network-interfaces', 'stale');
    expect(seen.status('ec2/network-interfaces')?.reason).toContain('throttles ec2:DescribeNetworkInterfaces');
    expect(source.slowdown).toBe(2);
    answerAll(ec2);
    await timers.fire('poll');
    await becomes('network-interfaces', 'live');
    expect(source.slowdown).toBe(1);
  });

  it('retries through the SDK, with each attempt at the common pace', async () => {
    let refused = 0;
    const { ec2, source, live } = await startEc2Source({
      maxAttempts: 3,
      prepare: (fake) => {
        fake.on('DescribeSubnets', () =>
          refused++ === 0
            ? { status: 503, error: { code: 'RequestLimitExceeded' } }
            : { body: { subnetSet: [{ subnetId: 'subnet-1' }] } },
        );
      },
    });
    await live();
    expect(ec2.calls.filter(({ action }) => action === 'DescribeSubnets')).toHaveLength(2);
    expect(source.callsLastMinute).toBe(ec2.calls.length);
    expect(source.slowdown).toBe(2);
  });
});
