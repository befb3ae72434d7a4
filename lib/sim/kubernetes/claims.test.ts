/** resource.k8s.io over HTTP: which versions are served, and how a device's slice and claim describe it while a pod has it. */
import { afterEach, expect, it } from 'vitest';
import { claims } from '../../../e2e/scenes/claims';
import { get } from '../../../e2e/testing/sim-client';
import { createManualClock } from '../../../e2e/testing/sim/manual-clock';
import { must } from '../model/must';
import { NIC_CLASS } from '../scenes/base/claims';
import type { Scene } from '../scenes/base/scene';
import { startTestSim, type TestSim } from '../../../e2e/testing/sim/sim';

let sim: TestSim | null = null;
const start = async (change: Partial<Scene> = {}): Promise<TestSim> =>
  (sim = await startTestSim({ scene: { ...claims, ...change }, clock: createManualClock() }));
afterEach(async () => {
  await sim?.stop();
  sim = null;
});

type Fields = Readonly<Record<string, unknown>>;
const items = async (on: TestSim, path: string): Promise<readonly Fields[]> =>
  ((await (await get(on, `/apis/resource.k8s.io/${path}`)).json()) as { readonly items: readonly Fields[] }).items;

it.each([
  ['v1.35.3', undefined, ['v1']],
  ['v1.34.0', undefined, ['v1']],
  ['v1.33.5', undefined, []],
  ['v1.33.5', ['v1beta2', 'v1beta1'], ['v1beta2', 'v1beta1']],
] as const)('Kubernetes %s with %j serves %j', async (kubernetesVersion, resourceVersions, served) => {
  const on = await start({ kubernetesVersion, ...(resourceVersions === undefined ? {} : { resourceVersions }) });
  const groups = (await (await get(on, '/apis')).json()) as {
    readonly groups: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[];
  };
  const group = groups.groups.find(({ name }) => name === 'resource.k8s.io');
  expect(group?.versions.map(({ version }) => version) ?? []).toEqual(served);
  for (const version of ['v1', 'v1beta2', 'v1beta1']) {
    const { status } = await get(on, `/apis/resource.k8s.io/${version}/resourceclaims`);
    expect(status).toBe(served.some((one) => one === version) ? 200 : 404);
  }
});

it.each([
  ['v1', 'exactly', 'attributes'],
  ['v1beta2', 'exactly', 'attributes'],
  ['v1beta1', 'deviceClassName', 'basic'],
])('objects of %s have %s and %s', async (version, request, device) => {
  const on = await start({ resourceVersions: [version] });
  const [claim] = await items(on, `${version}/resourceclaims`);
  const [slice] = await items(on, `${version}/resourceslices`);
  expect(claim).toMatchObject({ apiVersion: `resource.k8s.io/${version}`, spec: { devices: { requests: [{}] } } });
  const { requests } = (claim?.['spec'] as { devices: { requests: readonly Fields[] } }).devices;
  const { devices } = slice?.['spec'] as { devices: readonly Fields[] };
  expect(Object.keys(requests[0] ?? {})).toContain(request);
  expect(Object.keys(devices[0] ?? {})).toEqual(['name', device]);
});

it('selects slices by driver and by node', async () => {
  const on = await start();
  const all = await items(on, 'v1/resourceslices');
  const drivers = new Set(all.map(({ spec }) => (spec as { driver: string }).driver));
  expect(drivers.size).toBe(3);
  const dranet = await items(on, 'v1/resourceslices?fieldSelector=spec.driver%3Ddra.net');
  expect(new Set(dranet.map(({ spec }) => (spec as { driver: string }).driver))).toEqual(new Set(['dra.net']));
  const [first] = dranet;
  const { nodeName } = first?.['spec'] as { nodeName: string };
  const onNode = await items(on, `v1/resourceslices?fieldSelector=spec.nodeName%3D${nodeName}`);
  expect(onNode).toHaveLength(2);
});

it('removes the MAC from the slice while a pod has the link, and restores it', async () => {
  const on = await start();
  const [node] = [...on.state.nodes.values()].filter(({ devices }) =>
    devices.some(({ link, claim }) => link !== null && claim === null),
  );
  const device = must(
    node?.devices.find(({ link, claim, driver }) => link !== null && claim === null && driver === 'dra.net'),
    'device',
  );
  const onHost = async (): Promise<unknown> => {
    const selector = `fieldSelector=spec.driver%3Ddra.net,spec.nodeName%3D${node?.facts.name ?? ''}`;
    const slices = await items(on, `v1/resourceslices?${selector}`);
    const devices = slices.flatMap(({ spec }) => (spec as { devices: readonly Fields[] }).devices);
    const found = must(
      devices.find(({ name }) => name === device.name),
      device.name,
    );
    return (found['attributes'] as Fields)['dra.net/mac'];
  };
  expect(await onHost()).toEqual({ string: device.link?.mac });
  const pod = on.ops.createPod({
    namespace: 'training',
    name: 'one',
    app: 'one',
    node: node?.facts.name ?? '',
    claims: [{ name: 'nic', requests: [{ name: 'nic', deviceClass: NIC_CLASS }] }],
  });
  expect(await onHost()).toBeUndefined();
  const [made] = pod.claims;
  const claim = (await items(on, 'v1/resourceclaims')).find(
    ({ metadata }) => (metadata as { name: string }).name === made?.claim,
  );
  expect(claim).toMatchObject({
    metadata: { ownerReferences: [{ kind: 'Pod', name: 'one' }] },
    status: {
      allocation: { devices: { results: [{ driver: 'dra.net', device: device.name }] } },
      reservedFor: [{ resource: 'pods', name: 'one', uid: pod.uid }],
      devices: [{ networkData: { hardwareAddress: device.link?.mac, ips: device.link?.ips } }],
    },
  });
  on.ops.deletePod('training/one');
  expect(await onHost()).toEqual({ string: device.link?.mac });
  expect(on.state.claims.has(`training/${made?.claim ?? ''}`)).toBe(false);
});

it('keeps a shared claim until its last pod is deleted', async () => {
  const on = await start();
  const claim = must(on.state.claims.get('training/fabric-0'), 'claim');
  expect(claim.pods.size).toBe(2);
  on.ops.deletePod('training/exchange-0-0');
  expect([claim.pods.size, claim.node === null]).toEqual([1, false]);
  on.ops.finishPod('training/exchange-0-1');
  expect([claim.pods.size, claim.node, claim.devices]).toEqual([0, null, []]);
});

it('removes the slices of a node with the node', async () => {
  const on = await start();
  const node = must(
    [...on.state.nodes.values()].find(({ devices }) => devices.length > 0),
    'node',
  ).facts.name;
  on.ops.deleteNode(node);
  expect(await items(on, `v1/resourceslices?fieldSelector=spec.nodeName%3D${node}`)).toEqual([]);
});
