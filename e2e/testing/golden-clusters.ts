/** The clusters behind the golden pictures, each for one aspect of the picture. Test data only. */
import { cni, createCluster, pool, type Cluster } from './layout';

const UNMANAGED = {
  management: { state: 'unmanaged', rule: 'no-manage-tag', certainty: 'observed', observed: false },
  creator: 'other',
} as const;
const SLOTS = { limit: 3, used: 3, unmanaged: 1, reserved: 0, free: 0 };

/** A full node, an unmanaged ENI, a pod with two interfaces, one of them inferred, and waiting pods. */
function telco(): Cluster {
  const name = 'ip-10-0-1-17.internal';
  const made = createCluster()
    .network('core', 'n6')
    .node(name, { pools: [pool(6, 2, 1, 12)], headroom: { pods: 0, limitedBy: 'slots' } })
    .card(name, 0, { eniSlots: SLOTS })
    .node('ip-10-0-1-18.internal', { ready: false, unschedulable: true, pools: [pool(0, 0, 0, null)] })
    .eni(name, {
      id: 'eni-0aaaaaaaaaaaaaa01',
      states: 'paawacax?',
      hostDevice: { name: 'ens5', certainty: 'observed' },
    })
    .eni(name, {
      id: 'eni-0bbbbbbbbbbbbbb02',
      deviceIndex: 1,
      states: 'pau',
      net: '10.6.0',
      hostDevice: { name: 'ens6', certainty: 'inferred' },
      ...UNMANAGED,
    })
    .eni(name, {
      id: 'eni-0cccccccccccccc03',
      deviceIndex: 2,
      states: 'paaa',
      net: '10.0.2',
      management: { state: 'managed', rule: 'untagged-adopted', certainty: 'observed', observed: true },
    })
    .pod(name, 'core', 'upf-0', { ips: ['10.0.1.11'] })
    .iface('core', 'upf-0', 'eth0', { ip: '10.0.1.11', eni: 'eni-0aaaaaaaaaaaaaa01', card: 0 })
    .iface('core', 'upf-0', 'net1', {
      ip: '10.6.0.11',
      eni: 'eni-0bbbbbbbbbbbbbb02',
      card: 0,
      network: 'net:core/n6',
      link: { rule: 'name-heuristic', certainty: 'inferred', evidence: 'name rule', candidates: [] },
    })
    .iface('core', 'upf-0', 'net2', { network: 'net:core/n4', state: 'requested' })
    .finding(
      'error',
      'parent-interface-missing',
      ['if:core/upf-0/net2', 'pod:core/upf-0', `node:${name}`],
      'no parent',
      'no ens9 here',
    )
    .finding('error', 'eni-adopted', ['eni-0cccccccccccccc03', `node:${name}`])
    .pod(name, 'shop', 'cart-<0>', { phase: 'Pending', startedAt: '2026-11-21T06:00:00Z' })
    .iface('shop', 'cart-<0>', 'eth0', { state: 'requested' })
    .finding(
      'error',
      'pod-ip-failed',
      ['pod:shop/cart-<0>', `node:${name}`],
      'Waits: no address could be assigned',
      'It cannot start; most likely because every slot on every attachable ENI of the node is taken.',
    );
  return made.fill(name, 'eni-0aaaaaaaaaaaaaa01', 'shop', 'web').fill(name, 'eni-0cccccccccccccc03', 'shop', 'api');
}

