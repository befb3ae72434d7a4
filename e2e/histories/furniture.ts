/** The possible cluster before a history begins, in which changes have an effect at once. */
import {
  awsNode,
  cniNode,
  daemonSet,
  eni,
  entry,
  metrics,
  nad,
  node,
  ownEni,
  pod,
  selection,
  subnet,
  whereaboutsPool,
} from './examples';
import type { AnyFact } from './kinds';

const known = (
  kind: AnyFact['kind'],
  scope: string,
  fact: { readonly namespace?: string; readonly name: string },
): AnyFact =>
  ({
    kind,
    scope: `kubernetes/${scope}`,
    key: fact.namespace === undefined || fact.namespace === '' ? fact.name : `${fact.namespace}/${fact.name}`,
    fact: { ...fact, uid: 'u1' },
  }) as unknown as AnyFact;

const ofEc2 = (kind: AnyFact['kind'], scope: string, fact: { readonly id: string }): AnyFact =>
  ({ kind, scope: `ec2/${scope}`, key: fact.id, fact }) as unknown as AnyFact;

const reading = (of: string): AnyFact => ({
  kind: 'awsNodeMetrics',
  scope: 'aws-node/metrics',
  key: of,
  fact: metrics(of),
});

const NODES: readonly AnyFact[] = [
  ...['1', '2'].flatMap((n) => [
    known('node', 'nodes', node(`n${n}`, { instanceId: `i-${n}` })),
    known('pod', 'pods', awsNode({}, `n${n}`)),
    known('cniNode', 'cninodes', cniNode(`n${n}`, { instanceId: `i-${n}` })),
    ofEc2(
      'eni',
      'network-interfaces',
      ownEni(`eni-${n}`, { instanceId: `i-${n}`, primaryIp: `10.0.0.${n}`, secondaryIps: [`10.0.0.${Number(n) + 3}`] }),
    ),
    ofEc2('subnet', 'subnets', subnet(`subnet-${n}`, { availableAddresses: n === '1' ? 200 : 0 })),
    reading(`n${n}`),
  ]),
  known('daemonSet', 'daemonsets', daemonSet('aws-node', { awsNode: { version: 'v1.23.1', env: {} } })),
  ofEc2('eni', 'network-interfaces', eni('eni-3', { instanceId: 'i-1', deviceIndex: 1, mac: '06:00:00:00:00:01' })),
  known('pod', 'pods', pod('a', { node: 'n1', ips: ['10.0.0.4'] })),
];

const onNetwork = (name: string, on: string, ip: string, network: string): AnyFact =>
  known(
    'pod',
    'pods',
    pod(name, {
      node: on,
      networksAnnotation: { state: 'valid', error: null },
      requested: [selection(network)],
      statusAnnotation: { state: 'valid', error: null },
      reported: [
        entry('aws-cni', { interface: 'eth0', default: true }),
        entry(`default/${network}`, { index: 1, interface: 'net1', ips: [ip] }),
      ],
    }),
  );

const whereabouts = { type: 'whereabouts', range: '10.9.0.0/24' };

const NETWORKS: readonly AnyFact[] = [
  known('daemonSet', 'daemonsets', daemonSet('multus', { multus: { version: 'v4.1.4' } })),
  ...['n1', 'n2'].map((on) =>
    known(
      'pod',
      'pods',
      pod(`multus-${on}`, { namespace: 'kube-system', node: on, hostNetwork: true, multus: { version: 'v4.1.4' } }),
    ),
  ),
  known(
    'nad',
    'network-attachment-definitions',
    nad('x', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: whereabouts }),
  ),
  known('nad', 'network-attachment-definitions', nad('y', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1' })),
  onNetwork('b', 'n1', '10.9.0.7', 'x'),
  onNetwork('c', 'n2', '10.9.0.9', 'x'),
  known(
    'whereaboutsPool',
    'ippools',
    whereaboutsPool('10.9.0.0-24', '10.9.0.0/24', [
      { offset: '7', podRef: 'default/b', ifname: 'net1' },
      { offset: '9', podRef: 'default/c', ifname: 'net1' },
    ]),
  ),
];

export const FURNITURE = { nothing: [], nodes: NODES, networks: [...NODES, ...NETWORKS] } as const;
