/**
 * The EC2 source against moto, an independent EC2 implementation: tags, attachments, secondary addresses, subnets and instance
 * types. Network cards, prefixes and paging are tested with the simulator, since moto lacks them.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  AssignPrivateIpAddressesCommand,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EniFact, FactByKind, FactKind, InstanceFact, InstanceTypeFact, SubnetFact } from '../../lib/model/facts';
import type { Batch } from '../../lib/model/observation';
import { createRecorder } from '../testing/servers/recorder';
import { createEc2Client } from '../../lib/server/sources/ec2/client';
import { createEc2Source, type Ec2Source } from '../../lib/server/sources/ec2/ec2';
import { normaliseEni } from '../../lib/normalise/ec2/network-interface';
import { Projection, readReservation } from '../../lib/server/sources/ec2/xml/projection';
import { freePort } from '../free-port';
import { findMoto } from './install';

const REGION = 'eu-west-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

let moto: ChildProcess;
let endpoint: string;
let client: EC2Client;
let instance: string;
let source: Ec2Source;
const facts = new Map<string, unknown>();
const states = new Map<string, string>();
const waiting = new Set<() => void>();

function take(batch: Batch): void {
  for (const observation of batch.observations) {
    if (observation.op === 'status') states.set(observation.source.id, observation.source.state);
    if (observation.op === 'upsert') facts.set(`${observation.kind} ${observation.key}`, observation.fact);
    if (observation.op === 'remove') facts.delete(`${observation.kind} ${observation.key}`);
    if (observation.op === 'replaceAll') {
      for (const key of [...facts.keys()]) if (key.startsWith(`${observation.kind} `)) facts.delete(key);
      for (const [key, fact] of observation.facts) facts.set(`${observation.kind} ${key}`, fact);
    }
  }
  for (const look of [...waiting]) look();
}

const fact = <K extends FactKind>(kind: K, key: string): FactByKind[K] | undefined =>
  facts.get(`${kind} ${key}`) as FactByKind[K] | undefined;

/** Checks every batch until something is there. */
function until<T>(look: () => T | undefined | false): Promise<T> {
  return new Promise((resolve) => {
    const check = (): void => {
      const value = look();
      if (value === undefined || value === false) return;
      waiting.delete(check);
      resolve(value);
    };
    waiting.add(check);
    check();
  });
}

beforeAll(async () => {
  const server = findMoto();
  if (typeof server !== 'string') throw new Error(server.missing);
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  moto = spawn(server, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const deadline = Date.now() + 60_000;
  for (let up = false; !up;) {
    up = await fetch(`${endpoint}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (Date.now() > deadline) throw new Error('moto did not start within a minute');
    if (!up) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  client = new EC2Client({ region: REGION, endpoint, credentials });
  const ran = await client.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 }),
  );
  instance = ran.Instances?.[0]?.InstanceId ?? '';
  source = createEc2Source(createRecorder().context(Date.now), {
    client: createEc2Client({ region: REGION, endpoint, credentials }),
    instances: () => [instance],
    policy: { gapMs: 10, targetedGapMs: 10, pollMs: 500 },
  });
  source.start(take);
});

afterAll(async () => {
  await source.stop();
  client.destroy();
  const gone = once(moto, 'exit');
  moto.kill('SIGTERM');
  await gone;
});

it('reads the instance, its type and its subnet', async () => {
  const found: InstanceFact = await until(() => fact('instance', instance));
  expect(found).toMatchObject({ id: instance, instanceType: 'm5.large', state: 'running' });
  const type: InstanceTypeFact = await until(() => fact('instanceType', 'm5.large'));
  expect(type).toMatchObject({ type: 'm5.large', ipv4PerEni: 10, maxEnis: 3, hypervisor: 'nitro', bareMetal: false });
  const subnets = (await client.send(new DescribeSubnetsCommand({ SubnetIds: [found.subnet ?? ''] }))).Subnets;
  const subnet: SubnetFact = await until(() => fact('subnet', found.subnet ?? ''));
  expect(subnet).toMatchObject({
    cidr: subnets?.[0]?.CidrBlock,
    zone: subnets?.[0]?.AvailabilityZone,
    availableAddresses: subnets?.[0]?.AvailableIpAddressCount,
  });
});

it('reads an attached ENI with tags and addresses, and follows its tag', async () => {
  const { subnet } = await until(() => fact('instance', instance));
  const made = await client.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: subnet ?? '',
      Description: 'multus',
      TagSpecifications: [
        { ResourceType: 'network-interface', Tags: [{ Key: 'node.k8s.amazonaws.com/no_manage', Value: 'true' }] },
      ],
    }),
  );
  const id = made.NetworkInterface?.NetworkInterfaceId ?? '';
  await client.send(
    new AttachNetworkInterfaceCommand({ NetworkInterfaceId: id, InstanceId: instance, DeviceIndex: 1 }),
  );
  await client.send(new AssignPrivateIpAddressesCommand({ NetworkInterfaceId: id, SecondaryPrivateIpAddressCount: 2 }));
  const truth = (await client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] })))
    .NetworkInterfaces?.[0];
  source.askSoon([instance]);
  const eni: EniFact = await until(() => {
    const found = fact('eni', id);
    return found?.secondaryIps.length === 2 && found;
  });
  expect(eni).toMatchObject({
    instanceId: instance,
    deviceIndex: 1,
    interfaceType: 'interface',
    description: 'multus',
    mac: truth?.MacAddress,
    subnet,
    primaryIp: truth?.PrivateIpAddress,
    tags: { 'node.k8s.amazonaws.com/no_manage': 'true' },
  });
  expect([eni.primaryIp, ...eni.secondaryIps].sort()).toEqual(
    truth?.PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress).sort(),
  );

  await client.send(
    new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'node.k8s.amazonaws.com/no_manage', Value: 'True' }] }),
  );
  const changed = await until(() => {
    const found = fact('eni', id);
    return found?.tags['node.k8s.amazonaws.com/no_manage'] === 'True' && found;
  });
  expect(changed.id).toBe(id);
  expect(states.get('ec2/network-interfaces')).toBe('live');
});

it('reads the same as the AWS SDK', async () => {
  const own = createEc2Client({ region: REGION, endpoint, credentials });
  const projection = new Projection();
  projection.install(own, new AbortController().signal);
  const interfaces = new DescribeNetworkInterfacesCommand({});
  const enis = projection.interfacesOf(await own.send(interfaces));
  expect(enis.length).toBeGreaterThan(1);
  expect(enis).toEqual((await client.send(interfaces)).NetworkInterfaces?.map(normaliseEni));
  const instances = new DescribeInstancesCommand({});
  const found = projection.reservationsOf(await own.send(instances));
  expect(found).toEqual((await client.send(instances)).Reservations?.map(readReservation));
  own.destroy();
});
