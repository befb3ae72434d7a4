import { afterEach, describe, expect, it } from 'vitest';
import { filterValues, startEc2, type FakeEc2, type Form } from '../../../../e2e/testing/servers/ec2-server';
import { createHeldTimers, type HeldTimers } from '../../../../e2e/testing/servers/held-timers';
import { createRecorder, type Recorder } from '../../../../e2e/testing/servers/recorder';
import { createEc2Client, regionOfZone } from './client';
import { createEc2Source, type Ec2Policy, type Ec2Source } from './ec2';
import { ec2TroubleOf } from './trouble';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Bench {
  readonly ec2: FakeEc2;
  readonly timers: HeldTimers;
  readonly seen: Recorder;
  readonly source: Ec2Source;
  readonly becomes: (id: string, state: string) => Promise<void>;
  readonly live: () => Promise<void>;
}

const eni = (id: string, instance: string | null, more: object = {}): object => ({
  networkInterfaceId: id,
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  status: instance === null ? 'available' : 'in-use',
  interfaceType: 'interface',
  ...(instance === null
    ? {}
    : { attachment: { attachmentId: `attach-${id}`, instanceId: instance, deviceIndex: 0, networkCardIndex: 1 } }),
  ...more,
});

const INSTANCES = ['i-1', 'i-2'];
const IDS = [
  'ec2/network-interfaces',
  'ec2/instances',
  'ec2/instance-types',
  'ec2/subnets',
  'ec2/subnet-cidr-reservations',
];

/** Answers of a small account: two instances with an ENI each, one trunk with a branch, one leaked ENI. */
function answerAll(ec2: FakeEc2): void {
  ec2.on('DescribeNetworkInterfaces', (form) => ({ body: { networkInterfaceSet: interfacesFor(form) } }));
  ec2.on('DescribeInstances', (form) => ({
    body: {
      reservationSet: [
        {
          instancesSet: filterValues(form, 'instance-id').map((instanceId) => ({
            instanceId,
            instanceType: 'm5.large',
            vpcId: 'vpc-1',
          })),
        },
      ],
    },
  }));
  ec2.on('DescribeInstanceTypes', (form) => ({
    body: { instanceTypeSet: filterValues(form, 'instance-type').map((instanceType) => ({ instanceType })) },
  }));
  ec2.on('DescribeSubnets', () => ({ body: { subnetSet: [{ subnetId: 'subnet-1', availableIpAddressCount: 7 }] } }));
  ec2.on('GetSubnetCidrReservations', (form) => ({
    body: {
      subnetIpv4CidrReservationSet: [
        {
          subnetCidrReservationId: 'scr-1',
          subnetId: form['SubnetId'],
          cidr: '10.0.0.16/28',
          reservationType: 'prefix',
        },
      ],
    },
  }));
}

function interfacesFor(form: Form): object[] {
  const attached = filterValues(form, 'attachment.instance-id');
  if (attached.length > 0) {
    return attached.map((instance) =>
      eni(`eni-${instance}`, instance, instance === 'i-2' ? { interfaceType: 'trunk' } : {}),
    );
  }
  const trunks = filterValues(form, 'tag:vpcresources.k8s.aws/trunk-eni-id');
  if (trunks.length > 0) return trunks.map((trunk) => eni(`eni-branch-of-${trunk}`, null, { interfaceType: 'branch' }));
  if (filterValues(form, 'status').length > 0) return [eni('eni-leaked', null)];
  return filterValues(form, 'addresses.private-ip-address').map((ip) => eni(`eni-of-${ip}`, null));
}

async function bench(
  options: {
    instances?: () => readonly string[] | null;
    addresses?: readonly string[];
    policy?: Partial<Ec2Policy>;
    prepare?: (ec2: FakeEc2) => void;
    maxAttempts?: number;
  } = {},
): Promise<Bench> {
  const ec2 = await startEc2();
  answerAll(ec2);
  options.prepare?.(ec2);
  const timers = createHeldTimers();
  const seen = createRecorder();
  const source = createEc2Source(seen.context(timers.now), {
    client: createEc2Client({
      region: 'eu-west-1',
      endpoint: ec2.url,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: options.maxAttempts ?? 1,
    }),
    instances: options.instances ?? (() => INSTANCES),
    addresses: () => options.addresses ?? [],
    policy: { gapMs: 0, ...options.policy },
    timers,
  });
  cleanups.push(
    () => ec2.stop(),
    () => source.stop(),
  );
  source.start(seen.emit);
  return {
    ec2,
    timers,
    seen,
    source,
    becomes: (id, state) => seen.until(() => seen.status(`ec2/${id}`)?.state === state),
    live: () => seen.until(() => IDS.every((id) => seen.status(id)?.state === 'live')),
  };
}

