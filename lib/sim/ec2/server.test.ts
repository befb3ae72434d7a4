/** The EC2 endpoint through the AWS SDK: shapes, paging, filters, errors and lag. */
import { findScene } from '../../../e2e/scenes/index';
import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  GetSubnetCidrReservationsCommand,
  paginateDescribeNetworkInterfaces,
  type Filter,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import { createManualClock } from '../../../e2e/testing/sim/manual-clock';
import { startTestSim, type TestSim } from '../../../e2e/testing/sim/sim';

let sim: TestSim | null = null;
let client: EC2Client | null = null;
async function start(scene: string): Promise<{ readonly on: TestSim; readonly ec2: EC2Client }> {
  const on = (sim = await startTestSim({ scene: findScene(scene), clock: createManualClock() }));
  const ec2 = (client = new EC2Client({
    endpoint: on.ec2Url,
    region: on.region,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  }));
  return { on, ec2 };
}
afterEach(async () => {
  client?.destroy();
  await sim?.stop();
});

const enisOf = async (ec2: EC2Client, ...filters: Filter[]): Promise<NetworkInterface[]> =>
  (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: filters }))).NetworkInterfaces ?? [];

it('pages through all ENIs', async () => {
  const { on, ec2 } = await start('p5');
  const ids: (string | undefined)[] = [];
  let pages = 0;
  for await (const page of paginateDescribeNetworkInterfaces({ client: ec2, pageSize: 50 }, {})) {
    pages += 1;
    ids.push(...(page.NetworkInterfaces ?? []).map((eni) => eni.NetworkInterfaceId));
  }
  expect(pages).toBe(Math.ceil(on.state.ec2.enis.size / 50));
  expect(new Set(ids)).toEqual(new Set(on.state.ec2.enis.view(0).map((eni) => eni.id)));
});

it('keeps the position of all other ENIs when one is deleted between two pages', async () => {
  const { on, ec2 } = await start('p5');
  const all = on.state.ec2.enis.view(0).map((eni) => eni.id);
  const first = await ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: 10 }));
  for (const id of [all[2], all[9], all[12]]) if (id !== undefined) on.state.ec2.enis.delete(id);
  const second = await ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: 10, NextToken: first.NextToken }));
  expect(second.NetworkInterfaces?.map((eni) => eni.NetworkInterfaceId)).toEqual(
    [...all.slice(10, 12), ...all.slice(13)].slice(0, 10),
  );
  await expect(
    ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: 10, NextToken: 'x' })),
  ).rejects.toMatchObject({ name: 'InvalidNextToken' });
});

it('rejects invalid page sizes, and a size together with ids', async () => {
  const { on, ec2 } = await start('small');
  for (const MaxResults of [4, 1001]) {
    await expect(ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults }))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  }
  const [id = ''] = on.state.ec2.enis.view(0).map((eni) => eni.id);
  await expect(
    ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: 5, NetworkInterfaceIds: [id] })),
  ).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
});

it('filters by VPC', async () => {
  const { on, ec2 } = await start('small');
  expect(await enisOf(ec2, { Name: 'vpc-id', Values: [on.state.vpcId] })).toHaveLength(on.state.ec2.enis.size);
  expect(await enisOf(ec2, { Name: 'vpc-id', Values: ['vpc-0'] })).toEqual([]);
});

it('truncates answers', async () => {
  const { on, ec2 } = await start('small');
  on.faults.set({ ec2: 'cut' });
  await expect(enisOf(ec2)).rejects.toThrow(/XML/);
});

it('returns every part of an ENI', async () => {
  const { on, ec2 } = await start('modes');
  for (const eni of await enisOf(ec2)) {
    const true_ = on.state.ec2.eni(eni.NetworkInterfaceId ?? '');
    expect(eni).toMatchObject({
      InterfaceType: true_.type,
      MacAddress: true_.mac,
      SubnetId: true_.subnetId,
      Description: true_.description,
      Status: true_.status,
      SourceDestCheck: true_.sourceDestCheck,
    });
    expect(Object.fromEntries((eni.TagSet ?? []).map((tag) => [tag.Key, tag.Value]))).toEqual(true_.tags);
    expect(
      (eni.PrivateIpAddresses ?? []).filter((item) => item.Primary !== true).map((item) => item.PrivateIpAddress),
    ).toEqual(true_.secondaryIps);
    expect((eni.Ipv4Prefixes ?? []).map((item) => item.Ipv4Prefix)).toEqual(true_.prefixes);
    expect((eni.Ipv6Prefixes ?? []).map((item) => item.Ipv6Prefix)).toEqual(true_.ipv6Prefixes);
    expect(eni.Attachment?.NetworkCardIndex).toBe(true_.attachment?.card);
    expect(eni.Attachment?.AttachTime?.getTime()).toBe(true_.attachment?.at);
  }
});

