import { describe, expect, it } from 'vitest';
import type { HostLink } from '../../model/facts';
import {
  awsNode,
  engineOf,
  entry,
  get,
  nad,
  node,
  pod,
  selection,
  status,
  upsert,
  eni,
} from '../../../e2e/testing/facts';
import { LAN, IPVLAN, net1, SECOND_LAN, base } from '../../../e2e/testing/lan-node';

const LINK: HostLink = {
  name: 'ens7',
  altNames: ['lan0'],
  mac: '06:00:00:00:00:01',
  pciAddress: '0000:00:07.0',
  up: true,
  mtu: null,
  over: [],
  totalVfs: 4,
  vfs: [{ pciAddress: '0000:00:08.1', name: null, mac: null }],
  eni: null,
  kind: 'ether',
};
const inventory = (more: Partial<HostLink> = {}) =>
  upsert('sriovNodeState', {
    namespace: 'sriov',
    name: 'n1',
    uid: 's',
    createdAt: null,
    deleting: false,
    source: 'SriovNetworkNodeState',
    failure: null,
    node: 'n1',
    asOf: null,
    links: [{ ...LINK, ...more }],
  });

describe('an interface of a NAD', () => {
  it.each([
    ['by its name', { ...IPVLAN, master: 'ens7' }, {}, 'host-inventory'],
    ['by another of its names', { ...IPVLAN, master: 'lan0' }, {}, 'host-inventory'],
    ['by PCI address', { cniVersion: '0.3.1', type: 'host-device', pciBusID: '0000:00:07.0' }, {}, 'host-inventory'],
    [
      'by the virtual function that the pod got',
      { cniVersion: '0.3.1', type: 'sriov' },
      { device: { type: 'pci', pciAddress: '0000:00:08.1', pfPciAddress: null } },
      'device-info',
    ],
  ])('3: an inventory identifies the link %s', (_what, config, reported, rule) => {
    const { face } = net1(
      [...base({ osImage: 'Amazon Linux 2023.8' }), upsert('eni', LAN()), inventory()],
      config,
      reported,
    );
    expect(face).toMatchObject({ eni: 'eni-1', hostNic: 'nic:n1/ens7', link: { rule, certainty: 'observed' } });
    expect(face.link.evidence).not.toContain('ens7 as ens7');
  });

  it('3: on bare metal, the host link is the end of the path', () => {
    const metal = [upsert('node', node('n1', { computeType: 'other', instanceId: null }))];
    const vf = { device: { type: 'pci', pciAddress: '0000:00:08.1', pfPciAddress: null } };
    const { face, attachment } = net1(
      [...metal, inventory()],
      { cniVersion: '0.3.1', type: 'sriov' },
      { ...vf, ips: ['10.9.0.1'] },
    );
    expect(face).toMatchObject({
      eni: null,
      hostNic: 'nic:n1/ens7',
      link: { rule: 'device-info', certainty: 'observed' },
      addresses: [{ backed: 'not-applicable' }],
    });
    expect(attachment).toMatchObject({ eni: null, hostNic: 'nic:n1/ens7' });
    const named = net1(metal, { ...IPVLAN, master: 'eno2' }, {});
    expect(named.face).toMatchObject({
      hostNic: 'nic:n1/eno2',
      link: { rule: 'name-heuristic', certainty: 'inferred' },
    });
  });

  it('6: slot names are only candidates, and eth names prove nothing where links are named after slots', () => {
    const al2023 = [...base({ osImage: 'Amazon Linux 2023.8' }), upsert('eni', LAN())];
    expect(net1(al2023, { ...IPVLAN, master: 'ens6' }, {}).face).toMatchObject({
      eni: null,
      link: { rule: 'none', certainty: 'unknown', candidates: ['eni-1'] },
    });
    expect(net1(al2023, IPVLAN, {}).face).toMatchObject({ eni: null, link: { candidates: [] } });
  });
});

