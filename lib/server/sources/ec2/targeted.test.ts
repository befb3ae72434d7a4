import { describe, expect, it } from 'vitest';
import { eni, keysOf, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';
import { filterValues, type FakeEc2 } from '../../../../e2e/testing/servers/ec2-server';

describe('hints', () => {
  const attachedCalls = (ec2: FakeEc2): string[][] =>
    ec2.calls.map(({ form }) => filterValues(form, 'attachment.instance-id')).filter((ids) => ids.length > 0);

  it('read only the named instances, at once and merged, and remove what is gone', async () => {
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
    // The next read waits a second.
    source.askSoon(['i-2']);
    expect(await timers.armed('poll')).toBeLessThanOrEqual(1_000);
  });

  it.each(['instances', 'VPC'])('during a sweep by %s take precedence over a page read before', async (form) => {
    const gate = Promise.withResolvers<undefined>();
    const more = Array.from({ length: 448 }, (_, n) => `i-x-${n}`);
    const denied = { status: 403, error: { code: 'UnauthorizedOperation' } };
    const { ec2, timers, seen, source, becomes } = await startEc2Source({
      policy: { targetedGapMs: 0 },
      instances: () => ['i-1', 'i-2', ...more],
      prepare: (fake) => {
        if (form === 'instances') fake.on('DescribeInstances', () => denied);
      },
    });
    await becomes('subnet-cidr-reservations', 'live');
    const old = [eni('eni-old', 'i-1'), eni('eni-i-2', 'i-2'), ...more.map((id) => eni(`eni-${id}`, id))];
    ec2.on('DescribeNetworkInterfaces', (asked) => {
      const attached = filterValues(asked, 'attachment.instance-id');
      if (attached.length === 1) return { body: { networkInterfaceSet: [eni('eni-new', 'i-1')] } };
      if (form === 'instances')
        return attached.includes('i-1') ? { body: { networkInterfaceSet: old } } : { after: gate.promise };
      if (asked['NextToken'] === undefined) return { body: { networkInterfaceSet: old, nextToken: 'two' } };
      const networkInterfaceSet: object[] = [];
      return asked['NextToken'] === 'two'
        ? { body: { networkInterfaceSet, nextToken: 'three' }, after: gate.promise }
        : { body: { networkInterfaceSet } };
    });
    const isEnis = ({ action }: { readonly action: string }): boolean => action === 'DescribeNetworkInterfaces';
    const before = ec2.calls.filter(isEnis).length;
    const called = ec2.called('DescribeNetworkInterfaces', before + 2).then(() => true);
    // Other calls may be due first.
    do await timers.fire('poll');
    while (!(await Promise.race([called, timers.armed('poll').then(() => false)])));
    source.askSoon(['i-1']);
    gate.resolve(undefined);
    await seen.until(() => seen.facts.has('ec2/network-interfaces eni-new'));
    await seen.until(() => !seen.facts.has('ec2/network-interfaces eni-leaked'));
    await timers.armed('poll');
    expect(keysOf(seen, 'ec2/network-interfaces').filter((id) => !id.startsWith('eni-i-x'))).toEqual([
      'eni-i-2',
      'eni-new',
    ]);
  });

  it('read a new node by itself, with its type', async () => {
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
