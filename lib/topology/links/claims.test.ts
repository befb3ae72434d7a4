import { expect, it } from 'vitest';
import { AT, eni, engineOf, iso, node, pod } from '../../../e2e/testing/claims';
import { claim, slice, sliceDevice } from '../../../e2e/testing/claims';
import type { ResourceClaimFact } from '../../model/facts';
import type { Observation } from '../../model/observation';

const MAC = '06:00:00:00:00:09';
const nic = eni('eni-nic', { deviceIndex: 1, mac: MAC, primaryIp: '10.0.9.4' });
const holder = pod('train', {
  ips: ['10.0.0.7'],
  claims: [{ name: 'nic', claim: 'c1', template: null, containers: [] }],
});
const face = (facts: readonly Observation[]) =>
  [...engineOf(facts).replica.records.interfaces.values()].find((one) => one.claim !== null);

const put = (kind: string, fact: { readonly name?: string; readonly namespace?: string; readonly id?: string }) =>
  ({
    op: 'upsert',
    kind,
    scope: kind,
    key: fact.id ?? (fact.namespace === '' ? fact.name : `${fact.namespace ?? ''}/${fact.name ?? ''}`),
    fact,
  }) as unknown as Observation;

const live = (id: string): Observation => ({
  op: 'status',
  source: { id, state: 'live', asOf: iso(AT), reason: null },
});
const base = [
  live('ec2/network-interfaces'),
  live('kubernetes/resourceclaims'),
  put('node', node()),
  put('eni', nic),
  put('pod', holder),
];
const told = (mac: string | null, ips: readonly string[] = []) => claim('c1', { interfaceName: 'gpu0', mac, ips });

it('links by the MAC that the driver reports: a whole ENI inside the pod', () => {
  const facts = [...base, put('resourceClaim', told(MAC, ['10.0.9.4']))];
  expect(face(facts)).toMatchObject({
    id: 'if:default/train/gpu0',
    network: 'class:nics',
    eni: 'eni-nic',
    link: { rule: 'mac', certainty: 'observed' },
    claim: { name: 'c1', whole: true },
    state: 'reported',
  });
  const record = engineOf(facts).replica.records.enis.get('eni-nic');
  expect(record).toMatchObject({ claimedBy: ['if:default/train/gpu0'], capacity: null, hostDevice: null });
});

it('links by the MAC that the slice had before the pod got the link', () => {
  const facts = [
    ...base,
    put('resourceSlice', slice([sliceDevice({ ifName: 'eth1', mac: MAC })])),
    put('resourceSlice', slice([sliceDevice({})])),
    put('resourceClaim', told(null)),
  ];
  expect(face(facts)).toMatchObject({ eni: 'eni-nic', link: { rule: 'claim-device', certainty: 'observed' } });
});

// Slices of two generations exist while a driver rewrites its pool, or if it ended in between.
it.each([
  ['the older one first', ['old', 'new'], null],
  ['the newer one first', ['new', 'old'], null],
  ['the older one deleted meanwhile', ['old', 'new', 'old is deleted'], 'eni-nic'],
  ['the newer one with the MAC, too', ['old', 'new with it', 'new'], 'eni-nic'],
  [
    'the newer one with the MAC, too, before the older one arrives',
    ['new with it', 'old with another', 'new'],
    'eni-nic',
  ],
])('links by the MAC of an older generation unless that is outdated: %s', (_, order, expected) => {
  const of = (generation: number, mac: string | null) =>
    slice([sliceDevice({ ifName: mac === null ? null : 'eth1', mac })], { generation, name: `n1-${generation}` });
  const steps: Readonly<Record<string, Observation>> = {
    old: put('resourceSlice', of(1, MAC)),
    'old with another': put('resourceSlice', of(1, '06:00:00:00:00:77')),
    new: put('resourceSlice', of(2, null)),
    'new with it': put('resourceSlice', of(2, MAC)),
    'old is deleted': { op: 'remove', kind: 'resourceSlice', scope: 'resourceSlice', key: 'n1-1', uid: null },
  };
  const facts = [...base, ...order.flatMap((step) => steps[step] ?? []), put('resourceClaim', told(null))];
  expect(face(facts)?.eni).toBe(expected);
});