it('filters by attachment, tag, tag key and description, and rejects unknown names', async () => {
  const { on, ec2 } = await start('modes');
  const node = [...on.state.nodes.values()].find((candidate) => candidate.branches.used > 0);
  const instanceId = node?.instanceId ?? '';
  const attached = await enisOf(ec2, { Name: 'attachment.instance-id', Values: [instanceId] });
  expect(new Set(attached.map((eni) => eni.NetworkInterfaceId))).toEqual(node?.eniIds);
  // Branch ENIs are not attached to the instance but tagged with it.
  const tagged = await enisOf(ec2, { Name: 'tag:node.k8s.amazonaws.com/instance_id', Values: [instanceId] });
  expect(tagged.filter((eni) => eni.InterfaceType === 'branch')).toHaveLength(node?.branches.used ?? -1);
  const trunks = await enisOf(ec2, { Name: 'tag-key', Values: ['vpcresources.k8s.aws/*'] });
  expect(trunks.every((eni) => eni.Description === 'aws-k8s-branch-eni')).toBe(true);
  expect(
    await enisOf(ec2, { Name: 'description', Values: ['aws-K8S-*'] }, { Name: 'status', Values: ['available'] }),
  ).toEqual([]);
  await expect(enisOf(ec2, { Name: 'colour', Values: ['red'] })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
  await expect(
    ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-0000'] })),
  ).rejects.toMatchObject({ name: 'InvalidNetworkInterfaceID.NotFound' });
});

it('returns instances, types with their cards, subnets and reservations', async () => {
  const { on, ec2 } = await start('troubles');
  const instances = await ec2.send(
    new DescribeInstancesCommand({
      InstanceIds: [...on.state.nodes.values()].flatMap((node) => node.instanceId ?? []).slice(0, 3),
    }),
  );
  expect(instances.Reservations?.flatMap((item) => item.Instances ?? []).map((item) => item.State?.Name)).toEqual([
    'running',
    'running',
    'running',
  ]);
  const types = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['p5.48xlarge', 'c5.metal'] }));
  const [p5, metal] = types.InstanceTypes ?? [];
  expect(p5?.NetworkInfo).toMatchObject({
    MaximumNetworkCards: 32,
    MaximumNetworkInterfaces: 64,
    Ipv4AddressesPerInterface: 50,
  });
  expect(p5?.NetworkInfo?.NetworkCards?.map((card) => card.NetworkCardIndex)).toEqual(
    Array.from({ length: 32 }, (_, index) => index),
  );
  expect([metal?.BareMetal, metal?.Hypervisor]).toEqual([true, undefined]);
  const subnets =
    (await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [on.state.vpcId] }] }))).Subnets ??
    [];
  expect(subnets).toHaveLength(on.state.ec2.subnets.size);
  const reserved = subnets.find((subnet) => subnet.Tags?.some((tag) => tag.Value === 'fragmented'));
  const reservations = await ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId: reserved?.SubnetId ?? '' }));
  expect(reservations.SubnetIpv4CidrReservations?.map((item) => [item.Cidr, item.ReservationType])).toEqual([
    ['10.91.1.240/28', 'prefix'],
  ]);
});

it('lags by ec2LagMs', async () => {
  const { on, ec2 } = await start('small');
  on.advance(60_000);
  const id = on.state.nodes.values().next().value?.primaryEni ?? '';
  on.faults.set({ ec2LagMs: 10_000 });
  on.ops.tagEni(id, { colour: 'red' });
  const tagOf = async (): Promise<boolean> => (await enisOf(ec2, { Name: 'tag:colour', Values: ['red'] })).length === 1;
  on.advance(9_000);
  expect(await tagOf()).toBe(false);
  on.advance(2_000);
  expect(await tagOf()).toBe(true);
});