/** Prefix mode, IPv6, a trunk with branches. */
function modes(): Cluster {
  const made = createCluster()
    .node('a-prefix', { cni: cni({ mode: 'prefix' }), pools: [pool(2, 30, 0, 16)] })
    .card('a-prefix', 0, { eniSlots: { limit: 3, used: 1, unmanaged: 0, reserved: 0, free: 2 } })
    .eni('a-prefix', {
      id: 'eni-0dddddddddddddd04',
      addressCapacity: 144,
      prefixes: [
        { cidr: '10.0.4.16/28', size: 16, assigned: 2 },
        { cidr: '10.0.4.32/28', size: 16, assigned: 0 },
      ],
      addresses: [
        { ip: '10.0.4.10', state: 'primary', interface: null },
        { ip: '10.0.4.16', state: 'assigned', interface: null },
        { ip: '10.0.4.20', state: 'assigned', interface: null },
      ],
    })
    .node('b-ipv6', { cni: cni({ mode: 'ipv6' }) })
    .card('b-ipv6', 0)
    .eni('b-ipv6', { id: 'eni-0eeeeeeeeeeeeee05', prefixes: [{ cidr: 'fd00:0:0:1::/80', size: null, assigned: 3 }] })
    .node('c-trunk', { branch: { limit: 9, used: 2 }, pools: [pool(0, 2, 0, 2)] })
    .card('c-trunk', 0)
    .eni('c-trunk', { id: 'eni-0ffffffffffffff06', states: 'pww' })
    .eni('c-trunk', {
      id: 'eni-01111111111111107',
      deviceIndex: 1,
      role: 'trunk',
      interfaceType: 'trunk',
      management: { state: 'managed', rule: 'trunk', certainty: 'observed', observed: true },
    });
  ['pay-0', 'pay-1'].forEach((pod, index) =>
    made.eni('c-trunk', {
      id: `eni-0222222222222220${index}`,
      role: 'branch',
      trunk: 'eni-01111111111111107',
      vlan: index + 1,
      branchPod: `pod:pay/${pod}`,
      card: null,
      deviceIndex: null,
      states: 'a',
    }),
  );
  return made;
}

/** EC2 denied, a ghost, Fargate, bare metal, and the shelf. */
function missing(): Cluster {
  const made = createCluster()
    .source('ec2/network-interfaces', 'denied', '2026-11-21T06:02:00Z', 'AccessDenied')
    .node('denied')
    .pod('denied', 'shop', 'web-0', { ips: ['10.0.7.4'] })
    .iface('shop', 'web-0', 'eth0', { ip: '10.0.7.4' })
    .node('ghost', { gone: true, ready: null, instanceState: 'terminated' })
    .pod('ghost', 'shop', 'queue-1', { deleting: true, ips: ['10.0.1.166'] })
    .node('metal', { computeType: 'other', instanceId: null, instanceType: 'R750', cni: null })
    .nic('metal', 'ens1f0', { vfs: { total: 4, used: 4 } })
    .nic('metal', 'ens2f0', { up: false, vfs: { total: 0, used: 0 } })
    .pod('metal', 'ran', 'du-0', { ips: ['10.244.1.4'] })
    .iface('ran', 'du-0', 'net1', { ip: '192.168.4.4', network: 'net:ran/f1', hostNic: 'nic:metal/ens1f0' })
    .eni(null, { id: 'eni-03333333333333308', status: 'available' })
    .finding('warning', 'eni-leaked', ['eni-03333333333333308']);
  for (let index = 0; index < 3; index++) {
    const name = `fargate-${index}`;
    made.node(name, { computeType: 'fargate', instanceId: null, instanceType: null, cni: null });
    if (index < 2)
      made
        .pod(name, 'batch', `job-${index}`, { ips: [`10.0.9.${index}`] })
        .iface('batch', `job-${index}`, 'eth0', { ip: `10.0.9.${index}` });
  }
  return made;
}

/** Many cards: a matrix by index; equal ones without addresses form one region. */
function matrix(): Cluster {
  const made = createCluster().node('p5', { instanceType: 'p5.48xlarge', pools: [pool(4, 6, 0, 6)] });
  for (let index = 0; index < 32; index++) {
    const addressed = index < 8;
    made.card('p5', index, { managed: addressed });
    made.eni('p5', {
      id: `eni-04444444444444${String(index).padStart(3, '0')}`,
      card: index,
      ...(addressed ? { states: 'paaaww' } : { role: 'efa-only' as const, interfaceType: 'efa-only', states: '' }),
    });
  }
  return made;
}

const NO_LIST = {
  management: { state: 'outside', rule: 'card-not-managed', certainty: 'observed', observed: null },
  creator: 'other',
} as const;

