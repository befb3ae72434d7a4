/** Histories that once led to other records, or other findings, than the same facts learnt at once; each as small as it was found. */
import { expect, it } from 'vitest';
import type { Observation } from '../../lib/model/observation';
import type { HostLink } from '../../lib/model/facts';
import { cniNode, event, hostInventory, node, remove, reservation, status, upsert, whereaboutsPool } from './examples';
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

const HISTORIES: Readonly<Record<string, Steps>> = {
  'an event about a CNINode, then the CNINode': [
    [upsert('event', event('CNINode', 'n1'))],
    [upsert('cniNode', cniNode('n1'))],
  ],
  'a CNINode goes that an event is about': [
    [upsert('event', event('CNINode', 'n1')), upsert('cniNode', cniNode('n1'))],
    [remove('cniNode', cniNode('n1'))],
  ],
  'an event about a node that is gone, seen before nodes were listed': [
    [status('kubernetes/nodes', 'starting', null), upsert('event', event('Node', 'n1'))],
    [status('kubernetes/nodes', 'live', START + MINUTE)],
  ],
  'an allocation and its reservation, then the node that the pool is named after': [
    reserved,
    [upsert('node', node('n9'))],
  ],
  'one of two SriovNetworkNodeStates of a name goes': [
    [
      upsert('sriovNodeState', hostInventory('n1', [link('eth1a')]), OPENSHIFT),
      upsert('sriovNodeState', hostInventory('n1', [link('eth1b')]), GOOGLE),
      upsert('node', node('n1')),
    ],
    [remove('sriovNodeState', hostInventory('n1', []), OPENSHIFT)],
  ],
  'two SriovNetworkNodeStates of a name come one by one': [
    [upsert('node', node('n1'))],
    [upsert('sriovNodeState', hostInventory('n1', [link('eth1b')]), GOOGLE)],
    [upsert('sriovNodeState', hostInventory('n1', [link('eth1a')]), OPENSHIFT)],
  ],
};

it.each(Object.entries(HISTORIES))('%s', (_name, steps) => {
  const batches = steps.map((observations, i) => ({ at: START + i * MINUTE, observations }));
  const [first, ...rest] = batches;
  expect(play([{ at: START, observations: [...everySourceIsLive, ...(first?.observations ?? [])] }, ...rest])).toEqual(
    [],
  );
});
