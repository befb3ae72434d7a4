/**
 * Histories that once led to other records or findings than the same facts applied at once; each as small as it was
 * found.
 */
import { expect, it } from 'vitest';
import type { Observation } from '../../lib/model/observation';
import type { HostLink } from '../../lib/model/facts';
import {
  awsNode,
  cniNode,
  daemonSet,
  eniConfig,
  event,
  hostInventory,
  INSTANCE,
  nad,
  node,
  ownEni,
  pod,
  remove,
  reservation,
  selection,
  status,
  subnet,
  upsert,
  whereaboutsPool,
} from './examples';
import { START } from './history';
import { SOURCES } from './kinds';
import { play } from './play';

const MINUTE = 60_000;
const everySourceIsLive = SOURCES.map((id) => status(id, 'live', START));

/** Steps a minute apart. */
type Steps = readonly (readonly Observation[])[];

const link = (name: string): HostLink => ({
  name,
  altNames: [],
  mac: null,
  pciAddress: null,
  up: true,
  mtu: null,
  over: [],
  totalVfs: null,
  vfs: [],
  eni: null,
  kind: null,
});

const OPENSHIFT = 'kubernetes/sriovnetworknodestates';
const GOOGLE = 'kubernetes/sriovnetworknodestates/sriovnetwork.k8s.cni.cncf.io';

const reserved = [
  upsert(
    'whereaboutsPool',
    whereaboutsPool('n9-10.9.0.0-24', '10.9.0.0/24', [{ offset: '7', podRef: 'default/a', ifname: 'net1' }]),
  ),
  upsert('whereaboutsReservation', reservation('10.9.0.7', 'default/a')),
];

const customNetworking = [
  upsert('node', node('n1', { eniConfigHints: { 'label:k8s.amazonaws.com/eniConfig': 'zone' } })),
  upsert('pod', awsNode({ AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', WARM_IP_TARGET: '5' })),
  upsert('eni', ownEni('eni-1', { instanceId: INSTANCE, primaryIp: '10.0.0.4' })),
  upsert('subnet', subnet('subnet-1')),
  upsert('subnet', subnet('subnet-2', { availableAddresses: 0 })),
];

const asking = pod('a', {
  networksAnnotation: { state: 'valid', error: null },
  requested: [selection('x')],
});

const HISTORIES: Readonly<Record<string, Steps>> = {
  'an event about a CNINode, then the CNINode': [
    [upsert('event', event('CNINode', 'n1'))],
    [upsert('cniNode', cniNode('n1'))],
  ],
  'a CNINode with an event about it is deleted': [
    [upsert('event', event('CNINode', 'n1')), upsert('cniNode', cniNode('n1'))],
    [remove('cniNode', cniNode('n1'))],
  ],
  'an event about a deleted node, seen before nodes were listed': [
    [status('kubernetes/nodes', 'starting', null), upsert('event', event('Node', 'n1'))],
    [status('kubernetes/nodes', 'live', START + MINUTE)],
  ],
  'an allocation and its reservation, then the node that the pool is named after': [
    reserved,
    [upsert('node', node('n9'))],
  ],
  'one of two SriovNetworkNodeStates with the same name is deleted': [
    [
      upsert('sriovNodeState', hostInventory('n1', [link('eth1a')]), OPENSHIFT),
      upsert('sriovNodeState', hostInventory('n1', [link('eth1b')]), GOOGLE),
      upsert('node', node('n1')),
    ],
    [remove('sriovNodeState', hostInventory('n1', []), OPENSHIFT)],
  ],
  'two SriovNetworkNodeStates with the same name arrive one after the other': [
    [upsert('node', node('n1'))],
    [upsert('sriovNodeState', hostInventory('n1', [link('eth1b')]), GOOGLE)],
    [upsert('sriovNodeState', hostInventory('n1', [link('eth1a')]), OPENSHIFT)],
  ],
  'an ENIConfig moves to an exhausted subnet': [
    [...customNetworking, upsert('eniConfig', eniConfig('zone', 'subnet-1'))],
    [upsert('eniConfig', eniConfig('zone', 'subnet-2'))],
  ],
  'a pod requests a missing network, then a network with a similar name appears': [
    [upsert('pod', asking)],
    [upsert('nad', nad('y', { cniVersion: '0.3.1', type: 'ipvlan' }))],
  ],
  'a pod without a node requests a missing network, which a second pod makes known': [
    [upsert('pod', { ...asking, node: null })],
    [upsert('pod', { ...asking, name: 'b' })],
  ],
  'two DaemonSets of aws-node arrive one after the other': [
    [
      upsert('node', node('n1')),
      upsert('daemonSet', daemonSet('aws-node-2', { awsNode: { version: 'v1.23.1', env: {} } })),
    ],
    [upsert('daemonSet', daemonSet('aws-node', { awsNode: { version: 'v1.19.0', env: {} } }))],
  ],
  'an address on Fargate that two nodes claim one after the other': [
    [
      upsert('node', node('n2', { computeType: 'fargate', instanceId: null, internalIps: ['10.0.0.4'] })),
      upsert('subnet', subnet('subnet-1')),
      upsert('eni', ownEni('eni-1', { instanceId: 'i-9', primaryIp: '10.0.0.4' })),
    ],
    [upsert('node', node('n1', { computeType: 'fargate', instanceId: null, internalIps: ['10.0.0.4'] }))],
  ],
};

it.each(Object.entries(HISTORIES))('%s', (_name, steps) => {
  const batches = steps.map((observations, i) => ({ at: START + i * MINUTE, observations }));
  const [first, ...rest] = batches;
  expect(play([{ at: START, observations: [...everySourceIsLive, ...(first?.observations ?? [])] }, ...rest])).toEqual(
    [],
  );
});