it('links by address, and links nothing without evidence', () => {
  expect(face([...base, put('resourceClaim', told(null, ['10.0.9.4']))])).toMatchObject({ eni: 'eni-nic' });
  expect(face([...base, put('resourceClaim', told(null, ['10.0.9.99']))])).toMatchObject({ eni: null });
});

it('keeps the ENI on the host if a device is shared', () => {
  const { devices, status, ...rest } = told(MAC, ['10.0.9.4']);
  const shared = {
    ...rest,
    devices: devices.map((one) => ({ ...one, shareId: 's1' })),
    status: status.map((one) => ({ ...one, shareId: 's1' })),
  };
  const facts = [
    ...base,
    put('resourceSlice', slice([sliceDevice({ ifName: 'eth1', mac: MAC })])),
    put('resourceClaim', shared),
  ];
  expect(face(facts)).toMatchObject({ eni: 'eni-nic', claim: { whole: false } });
  expect(engineOf(facts).replica.records.enis.get('eni-nic')).toMatchObject({
    claimedBy: [],
    hostDevice: { name: 'eth1' },
  });
});

// A whole ENI sends from its own address: EC2 delivers nothing for any other.
it.each([
  ['whole, its own address', { virtual: false }, ['10.0.9.4'], 'eni'],
  ['whole, an address unknown to EC2', { virtual: false }, ['10.0.9.99'], 'none'],
  ['a link on top of it', { virtual: true }, ['10.0.9.99'], 'unknown'],
])('backs the address of a claimed ENI: %s', (_, more, ips, backed) => {
  const facts = [
    ...base,
    put('resourceSlice', slice([sliceDevice({ ifName: 'eth1', mac: MAC, ...more })])),
    put('resourceClaim', told(MAC, ips)),
  ];
  expect(face(facts)?.addresses.map((one) => one.backed)).toEqual([backed]);
});

it.each([
  ['10.0.9.4', 'eni'],
  ['10.0.9.99', 'none'],
])('backs a share of an ENI with the ENI’s MAC by the ENI: %s', (ip, backed) => {
  const whole = told(MAC, [ip]);
  const shared: ResourceClaimFact = {
    ...whole,
    devices: whole.devices.map((one) => ({ ...one, shareId: 's1' })),
    status: whole.status.map((one) => ({ ...one, shareId: 's1' })),
  };
  const devices = put('resourceSlice', slice([sliceDevice({ ifName: 'eth1', mac: MAC })]));
  const facts = [...base, devices, put('resourceClaim', shared)];
  expect(face(facts)).toMatchObject({ eni: 'eni-nic', claim: { whole: false }, addresses: [{ ip, backed }] });
});

it('infers an EFA-only device by the order of devices', () => {
  const facts = [
    ...base,
    put(
      'eni',
      eni('eni-efa', { deviceIndex: 1, networkCardIndex: 1, interfaceType: 'efa-only', mac: '06:00:00:00:00:0a' }),
    ),
    put('resourceSlice', slice([sliceDevice({ product: 'Elastic Fabric Adapter (EFA)', pciAddress: '0000:00:07.0' })])),
    put('resourceClaim', claim('c1', null, 'RDMAOnlyDeviceReady')),
  ];
  expect(face(facts)).toMatchObject({
    name: null,
    ips: [],
    eni: 'eni-efa',
    link: { rule: 'device-order', certainty: 'inferred' },
    claim: { kind: 'rdma' },
  });
});

