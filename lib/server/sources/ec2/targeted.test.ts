import { describe, expect, it } from 'vitest';
import { eni, keysOf, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';
import { filterValues, type FakeEc2 } from '../../../../e2e/testing/servers/ec2-server';

describe('hints', () => {
  const attachedCalls = (ec2: FakeEc2): string[][] =>
    ec2.calls.map(({ form }) => filterValues(form, 'attachment.instance-id')).filter((ids) => ids.length > 0);

  it('ask for the named instances only, at once, coalesced, and take away what is gone', async () => {
    const { ec2, seen, source, live, timers } = await startEc2Source();
    await live();
    await timers.armed('poll');
    ec2.on('DescribeNetworkInterfaces', () => ({ body: { networkInterfaceSet: [eni('eni-new', 'i-1')] } }));
    source.askSoon(['i-1']);
    source.askSoon(['i-1', 'i-unknown']);
    await seen.until(() => seen.facts.has('ec2/network-interfaces eni-new'));
    expect(attachedCalls(ec2)).toEqual([['i-1', 'i-2'], ['i-1']]);
    expect(keysOf(seen, 'ec2/network-interfaces')).toEqual([
      'eni-branch-of-eni-i-2',
      'eni-i-2',
      'eni-leaked',
      'eni-new',
    ]);
    // The next one waits its second.
    source.askSoon(['i-2']);
    expect(await timers.armed('poll')).toBeLessThanOrEqual(1_000);
  });

  it('during a sweep win over the page that was read before', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { ec2, timers, seen, source, live } = await startEc2Source({ policy: { targetedGapMs: 0 } });
    await live();
    ec2.on('DescribeNetworkInterfaces', (form) => {
      const attached = filterValues(form, 'attachment.instance-id');
      if (attached.length === 2)
        return { body: { networkInterfaceSet: [eni('eni-old', 'i-1'), eni('eni-i-2', 'i-2')] } };
      if (attached.length === 1) return { body: { networkInterfaceSet: [eni('eni-new', 'i-1')] } };
      return { body: { networkInterfaceSet: [] }, after: gate.promise };
    });
    const before = ec2.calls.length;
    await timers.fire('poll');
    await ec2.called('DescribeNetworkInterfaces', 3 + 2);
    expect(ec2.calls.length).toBeGreaterThan(before);
    source.askSoon(['i-1']);
    gate.resolve(undefined);
    await seen.until(() => seen.facts.has('ec2/network-interfaces eni-new'));
    await seen.until(() => !seen.facts.has('ec2/network-interfaces eni-leaked'));
    await timers.armed('poll');
    expect(keysOf(seen, 'ec2/network-interfaces')).toEqual(['eni-i-2', 'eni-new']);
  });

  it('a node that joins is read by itself, with its type', async () => {
    let ids = ['i-1'];
    const { ec2, seen, live, timers } = await startEc2Source({ instances: () => ids });
    await live();
    ec2.on('DescribeInstances', () => ({
      body: { reservationSet: [{ instancesSet: [{ instanceId: 'i-9', instanceType: 'p5.48xlarge' }] }] },
    }));
    ids = ['i-1', 'i-9'];
    await timers.fire('poll');
    await seen.until(() => seen.facts.has('ec2/instance-types p5.48xlarge'));
    expect(keysOf(seen, 'ec2/instances')).toEqual(['i-1', 'i-9']);
    const asked = ec2.calls
      .filter(({ action }) => action === 'DescribeInstances')
      .map(({ form }) => filterValues(form, 'instance-id'));
    expect(asked).toEqual([['i-1'], ['i-9']]);
  });
});
