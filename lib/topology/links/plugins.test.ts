/**
 * Every plugin type with a pod, through the engine: the resulting network, interface and attachment (multus §2.2, §3.5).
 * `ours`: the interface reports an address and the MAC of the ENI at eth1. `alien`: EC2 knows neither, so only the config
 * is evidence. The node runs Amazon Linux 2, where eth1 is usually device 1.
 */
import { describe, expect, it } from 'vitest';
import { PLUGINS } from '../../cni/registry';
import {
  awsNode,
  engineOf,
  eni,
  entry,
  get,
  nad,
  node,
  ownEni,
  pod,
  selection,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';

const MAC = '06:00:00:00:00:01';
const REPORTED = {
  ours: { ips: ['10.1.0.5'], mac: MAC },
  alien: { ips: ['10.9.0.5'], mac: '0a:58:0a:09:00:05' },
};
const CLUSTER = [
  upsert('node', node('n1')),
  upsert('pod', awsNode()),
  upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.4', mac: '06:00:00:00:00:00' })),
  upsert(
    'eni',
    eni('eni-1', { deviceIndex: 1, subnet: 'subnet-2', primaryIp: '10.1.0.4', secondaryIps: ['10.1.0.5'], mac: MAC }),
  ),
  upsert('subnet', subnet()),
  upsert('subnet', subnet('subnet-2', { cidr: '10.1.0.0/24' })),
];
const STATIC = { ipam: { type: 'static' } };

interface Row {
  readonly config: object;
  readonly resource?: string;
  /** Kind and value of the network's parent. */
  readonly parent: string;
  /** Rule, certainty and ENI of the interface's link. */
  readonly ours: string;
  readonly alien: string;
}

const NOTHING = 'none unknown -';
const unresolved = (config: object, parent: string): Row => ({ config, parent, ours: NOTHING, alien: NOTHING });

const MAIN: Readonly<Record<string, Row>> = {
  ipvlan: {
    config: { master: 'eth1', ...STATIC },
    parent: 'host-device eth1',
    ours: 'mac observed eni-1',
    alien: 'name-heuristic inferred eni-1',
  },
  // It has its own MAC, so an ENI's MAC proves nothing; nor does an address that an ENI happens to have.
  macvlan: {
    config: { master: 'eth1' },
    parent: 'host-device eth1',
    ours: 'subnet inferred eni-1',
    alien: 'name-heuristic inferred eni-1',
  },
  vlan: {
    config: { master: 'eth1', vlanId: 5, ...STATIC },
    parent: 'host-device eth1',
    ours: 'mac observed eni-1',
    alien: 'name-heuristic inferred eni-1',
  },
  'host-device': {
    config: { device: 'eth1' },
    parent: 'host-device eth1',
    ours: 'mac observed eni-1',
    alien: 'name-heuristic inferred eni-1',
  },
  sriov: {
    config: {},
    resource: 'intel.com/nic',
    parent: 'resource intel.com/nic',
    ours: 'mac observed eni-1',
    alien: NOTHING,
  },
  'ib-sriov': {
    config: {},
    resource: 'nvidia.com/ib',
    parent: 'resource nvidia.com/ib',
    ours: 'mac observed eni-1',
    alien: NOTHING,
  },
  bridge: unresolved({ bridge: 'eth1' }, 'bridge eth1'),
  ovs: unresolved({ bridge: 'eth1' }, 'bridge eth1'),
  ptp: unresolved(STATIC, 'none -'),
  tap: unresolved({}, 'none -'),
  dummy: unresolved(STATIC, 'none -'),
  loopback: unresolved({}, 'none -'),
  bond: unresolved(
    { mode: 'active-backup', miimon: '100', linksInContainer: true, links: [{ name: 'net1' }, { name: 'net2' }] },
    'container-link net1,net2',
  ),
  userspace: unresolved({ host: { engine: 'vpp', iftype: 'memif' } }, 'none -'),
  flannel: unresolved({}, 'none -'),
  calico: unresolved({}, 'none -'),
  'cilium-cni': unresolved({}, 'none -'),
  'weave-net': unresolved({}, 'none -'),
  'kube-ovn': unresolved({}, 'none -'),
  'ovn-k8s-cni-overlay': unresolved({ topology: 'layer2' }, 'none -'),
  'aws-cni': { config: {}, parent: 'none -', ours: 'secondary-ip observed eni-1', alien: NOTHING },
};

function derive(config: object, resourceName: string | null, reported: keyof typeof REPORTED) {
  const engine = engineOf([
    ...CLUSTER,
    upsert('nad', nad('net', { cniVersion: '1.0.0', name: 'net', ...config }, { resourceName })),
    upsert(
      'pod',
      pod('a', {
        ips: ['10.0.0.9'],
        requested: [selection('net')],
        reported: [entry('default/net', { interface: 'net1', ...REPORTED[reported] })],
      }),
    ),
  ]);
  return {
    network: get(engine, 'networks', 'net:default/net'),
    face: get(engine, 'interfaces', 'if:default/a/net1'),
    attachment: get(engine, 'attachments', 'att:n1/default/net'),
  };
}

const linkOf = ({ eni: id, link }: ReturnType<typeof derive>['face']): string =>
  `${link.rule} ${link.certainty} ${id ?? '-'}`;

describe.each(Object.entries(MAIN))('%s', (type, row) => {
  it.each(['ours', 'alien'] as const)('whose interface reports values that are %s', (reported) => {
    const { network, face, attachment } = derive({ type, ...row.config }, row.resource ?? null, reported);
    expect(`${network.parent.kind} ${network.parent.value ?? '-'}`).toBe(row.parent);
    expect(network).toMatchObject({ plugins: [type], mainPlugin: 0, missing: false, podCount: 1 });
    expect(network.faults.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(network.description).not.toBe('');
    expect(linkOf(face)).toBe(row[reported]);
    expect(face.link.evidence).not.toBe('');
    expect(face.link.evidence).not.toMatch(/[^.] No host NIC/);
    // The attachment has the link of its interface, or the config's if the interface has no ENI.
    if (face.eni !== null) {
      expect([attachment.eni, attachment.rule, attachment.certainty]).toEqual([
        face.eni,
        face.link.rule,
        face.link.certainty,
      ]);
    } else expect(attachment.certainty).not.toBe('observed');
  });
});

const META = PLUGINS.filter(({ kind }) => kind === 'meta').map(({ type }) => type);
const SETTINGS: Readonly<Record<string, object>> = { vrf: { vrfname: 'blue' } };

describe.each(META)('%s behind ipvlan', (type) => {
  it('does not change the parent of the network', () => {
    const plugins = [
      { type: 'ipvlan', master: 'eth1', ...STATIC },
      { type, ...SETTINGS[type] },
    ];
    const { network, face } = derive({ plugins }, null, 'ours');
    expect(network).toMatchObject({
      plugins: ['ipvlan', type],
      mainPlugin: 0,
      parent: { kind: 'host-device', value: 'eth1' },
    });
    expect(network.faults.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(linkOf(face)).toBe('mac observed eni-1');
  });
});

it('every plugin type is covered', () => {
  expect([...Object.keys(MAIN), ...META].sort()).toEqual(PLUGINS.map(({ type }) => type).sort());
});
