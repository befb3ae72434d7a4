import { describe, expect, it } from 'vitest';
import { EC2_SOURCES, keysOf, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';
import { ec2TroubleOf } from './trouble';

describe('errors', () => {
  it('denied: names the missing action; other calls continue', async () => {
    const { seen, becomes } = await startEc2Source({
      prepare: (fake) =>
        fake.on('DescribeInstances', () => ({ status: 403, error: { code: 'UnauthorizedOperation' } })),
    });
    await becomes('instances', 'denied');
    expect(seen.status('ec2/instances')).toMatchObject({
      asOf: null,
      reason: 'not allowed to call ec2:DescribeInstances; grant this action',
    });
    await becomes('subnets', 'live');
    await becomes('instance-types', 'failing');
    expect(seen.status('ec2/instance-types')?.reason).toContain('no instance type is known');
  });

  it('denied twice: drops the facts', async () => {
    const { ec2, timers, seen, live, becomes } = await startEc2Source();
    await live();
    ec2.on('DescribeSubnets', () => ({ status: 403, error: { code: 'UnauthorizedOperation' } }));
    await timers.fire('poll');
    await ec2.called('DescribeSubnets', 2);
    expect(keysOf(seen, 'ec2/subnets')).toEqual(['subnet-1']);
    const denied = becomes('subnets', 'denied');
    while (seen.status('ec2/subnets')?.state !== 'denied') {
      await Promise.race([denied, timers.fire('poll')]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(keysOf(seen, 'ec2/subnets')).toEqual([]);
  });

  it('rejected credentials affect every call: all report it after one call', async () => {
    const { ec2, seen, becomes } = await startEc2Source({
      prepare: (fake) =>
        fake.on('DescribeNetworkInterfaces', () => ({ status: 401, error: { code: 'AuthFailure', message: 'no' } })),
    });
    await becomes('subnet-cidr-reservations', 'failing');
    expect(EC2_SOURCES.map((id) => seen.status(id)?.reason)).toEqual(
      EC2_SOURCES.map(() => 'AWS refuses the credentials: AuthFailure; check AWS_PROFILE and the access keys'),
    );
    expect(ec2.calls).toHaveLength(1);
  });

  it('an unresponsive endpoint: failing', async () => {
    const { seen, becomes, ec2 } = await startEc2Source({ prepare: (fake) => void fake.stop() });
    await becomes('network-interfaces', 'failing');
    expect(seen.status('ec2/network-interfaces')?.reason).toContain('EC2 cannot be reached');
    expect(ec2.calls).toHaveLength(0);
  });

  it('no instances: absent, without a call; unknown nodes: starting', async () => {
    const none = await startEc2Source({ instances: () => [] });
    await none.becomes('network-interfaces', 'absent');
    expect(none.ec2.calls).toHaveLength(0);
    const unnamed = await startEc2Source({ instances: () => [], addresses: ['10.0.0.4'] });
    await unnamed.becomes('network-interfaces', 'absent');
    expect(unnamed.seen.status('ec2/network-interfaces')?.reason).toMatch(/names an EC2 instance .*another VPC/);
    const unknown = await startEc2Source({ instances: () => null });
    await unknown.timers.armed('poll');
    expect(unknown.seen.status('ec2/network-interfaces')?.state).toBe('starting');
    expect(unknown.ec2.calls).toHaveLength(0);
  });

  it.each([
    [{ name: 'UnauthorizedOperation' }, 'denied'],
    [{ name: 'RequestLimitExceeded' }, 'throttled'],
    [{ name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' }, 'common'],
    [{ name: 'Error', message: 'Region is missing' }, 'common'],
    [{ name: 'TimeoutError', message: 'socket' }, 'common'],
    [{ name: 'InvalidParameterValue', message: 'x' }, 'failed'],
    [null, 'failed'],
  ])('%o is %s', (error, kind) => {
    expect(ec2TroubleOf(error, 'DescribeSubnets').kind).toBe(kind);
  });
});

describe('stopping', () => {
  it('in the middle of a sweep leaves nothing behind', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { ec2, seen, source, timers } = await startEc2Source({
      prepare: (fake) => fake.on('DescribeNetworkInterfaces', () => ({ after: gate.promise })),
    });
    await ec2.called('DescribeNetworkInterfaces', 1);
    const before = seen.batches.length;
    await source.stop();
    gate.resolve(undefined);
    expect(timers.labels).toEqual([]);
    expect(seen.batches.length).toBe(before);
  });
});