const keysOf = (seen: Recorder, scope: string): string[] =>
  [...seen.facts.keys()]
    .filter((key) => key.startsWith(`${scope} `))
    .map((key) => key.slice(scope.length + 1))
    .sort();

describe('a sweep', () => {
  it('reads attached, branch and leaked interfaces, and those of nodes without an instance', async () => {
    const { ec2, seen, live } = await bench({ addresses: ['10.0.9.9'] });
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
    const { seen, live } = await bench();
    await live();
    const whole = seen.batches.filter(({ observations }) => observations.some(({ op }) => op === 'replaceAll'));
    expect(whole).toHaveLength(5);
    for (const { observations } of whole) {
      expect(observations.map(({ op }) => op).filter((op) => op !== 'cluster')).toEqual(['replaceAll', 'status']);
    }
  });

  it('asks in parts of 200 instances, and follows the pages of each', async () => {
    const many = Array.from({ length: 450 }, (_, n) => `i-${n}`);
    const { ec2, seen, live } = await bench({
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

  it('asks for fewer interfaces at once where they carry many addresses', async () => {
    const { ec2, live } = await bench({
      prepare: (fake) => {
        fake.on('DescribeNetworkInterfaces', (form) => ({
          body: {
            networkInterfaceSet: filterValues(form, 'attachment.instance-id').map((instance) =>
              eni(`eni-${instance}`, instance, {
                privateIpAddressesSet: Array.from({ length: 100 }, (_, n) => ({
                  privateIpAddress: `10.0.0.${n}`,
                  primary: n === 0,
                })),
              }),
            ),
          },
        }));
      },
    });
    await live();
    const pages = ec2.calls
      .filter(({ action }) => action === 'DescribeNetworkInterfaces')
      .map(({ form }) => form['MaxResults']);
    expect(pages).toEqual(['250', '150']);
  });

  it('with a page missing changes nothing but the state: stale, with the facts it had', async () => {
    const { ec2, timers, seen, live, becomes } = await bench();
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
      reason: 'ec2:DescribeNetworkInterfaces failed: InternalError: try again',
    });
    expect(keysOf(seen, 'ec2/network-interfaces')).toContain('eni-i-1');
    answerAll(ec2);
    await timers.fire('poll');
    await becomes('network-interfaces', 'live');
  });

  it('is true since it began: asOf is the beginning, and it comes again after 30 s', async () => {
    const { ec2, timers, seen, live } = await bench();
    await live();
    expect(seen.status('ec2/network-interfaces')?.asOf).toBe('2026-01-01T00:00:00.000Z');
    const before = ec2.calls.filter(({ action }) => action === 'DescribeNetworkInterfaces').length;
    expect(await timers.fire('poll')).toBe(30_000);
    await ec2.called('DescribeNetworkInterfaces', before + 1);
    await seen.until(() => seen.status('ec2/network-interfaces')?.asOf === '2026-01-01T00:00:30.000Z');
    // Instances, types and reservations change slowly: not asked for again.
    expect(ec2.calls.filter(({ action }) => action === 'DescribeInstances')).toHaveLength(1);
  });
});

describe('pace', () => {
  it('leaves a second between two calls, and counts them', async () => {
    const { ec2, timers, source, live } = await bench({ policy: { gapMs: 1_000 } });
    const done = live();
    let finished = false;
    void done.then(() => (finished = true));
    for (let n = 0; n < 6; n++) {
      const before = timers.now();
      expect(await timers.fire('pace')).toBeLessThanOrEqual(1_000);
      expect(timers.now() - before).toBeLessThanOrEqual(1_000);
    }
    await done;
    expect(finished).toBe(true);
    expect(ec2.calls).toHaveLength(7);
    expect(source.callsLastMinute).toBe(7);
    timers.advance(0);
  });

  it('polls more slowly while EC2 throttles, and recovers', async () => {
    const { ec2, timers, seen, source, live, becomes } = await bench();
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

  it('retries through the SDK, each attempt at the common pace', async () => {
    let refused = 0;
    const { ec2, source, live } = await bench({
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

describe('hints', () => {
  const attachedCalls = (ec2: FakeEc2): string[][] =>
    ec2.calls.map(({ form }) => filterValues(form, 'attachment.instance-id')).filter((ids) => ids.length > 0);

  it('ask for the named instances only, at once, coalesced, and take away what is gone', async () => {
    const { ec2, seen, source, live, timers } = await bench();
    await live();
    await timers.armed('poll');
    ec2.on('DescribeNetworkInterfaces', () => ({ body: { networkInterfaceSet: [eni('eni-new', 'i-1')] } }));
    source.hint(['i-1']);
    source.hint(['i-1', 'i-unknown']);
    await seen.until(() => seen.facts.has('ec2/network-interfaces eni-new'));
    expect(attachedCalls(ec2)).toEqual([['i-1', 'i-2'], ['i-1']]);
    expect(keysOf(seen, 'ec2/network-interfaces')).toEqual([
      'eni-branch-of-eni-i-2',
      'eni-i-2',
      'eni-leaked',
      'eni-new',
    ]);
    // The next one waits its second.
    source.hint(['i-2']);
    expect(await timers.armed('poll')).toBeLessThanOrEqual(1_000);
  });

  it('during a sweep win over the page that was read before', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { ec2, timers, seen, source, live } = await bench({ policy: { hintGapMs: 0 } });
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
    source.hint(['i-1']);
    gate.resolve(undefined);
    await seen.until(() => seen.facts.has('ec2/network-interfaces eni-new'));
    await seen.until(() => !seen.facts.has('ec2/network-interfaces eni-leaked'));
    await timers.armed('poll');
    expect(keysOf(seen, 'ec2/network-interfaces')).toEqual(['eni-i-2', 'eni-new']);
  });

  it('a node that joins is read by itself, with its type', async () => {
    let ids = ['i-1'];
    const { ec2, seen, live, timers } = await bench({ instances: () => ids });
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

describe('trouble', () => {
  it('denied: names the missing action; the other calls go on', async () => {
    const { seen, becomes } = await bench({
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

  it('denied twice: the facts go', async () => {
    const { ec2, timers, seen, live, becomes } = await bench();
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

  it('refused credentials meet every call: all say so after one call', async () => {
    const { ec2, seen, becomes } = await bench({
      prepare: (fake) =>
        fake.on('DescribeNetworkInterfaces', () => ({ status: 401, error: { code: 'AuthFailure', message: 'no' } })),
    });
    await becomes('subnet-cidr-reservations', 'failing');
    expect(IDS.map((id) => seen.status(id)?.reason)).toEqual(
      IDS.map(() => 'AWS refuses the credentials: AuthFailure: no'),
    );
    expect(ec2.calls).toHaveLength(1);
  });

  it('an endpoint that does not answer: failing', async () => {
    const { seen, becomes, ec2 } = await bench({ prepare: (fake) => void fake.stop() });
    await becomes('network-interfaces', 'failing');
    expect(seen.status('ec2/network-interfaces')?.reason).toContain('EC2 cannot be reached');
    expect(ec2.calls).toHaveLength(0);
  });

  it('no instances: absent, without a call; while the nodes are not known: starting', async () => {
    const none = await bench({ instances: () => [] });
    await none.becomes('network-interfaces', 'absent');
    expect(none.ec2.calls).toHaveLength(0);
    const unknown = await bench({ instances: () => null });
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

describe('the end', () => {
  it('stops in the middle of a sweep and leaves nothing behind', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { ec2, seen, source, timers } = await bench({
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

it.each([
  ['eu-west-1a', 'eu-west-1'],
  ['us-west-2-lax-1a', 'us-west-2'],
  ['us-gov-west-1b', 'us-gov-west-1'],
  ['ap-southeast-2', 'ap-southeast-2'],
  ['rack-7', null],
  ['', null],
])('the region of zone %s is %s', (zone, region) => {
  expect(regionOfZone(zone)).toBe(region);
});