/**
 * An ENI with its pod inside, one that is free for claims, an EFA shared by two pods, and pods with virtual functions.
 */
function claims(): Cluster {
  const device = { driver: 'dra.net', kind: 'network', whole: true, pods: 1, rdmaDevice: null } as const;
  const made = createCluster()
    .deviceClass('nics')
    .deviceClass('efa')
    .deviceClass('functions')
    .node('train-0', { instanceType: 'p4d.24xlarge', pools: [pool(3, 4, 0, 4)] })
    .card('train-0', 0, { eniSlots: { limit: 15, used: 1, unmanaged: 0, reserved: 0, free: 14 } })
    .card('train-0', 1, { managed: false })
    .card('train-0', 2, { managed: false })
    .card('train-0', 3, { managed: false })
    .eni('train-0', { id: 'eni-0aaaaaaaaaaaaaa11', states: 'paaawwww', capacity: 14 })
    .eni('train-0', {
      id: 'eni-0bbbbbbbbbbbbbb12',
      card: 1,
      deviceIndex: 0,
      states: 'a',
      net: '10.7.1',
      capacity: null,
      claimedBy: ['if:ml/rank-0/nic0'],
      ...NO_LIST,
    })
    .eni('train-0', {
      id: 'eni-0cccccccccccccc13',
      card: 2,
      deviceIndex: 0,
      states: 'p',
      net: '10.7.2',
      offeredBy: ['dra.net/pci-0000-40-01-0'],
      hostDevice: { name: 'enp64s1', certainty: 'observed' },
      ...NO_LIST,
    })
    .eni('train-0', {
      id: 'eni-0dddddddddddddd14',
      card: 3,
      deviceIndex: 0,
      states: '',
      role: 'efa-only',
      interfaceType: 'efa-only',
      capacity: null,
      claimedBy: ['if:ml/exchange-0/~efa', 'if:ml/exchange-1/~efa'],
      offeredBy: ['dra.net/pci-0000-90-01-0'],
      ...NO_LIST,
    })
    .pod('train-0', 'ml', 'rank-0', { ips: ['10.0.1.11'] })
    .iface('ml', 'rank-0', 'eth0', { ip: '10.0.1.11', eni: 'eni-0aaaaaaaaaaaaaa11', card: 0 })
    .iface('ml', 'rank-0', 'nic0', {
      ip: '10.7.1.10',
      eni: 'eni-0bbbbbbbbbbbbbb12',
      card: 1,
      network: 'class:nics',
      claim: { ...device, name: 'rank-0-nic', device: 'pci-0000-20-01-0' },
    });
  for (const pod of ['exchange-0', 'exchange-1'])
    made.pod('train-0', 'ml', pod).iface('ml', pod, '~efa', {
      name: null,
      eni: 'eni-0dddddddddddddd14',
      card: 3,
      network: 'class:efa',
      claim: { ...device, name: 'fabric', device: 'pci-0000-90-01-0', kind: 'rdma', pods: 2 },
      link: { rule: 'device-order', certainty: 'inferred', evidence: 'by the order of devices', candidates: [] },
    });
  return made
    .fill('train-0', 'eni-0aaaaaaaaaaaaaa11', 'ml', 'tracker')
    .node('lab-0', { computeType: 'other', instanceId: null, instanceType: null, cni: null })
    .nic('lab-0', 'ens1f0', { vfs: { total: 4, used: 1 }, source: 'ResourceSlice' })
    .pod('lab-0', 'lab', 'dpdk-0', { ips: ['10.244.1.4'] })
    .iface('lab', 'dpdk-0', 'net1', {
      network: 'class:functions',
      hostNic: 'nic:lab-0/ens1f0',
      device: { type: 'pci', pciAddress: '0000:3b:01.0' },
      claim: { ...device, name: 'vf', driver: 'sriov', device: '0000-3b-01-0', whole: false },
    });
}

export const GOLDEN_CLUSTERS = { telco, modes, missing, matrix, claims } as const;