it('infers one of several EFA-only devices by the PCIe root shared with a known device', () => {
  const card = (networkCardIndex: number) => ({ deviceIndex: 1, networkCardIndex, interfaceType: 'efa-only' as const });
  const EFA = 'Elastic Fabric Adapter (EFA)';
  const facts = [
    ...base,
    put('eni', eni('eni-on-1', { deviceIndex: 0, networkCardIndex: 1, mac: '06:00:00:00:01:00' })),
    put('eni', eni('eni-efa-1', { ...card(1), mac: '06:00:00:00:01:01' })),
    put('eni', eni('eni-efa-2', { ...card(2), mac: '06:00:00:00:02:01' })),
    put(
      'resourceSlice',
      slice([
        sliceDevice({ name: 'pci-0', product: EFA, pciAddress: '0000:00:05.0', pcieRoot: 'pci0000:20' }),
        sliceDevice({ product: EFA, pciAddress: '0000:00:07.0', pcieRoot: 'pci0000:10' }),
        sliceDevice({ name: 'link', ifName: 'eth9', mac: '06:00:00:00:01:00', pcieRoot: 'pci0000:10' }),
      ]),
    ),
    put('resourceClaim', claim('c1', null, 'RDMAOnlyDeviceReady')),
  ];
  // By order, it would be the other one.
  expect(face(facts)).toMatchObject({ eni: 'eni-efa-1', link: { rule: 'pcie-root', certainty: 'inferred' } });
});

it('reads only the newest generation of a pool', () => {
  const old = { ...slice([sliceDevice({ ifName: 'old9' })]), name: 'n1-old' };
  const now = slice([sliceDevice({ name: 'pci-2', ifName: 'eth2' })], { generation: 2, name: 'n1-new' });
  const { records } = engineOf([...base, put('resourceSlice', old), put('resourceSlice', now)]).replica;
  const names = [...records.hostNics.values()].map(({ name }) => name);
  expect(names).toContain('eth2');
  expect(names).not.toContain('old9');
  expect(records.nodes.get('node:n1')?.devicePools).toMatchObject([{ generation: 2, outdated: 1, devices: 1 }]);
});

it('lists links of unclaimed devices as on the host', () => {
  const facts = [...base, put('resourceSlice', slice([sliceDevice({ ifName: 'eth1', mac: MAC })]))];
  expect([...engineOf(facts).replica.records.hostNics.values()]).toMatchObject([
    { name: 'eth1', eni: 'eni-nic', certainty: 'observed', source: 'ResourceSlice' },
  ]);
});

it('treats an EFA function as a device without a link', () => {
  const efa = slice([sliceDevice({ product: 'Elastic Fabric Adapter (EFA)' })]);
  const silent = { ...claim('c1', null), status: [] };
  expect(face([...base, put('resourceSlice', efa), put('resourceClaim', silent)])?.claim?.kind).toBe('rdma');
  expect(
    face([...base, put('resourceSlice', slice([sliceDevice({})])), put('resourceClaim', silent)])?.claim?.kind,
  ).toBe('unknown');
});

it('keeps only the reason of conditions about readiness', () => {
  const condition = (type: string, status: string) => ({ type, status, reason: 'Why', message: null });
  const reasonOf = (...conditions: readonly ReturnType<typeof condition>[]) => {
    const told = claim('c1', null);
    const fact = { ...told, status: told.status.map((one) => ({ ...one, conditions })) };
    const engine = engineOf([...base, put('resourceClaim', fact)]);
    return engine.replica.records.pods.get('pod:default/train')?.claims[0]?.devices[0]?.reason;
  };
  expect(reasonOf(condition('Ready', 'True'), condition('Degraded', 'False'))).toBeNull();
  expect(reasonOf(condition('Ready', 'True'), condition('NetworkReady', 'False'))).toBe('NetworkReady: Why');
});

it('gives a pod no interface for admin access', () => {
  const one = claim('c1', null);
  const watching = { ...one, devices: one.devices.map((device) => ({ ...device, adminAccess: true })) };
  const facts = [
    ...base,
    put('resourceSlice', slice([sliceDevice({ ifName: 'eth1' })])),
    put('resourceClaim', watching),
  ];
  expect(face(facts)).toBeUndefined();
  expect(engineOf(facts).replica.records.pods.get('pod:default/train')?.claims[0]?.devices).toMatchObject([
    { adminAccess: true, interface: null, hostLink: 'eth1' },
  ]);
});

it('lists the taints of a pool’s devices', () => {
  const facts = [...base, put('resourceSlice', slice([sliceDevice({ taints: ['dra.net/down:NoSchedule'] })]))];
  expect(engineOf(facts).replica.records.nodes.get('node:n1')?.devicePools[0]?.tainted).toEqual([
    'pci-1: dra.net/down:NoSchedule',
  ]);
});