describe('an interface of a NAD', () => {
  it.each([
    ['Amazon Linux 2', 'eth1', 'eni-n', 'name-heuristic inferred', []],
    // A slot name is only a candidate.
    ['Amazon Linux 2023.5', 'ens6', null, 'none unknown', ['eni-n']],
    ['Amazon Linux 2', 'eth5', null, 'none unknown', []],
  ] as const)(
    '4.6: a NodeENI identifies the ENI while EC2 does not answer: %s, %s',
    (osImage, master, id, rule, candidates) => {
      const engine = engineOf([
        upsert('node', node('n1', { osImage })),
        upsert('pod', awsNode()),
        upsert('nad', nad('lan', { ...IPVLAN, master })),
        upsert('nodeEni', {
          namespace: '',
          name: 'multus',
          uid: 'u',
          createdAt: null,
          deleting: false,
          attachments: [{ node: 'n1', instanceId: null, eni: 'eni-n', deviceIndex: 1, subnet: 'subnet-2' }],
        }),
        upsert(
          'pod',
          pod('a', {
            requested: [selection('lan')],
            reported: [entry('default/lan', { interface: 'net1', ips: ['10.1.0.5'] })],
          }),
        ),
        status('ec2/network-interfaces', 'denied', null),
      ]);
      const face = get(engine, 'interfaces', 'if:default/a/net1');
      // Only its id is known: neither card nor record.
      expect(face).toMatchObject({ eni: id, card: null, link: { candidates } });
      expect(`${face.link.rule} ${face.link.certainty}`).toBe(rule);
      expect(get(engine, 'attachments', 'att:n1/default/lan').eni).toBe(id);
      expect(engine.replica.records.enis.size).toBe(0);
      expect(get(engine, 'nodes', 'node:n1').eniSlots.used).toBeNull();
    },
  );

  it('9: the same network is on different ENIs on different nodes', () => {
    const engine = engineOf([
      ...base(),
      upsert('eni', LAN()),
      upsert('node', node('n2', { instanceId: 'i-2', osImage: 'Bottlerocket OS 1.44.0' })),
      upsert('pod', awsNode({}, 'n2')),
      upsert('eni', eni('eni-8', { instanceId: 'i-2', deviceIndex: 1 })),
      upsert('nad', nad('lan', IPVLAN)),
      upsert('pod', pod('a', { ips: ['10.0.0.5'], requested: [selection('lan')] })),
      upsert('pod', pod('b', { node: 'n2', requested: [selection('lan')] })),
    ]);
    expect(get(engine, 'attachments', 'att:n1/default/lan')).toMatchObject({ eni: 'eni-1', rule: 'name-heuristic' });
    expect(get(engine, 'attachments', 'att:n2/default/lan')).toMatchObject({ eni: 'eni-8', certainty: 'inferred' });
  });

  it.each([
    ['an hour later', '2026-09-01T11:00:00Z', true],
    ['within the tolerated clock skew', '2026-09-01T10:00:50Z', false],
    ['before', '2026-09-01T09:00:00Z', false],
  ])('0.8: keeps the config from the pod’s start: the network was changed %s', (_, configAt, formerConfig) => {
    const changed = { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1', ipam: { type: 'static' } };
    const engine = engineOf([
      ...base(),
      upsert('eni', LAN()),
      upsert('nad', nad('lan', changed, { configAt })),
      upsert(
        'pod',
        pod('a', {
          sandboxBefore: '2026-09-01T10:00:00Z',
          requested: [selection('lan')],
          reported: [entry('default/lan', { interface: 'net1', ips: ['192.168.8.5'] })],
        }),
      ),
    ]);
    const found = get(engine, 'interfaces', 'if:default/a/net1');
    expect(found).toMatchObject({ formerConfig, eni: formerConfig ? null : 'eni-1' });
    expect(found.link.evidence.includes('changed after the pod started')).toBe(formerConfig);
  });

  it('follows the master that the pod itself names (multus §1.3)', () => {
    const { face } = net1(
      [...base(), upsert('eni', LAN()), upsert('eni', SECOND_LAN)],
      IPVLAN,
      {},
      {
        requested: [selection('lan', { masters: ['eth2'] })],
      },
    );
    expect(face).toMatchObject({ eni: 'eni-2', link: { rule: 'name-heuristic' } });
  });
});

describe('an interface of a NAD', () => {
  it('with a disagreeing interface on the same node has an attachment that names both', () => {
    const engine = engineOf([
      ...base(),
      upsert('eni', LAN()),
      upsert('eni', SECOND_LAN),
      upsert('nad', nad('lan', { cniVersion: '0.3.1', type: 'sriov' }, { resourceName: 'acme.io/vf' })),
      ...['06:00:00:00:00:01', '06:00:00:00:00:02'].map((mac, i) =>
        upsert(
          'pod',
          pod(`p${i}`, { requested: [selection('lan')], reported: [entry('default/lan', { interface: 'net1', mac })] }),
        ),
      ),
    ]);
    expect(get(engine, 'attachments', 'att:n1/default/lan')).toMatchObject({
      eni: null,
      rule: 'none',
      candidates: ['eni-1', 'eni-2'],
    });
  });
});
