import { describe, expect, it } from 'vitest';
import { answerAll, eni, keysOf, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';
import { filterValues, type FakeEc2 } from '../../../../e2e/testing/servers/ec2-server';

/** The instances in each call. */
const attachedIn = (ec2: FakeEc2): string[][] =>
  ec2.calls.map(({ form }) => filterValues(form, 'attachment.instance-id')).filter((ids) => ids.length > 0);

describe('a sweep', () => {
  it('reads attached, branch and leaked interfaces, and those of nodes without an instance', async () => {
    const { ec2, seen, live } = await startEc2Source({ addresses: ['10.0.9.9'] });
    await live();
    expect(keysOf(seen, 'ec2/network-interfaces')).toEqual([
      'eni-branch-of-eni-i-2',
      'eni-i-1',
      'eni-i-2',
      'eni-leaked',
      'eni-of-10.0.9.9',
    ]);
    expect(seen.facts.get('ec2/network-interfaces eni-i-1')).toMatchObject({ networkCardIndex: 1, instanceId: 'i-1' });
    expect(keysOf(seen, 'ec2/subnets')).toEqual(['subnet-1']);
    expect(keysOf(seen, 'ec2/instance-types')).toEqual(['m5.large']);
    expect(keysOf(seen, 'ec2/subnet-cidr-reservations')).toEqual(['scr-1']);
    expect(seen.cluster).toEqual({ region: 'eu-west-1', vpcId: 'vpc-1' });
    const leaked = ec2.calls.find(({ form }) => filterValues(form, 'status').length > 0);
    expect(filterValues(leaked?.form ?? {}, 'vpc-id')).toEqual(['vpc-1']);
    expect(leaked?.form['MaxResults']).toBe('1000');
  });

  it('is one replaceAll batch per kind, with its status', async () => {
    const { seen, live } = await startEc2Source();
    await live();
    const whole = seen.batches.filter(({ observations }) => observations.some(({ op }) => op === 'replaceAll'));
    expect(whole).toHaveLength(5);
    for (const { observations } of whole) {
      expect(observations.map(({ op }) => op).filter((op) => op !== 'cluster')).toEqual(['replaceAll', 'status']);
    }
  });

  it('with a page missing changes only the state: stale, with its previous facts', async () => {
    const { ec2, timers, seen, live, becomes } = await startEc2Source();
    await live();
    const asOf = seen.status('ec2/network-interfaces')?.asOf;
    ec2.on('DescribeNetworkInterfaces', (form) =>
      form['NextToken'] === undefined
        ? { body: { networkInterfaceSet: [], nextToken: 'more' } }
        : { status: 500, error: { code: 'InternalError', message: 'try again' } },
    );
    await timers.fire('poll');
    await becomes('network-interfaces', 'stale');
    expect(seen.status('ec2/network-interfaces')).toMatchObject({
      asOf,
      reason: 'ec2:DescribeNetworkInterfaces failed: InternalError',
    });
    expect(keysOf(seen, 'ec2/network-interfaces')).toContain('eni-i-1');
    answerAll(ec2);
    await timers.fire('poll');
    await becomes('network-interfaces', 'live');
  });

  it('is as old as its start, and is repeated after 30 s', async () => {
    const { ec2, timers, seen, live } = await startEc2Source();
    await live();
    expect(seen.status('ec2/network-interfaces')?.asOf).toBe('2026-01-01T00:00:00.000Z');
    const before = ec2.calls.filter(({ action }) => action === 'DescribeNetworkInterfaces').length;
    expect(await timers.fire('poll')).toBe(30_000);
    await ec2.called('DescribeNetworkInterfaces', before + 1);
    await seen.until(() => seen.status('ec2/network-interfaces')?.asOf === '2026-01-01T00:00:30.000Z');
    // Instances, types and reservations change slowly: not read again.
    expect(ec2.calls.filter(({ action }) => action === 'DescribeInstances')).toHaveLength(1);
  });
});

describe('the pages of a sweep', () => {
  it('are requested for 200 instances at a time, and followed to the last', async () => {
    const many = Array.from({ length: 450 }, (_, n) => `i-${n}`);
    const { ec2, seen, live } = await startEc2Source({
      instances: () => many,
      prepare: (fake) => {
        fake.on('DescribeNetworkInterfaces', (form) => {
          const attached = filterValues(form, 'attachment.instance-id');
          const half = Math.ceil(attached.length / 2);
          return form['NextToken'] === undefined && attached.length > 0
            ? {
                body: {
                  networkInterfaceSet: attached.slice(0, half).map((i) => eni(`eni-${i}`, i)),
                  nextToken: 'more',
                },
              }
            : { body: { networkInterfaceSet: attached.slice(half).map((i) => eni(`eni-${i}`, i)), nextToken: '' } };
        });
      },
    });
    await live();
    expect(keysOf(seen, 'ec2/network-interfaces')).toHaveLength(450);
    const sizes = ec2.calls.map(({ form }) => filterValues(form, 'attachment.instance-id').length).filter((n) => n > 0);
    expect(sizes).toEqual([200, 200, 200, 200, 50, 50]);
  });

  it('cover fewer instances where these have many interfaces', async () => {
    const many = Array.from({ length: 450 }, (_, n) => `i-${n}`);
    const { ec2, live } = await startEc2Source({
      instances: () => many,
      prepare: (fake) => {
        fake.on('DescribeNetworkInterfaces', (form) => ({
          body: {
            networkInterfaceSet: filterValues(form, 'attachment.instance-id').flatMap((instance) =>
              Array.from({ length: 10 }, (_, n) => eni(`eni-${instance}-${n}`, instance)),
            ),
          },
        }));
      },
    });
    await live();
    expect(attachedIn(ec2).map(({ length }) => length)).toEqual([200, 90, 90, 70]);
  });
});

it('delivers the changes of a later sweep in parts, and the complete list with the last part', async () => {
  const many = Array.from({ length: 700 }, (_, n) => `i-${n}`);
  let changed = 0;
  const { timers, seen, live } = await startEc2Source({
    instances: () => many,
    prepare: (fake) => {
      fake.on('DescribeNetworkInterfaces', (form) => ({
        body: {
          networkInterfaceSet: filterValues(form, 'attachment.instance-id').map((instance) =>
            eni(`eni-${instance}`, instance, {
              description: Number(instance.slice(2)) < changed ? `changed with ${changed}` : 'as it was',
            }),
          ),
        },
      }));
    },
  });
  await live();
  const sweep = async (count: number, asOf: string): Promise<string[]> => {
    changed = count;
    const before = seen.batches.length;
    await timers.fire('poll');
    await seen.until(() => seen.status('ec2/network-interfaces')?.asOf === asOf);
    return seen.batches.slice(before).flatMap(({ observations }) => {
      const { upsert = [], replaceAll = [] } = Object.groupBy(observations, ({ op }) => op);
      const whole = replaceAll.filter(
        ({ op, ...rest }) => op === 'replaceAll' && 'kind' in rest && rest.kind === 'eni',
      );
      return upsert.length + whole.length === 0 ? [] : [`${upsert.length} · ${whole.length}`];
    });
  };
  expect(await sweep(600, '2026-01-01T00:00:30.000Z')).toEqual(['250 · 0', '250 · 0', '0 · 1']);
  expect(keysOf(seen, 'ec2/network-interfaces')).toHaveLength(700);
  expect(seen.facts.get('ec2/network-interfaces eni-i-599')).toMatchObject({ description: 'changed with 600' });
  expect(seen.facts.get('ec2/network-interfaces eni-i-600')).toMatchObject({ description: 'as it was' });
  expect(await sweep(600, '2026-01-01T00:01:00.000Z')).toEqual(['0 · 1']);
});
