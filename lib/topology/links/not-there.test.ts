/** What must not be concluded: interfaces that are only requested, unspecified addresses, nodes that cannot be read. */
import { describe, expect, it } from 'vitest';
import {
  batch,
  daemonSet,
  engineOf,
  entry,
  eni,
  get,
  nad,
  node,
  ownEni,
  pod,
  selection,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';

const NETWORK = nad('n1', {
  cniVersion: '0.3.1',
  type: 'ipvlan',
  master: 'eth1',
  ipam: { type: 'host-local', subnet: '10.0.5.0/24' },
});
const CLUSTER = [
  upsert('node', node()),
  upsert('daemonSet', daemonSet('aws-node', { awsNode: { version: 'v1.23.1', env: {} } })),
  upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.1', secondaryIps: ['10.0.0.10'] })),
  upsert(
    'eni',
    eni('eni-1', { deviceIndex: 1, subnet: 'subnet-2', primaryIp: '10.0.5.1', secondaryIps: ['10.0.5.20'] }),
  ),
  upsert('subnet', subnet('subnet-2', { cidr: '10.0.5.0/24' })),
  upsert('nad', NETWORK),
];

describe('an interface that was requested but is not reported', () => {
  const waiting = pod('p', {
    networksAnnotation: { state: 'valid', error: null },
    requested: [selection('n1'), selection('gone', { index: 1 })],
  });

  it('is on no ENI, but has its expected location', () => {
    const engine = engineOf([...CLUSTER, upsert('pod', waiting)]);
    expect(get(engine, 'interfaces', 'if:default/p/net1')).toMatchObject({
      state: 'requested',
      eni: null,
      card: null,
      hostNic: null,
      link: { rule: 'none', certainty: 'unknown', candidates: ['eni-1'] },
    });
    expect(get(engine, 'interfaces', 'if:default/p/net2').link.candidates).toEqual([]);
    expect(get(engine, 'attachments', 'att:n1/default/n1').eni).toBe('eni-1');
  });

  it('is linked once it is reported', () => {
    const engine = engineOf([...CLUSTER, upsert('pod', waiting)]);
    const reported = [entry('default/n1', { interface: 'net1', ips: ['10.0.5.20'] })];
    const status = { state: 'valid', error: null } as const;
    engine.apply(batch([upsert('pod', { ...waiting, reported, statusAnnotation: status })]));
    expect(get(engine, 'interfaces', 'if:default/p/net1')).toMatchObject({
      eni: 'eni-1',
      card: 0,
      link: { rule: 'secondary-ip', certainty: 'observed' },
    });
  });
});

describe('an address without meaning for ENIs', () => {
  it.each(['0.0.0.0', '::', '169.254.1.1', 'fe80::1'])('%s is linked to no ENI', (ip) => {
    const engine = engineOf([
      ...CLUSTER,
      upsert(
        'pod',
        pod('p', { requested: [selection('n1')], reported: [entry('default/n1', { interface: 'net1', ips: [ip] })] }),
      ),
    ]);
    expect(get(engine, 'interfaces', 'if:default/p/net1').addresses[0]).toMatchObject({ ip, backed: 'not-applicable' });
    const unspecified = ip === '0.0.0.0' || ip === '::';
    expect(get(engine, 'networks', 'net:default/n1').ipam?.used).toBe(unspecified ? 0 : 1);
  });
});

describe('a pod on a deleted node', () => {
  it('has an unknown cluster network', () => {
    const engine = engineOf([...CLUSTER, upsert('pod', pod('p', { node: 'gone', ips: ['10.0.0.99'] }))]);
    expect(get(engine, 'nodes', 'node:gone').gone).toBe(true);
    expect(get(engine, 'interfaces', 'if:default/p/eth0')).toMatchObject({
      addresses: [{ ip: '10.0.0.99', backed: 'unknown', eni: null }],
      link: { rule: 'none', certainty: 'unknown' },
    });
  });
});
