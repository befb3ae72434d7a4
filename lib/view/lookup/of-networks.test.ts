/** Ranges of networks, and ENIs that pods use as whole devices. */
import { expect, it } from 'vitest';
import { CLAIMED, claimedEni, claimFace, claimPod } from '../../../e2e/testing/claimed';
import { face, foreignEni, hostNic, ipPool, network, node, pod, world } from '../../../e2e/testing/findings';
import { lookup } from './lookup';

it('finds an address in a range between two addresses, and the range itself', () => {
  const part = world([
    network('part', {
      ipam: { type: 'host-local', ranges: ['10.7.0.20-10.7.0.30'], used: 0, size: 11, gateways: [], routes: [] },
    }),
  ]);
  expect(lookup(part, '10.7.0.25').hits.map(({ text }) => text)).toEqual([
    '10.7.0.25 · in the range 10.7.0.20-10.7.0.30 of network core/part · no known holder',
  ]);
  expect(lookup(part, '10.7.0.31').hits).toEqual([]);
  expect(lookup(part, '10.7.0.0/24').hits.map(({ text }) => text)).toEqual([
    '10.7.0.20-10.7.0.30 · range of network core/part',
  ]);
  expect(lookup(part, '10.8.0.0/24').hits).toEqual([]);
});

it('finds a pod by the MAC of an ENI that it uses as a whole, although its driver reports no MAC', () => {
  const claimed = world([node(), claimPod(), claimedEni({ mac: '02:00:00:00:00:77' }), claimFace({ mac: null })]);
  expect(lookup(claimed, '02:00:00:00:00:77').hits.map(({ kind, id }) => [kind, id])).toEqual([
    ['eni', 'eni-0000000000000000f'],
    ['interface', CLAIMED],
  ]);
});

it('lists the pods that claim an ENI as a whole', () => {
  const shared = ['w0', 'w1', 'w2', 'w3'].map((name) => `if:core/${name}/~efa`);
  const text = (claimedBy: readonly string[]) =>
    lookup(world([node(), claimedEni({ claimedBy })]), 'eni-0000000000000000f').hits[0]?.text;
  expect(text([CLAIMED])).toMatch(/^eni-0000000000000000f · claimed as a whole by pod core\/p1 · .*node n1$/);
  expect(text(shared)).toMatch(/pod core\/w0 · .*pod core\/w2 · and 1 other pod · /);
});

it('finds the pod that claims a device by the driver’s name for it, otherwise the ENI itself', () => {
  const kinds = (records: Parameters<typeof world>[0], name: string) =>
    lookup(world(records), name).hits.map(({ kind, id }) => `${kind} ${id}`);
  const device = 'pci-0000-20-01-0';
  expect(kinds([node(), claimPod(), claimedEni(), claimFace()], device)).toEqual([`interface ${CLAIMED}`]);
  expect(kinds([node(), claimedEni({ claimedBy: [] })], device)).toEqual(['eni eni-0000000000000000f']);
  expect(kinds([node(), claimedEni({ claimedBy: [] })], '0000:20:01.0')).toEqual(['eni eni-0000000000000000f']);
  expect(kinds([node(), hostNic('ens6', { pciAddress: '0000:20:01.0' })], device)).toEqual(['host-nic nic:n1/ens6']);
  expect(kinds([node(), hostNic('ens6', { pciAddress: '0000:20:01.0' })], 'pci-0000-20-02-0')).toEqual([]);
});

it('finds the pod whose annotation names a branch ENI that EC2 no longer has', () => {
  const GONE = 'eni-0deadbeef00000001';
  expect(lookup(world([node(), pod('a', { podEni: [GONE] })]), GONE).hits.map(({ id }) => id)).toContain('pod:core/a');
});

it('finds a pod by the RDMA device of its claimed device', () => {
  const efa = claimFace();
  const claim = efa.claim === null ? null : { ...efa.claim, rdmaDevice: 'rdmap0s30' };
  const { hits } = lookup(world([node(), claimPod(), claimedEni(), { ...efa, claim }]), 'rdmap0s30');
  expect(hits.map(({ id }) => id)).toEqual([CLAIMED]);
});

it('ignores the prefix length of an address if an interface has the address', () => {
  const records = world([
    node(),
    network(),
    pod('p1'),
    face('net1', { podName: 'p1', ips: ['10.6.0.14', 'fd00::14'] }),
  ]);
  const asked = (query: string) => lookup(records, query).asked;
  expect(lookup(records, '10.6.0.14/24').hits[0]?.text).toMatch(/^10\.6\.0\.14 · .*pod core\/p1/);
  expect(lookup(records, 'FD00::14/64').hits[0]?.text).toMatch(/pod core\/p1/);
  expect([asked('10.6.0.15/24'), asked('10.6.0.0/24'), asked('10.6.0.14/24')]).toEqual(['range', 'range', 'address']);
});

it('lists the pods with interfaces on an ENI that ipamd does not manage', () => {
  const kept = foreignEni({ claimedBy: [] });
  const text = (pods: readonly string[]) =>
    lookup(
      world([
        node(),
        network(),
        kept,
        ...pods.flatMap((name) => [pod(name), face('net1', { podName: name, eni: kept.id })]),
      ]),
      kept.id,
    ).hits[0]?.text;
  expect(text(['p1'])).toMatch(/used by pod core\/p1 · /);
  expect(text(['p1', 'p2', 'p3', 'p4'])).toMatch(/used by pod core\/p3 · and 1 other pod · /);
  expect(text([])).not.toMatch(/used by/);
});

it.each([
  ['net-attach-def/ipvlan-a', 'net:core/ipvlan-a'],
  ['network-attachment-definition.k8s.cni.cncf.io/ipvlan-a', 'net:core/ipvlan-a'],
  ['ippool.whereabouts.cni.cncf.io/10.6.0.0-24', 'pool:kube-system/10.6.0.0-24'],
  ['vmi/db', 'pod:core/virt-launcher-db-x7'],
  ['virtualmachine.kubevirt.io/db', 'pod:core/virt-launcher-db-x7'],
  // lspci leaves the domain 0000 out.
  ['3b:02.1', 'if:core/virt-launcher-db-x7/net1'],
  // A namespace may be called like a kind.
  ['vm/a', 'pod:vm/a'],
])('finds %s in the notation of kubectl and lspci', (text, id) => {
  const launcher = pod('virt-launcher-db-x7', { owner: { kind: 'VirtualMachineInstance', name: 'db' } });
  const device = { type: 'pci', pciAddress: '0000:3b:02.1', pfPciAddress: null, vhostNet: false, rdmaDevice: null };
  const all = world([
    node(),
    network(),
    ipPool(),
    launcher,
    face('net1', { podName: 'virt-launcher-db-x7', device }),
    { ...pod('a'), id: 'pod:vm/a', namespace: 'vm' },
  ]);
  expect(lookup(all, text).hits.map((one) => one.id)).toContain(id);
});
