/** An EC2 source against a scripted EC2 with a small account, with manual timers. */
import { onTestFinished } from 'vitest';
import { createEc2Client } from '../../../lib/server/sources/ec2/client';
import { createEc2Source, type Ec2Policy, type Ec2Source } from '../../../lib/server/sources/ec2/ec2';
import type { Reason } from '../../../lib/server/sources/reason';
import { filterValues, startEc2, type FakeEc2, type Form } from './ec2-server';
import { createManualTimers, type ManualTimers } from './manual-timers';
import { createRecorder, type Recorder } from './recorder';

export interface Ec2Bench {
  readonly ec2: FakeEc2;
  readonly timers: ManualTimers;
  readonly seen: Recorder;
  readonly source: Ec2Source;
  readonly becomes: (id: string, state: string) => Promise<void>;
  readonly live: () => Promise<void>;
}

export const eni = (id: string, instance: string | null, more: object = {}): object => ({
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
export const EC2_SOURCES = [
  'ec2/network-interfaces',
  'ec2/instances',
  'ec2/instance-types',
  'ec2/subnets',
  'ec2/subnet-cidr-reservations',
];

/**
 * Answers of a small account: two instances with an ENI each, one trunk with a branch, one leaked ENI, one of another
 * owner.
 */
export function answerAll(ec2: FakeEc2): void {
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
  const attachedTo = (instances: readonly string[]): object[] =>
    instances.map((instance) => eni(`eni-${instance}`, instance, instance === 'i-2' ? { interfaceType: 'trunk' } : {}));
  const branchesOf = (trunks: readonly string[]): object[] =>
    trunks.map((trunk) =>
      eni(`eni-branch-of-${trunk}`, null, {
        interfaceType: 'branch',
        status: 'in-use',
        tagSet: [{ key: 'vpcresources.k8s.aws/trunk-eni-id', value: trunk }],
      }),
    );
  const leaked = eni('eni-leaked', null, { tagSet: [{ key: 'eks:eni:owner', value: 'amazon-vpc-cni' }] });
  const ofAddresses = (addresses: readonly string[]): object[] =>
    addresses.map((ip) => eni(`eni-of-${ip}`, null, { status: 'in-use', privateIpAddress: ip }));
  const [attached, trunks, addresses] = [
    'attachment.instance-id',
    'tag:vpcresources.k8s.aws/trunk-eni-id',
    'addresses.private-ip-address',
  ].map((name) => filterValues(form, name));
  if (attached !== undefined && attached.length > 0) return attachedTo(attached);
  if (trunks !== undefined && trunks.length > 0) return branchesOf(trunks);
  if (addresses !== undefined && addresses.length > 0) return ofAddresses(addresses);
  if (filterValues(form, 'status').length > 0) return [leaked];
  // Everything in the VPC.
  return [
    ...attachedTo([...INSTANCES, 'i-of-others']),
    ...branchesOf(['eni-i-2', 'eni-of-others']),
    leaked,
    ...ofAddresses(['10.0.9.9', '10.0.9.8']),
    eni('eni-unused', null),
  ];
}

/** Starts both; they stop at the end of the test. */
export async function startEc2Source(
  options: {
    instances?: () => readonly string[] | null;
    unknownBecause?: () => Reason | null;
    addresses?: readonly string[];
    policy?: Partial<Ec2Policy>;
    prepare?: (ec2: FakeEc2) => void;
    maxAttempts?: number;
    random?: () => number;
  } = {},
): Promise<Ec2Bench> {
  const ec2 = await startEc2();
  answerAll(ec2);
  options.prepare?.(ec2);
  const timers = createManualTimers();
  const seen = createRecorder();
  const source = createEc2Source(seen.context(timers.now, options.random), {
    client: createEc2Client({
      region: 'eu-west-1',
      endpoint: ec2.url,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: options.maxAttempts ?? 1,
    }),
    instances: options.instances ?? (() => INSTANCES),
    ...(options.unknownBecause === undefined ? {} : { unknownBecause: options.unknownBecause }),
    addresses: () => options.addresses ?? [],
    policy: { gapMs: 0, ...options.policy },
    timers,
  });
  onTestFinished(() => ec2.stop());
  onTestFinished(() => source.stop());
  source.start(seen.emit);
  return {
    ec2,
    timers,
    seen,
    source,
    becomes: (id, state) => seen.until(() => seen.status(`ec2/${id}`)?.state === state),
    live: () => seen.until(() => EC2_SOURCES.every((id) => seen.status(id)?.state === 'live')),
  };
}

/** Keys of the facts in a scope, sorted. */
export const keysOf = (seen: Recorder, scope: string): string[] =>
  [...seen.facts.keys()]
    .filter((key) => key.startsWith(`${scope} `))
    .map((key) => key.slice(scope.length + 1))
    .sort();
