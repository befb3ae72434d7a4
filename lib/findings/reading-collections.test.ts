/** Reads of collections, whole tables and shared values: which changes run the check again, and which do not. */
import { describe } from 'vitest';
import type { PodRecord } from '../model/records';
import type { Reader } from './rule/reader';
import {
  attachment,
  card,
  eni,
  eth0,
  face,
  hostNic,
  ipPool,
  network,
  node,
  pod,
  signal,
  subnet,
} from '../../e2e/testing/findings';
import { reads } from '../../e2e/testing/watched-rule';

const NODE = 'node:n1';
const POD = pod().id;
const NET = network().id;

const OTHER = 'node:n2';
const other = (change: Parameters<typeof node>[0] = {}) => node({ name: 'n2', ...change });
const moved: Partial<PodRecord> = { node: OTHER };

const count = (read: Reader): number => [...read.every('nodes')].length;

describe('a read of many records', () => {
  reads([
    // Collections of the checked record.
    {
      name: 'own interfaces: one is added',
      reads: (read) => read.all('interfacesByPod', POD),
      before: [],
      after: [face()],
      wakes: 'at once',
    },
    {
      name: 'own interfaces: one is removed',
      reads: (read) => read.all('interfacesByPod', POD),
      before: [face()],
      after: [],
      wakes: 'at once',
    },
    {
      name: 'own interfaces: one changes',
      reads: (read) => read.all('interfacesByPod', POD),
      before: [face()],
      after: [face('net1', { mtu: 9001 })],
      wakes: 'at once',
    },
    {
      name: 'own interfaces: another pod’s change',
      reads: (read) => read.all('interfacesByPod', POD),
      before: [],
      after: [face('net1', { podName: 'p2' })],
      wakes: 'not',
    },
    {
      name: 'own signals: one is added',
      reads: (read) => read.all('signalsBySubject', POD),
      before: [],
      after: [signal(POD, 'FailedScheduling', 'no')],
      wakes: 'at once',
    },
    // Collections of other records.
    {
      name: 'pods of a node: one is added',
      reads: (read) => read.all('podsByNode', OTHER),
      before: [],
      after: [pod('p2', moved)],
      wakes: 'at once',
    },
    {
      name: 'pods of a node: one moves away',
      reads: (read) => read.all('podsByNode', OTHER),
      before: [pod('p2', moved)],
      after: [pod('p2')],
      wakes: 'at once',
    },
    {
      name: 'pods of a node: one moves to it',
      reads: (read) => read.all('podsByNode', OTHER),
      before: [pod('p2')],
      after: [pod('p2', moved)],
      wakes: 'at once',
    },
    {
      name: 'pods of a node: one changes',
      reads: (read) => [...read.each('podsByNode', OTHER)],
      before: [pod('p2', moved)],
      after: [pod('p2', { ...moved, phase: 'Failed' })],
      wakes: 'at once',
    },
    {
      name: 'pods of a node: a pod of another node',
      reads: (read) => read.all('podsByNode', OTHER),
      before: [pod('p2')],
      after: [],
      wakes: 'not',
    },
  ]);
});

describe('a read of many records', () => {
  reads([
    {
      name: 'cards of a node',
      reads: (read) => read.all('cardsByNode', NODE),
      before: [card()],
      after: [card(), card(1)],
      wakes: 'at once',
    },
    {
      name: 'host links of a node',
      reads: (read) => read.all('hostNicsByNode', NODE),
      before: [],
      after: [hostNic('ens6')],
      wakes: 'at once',
    },
    {
      name: 'attachments of a node',
      reads: (read) => read.all('attachmentsByNode', NODE),
      before: [attachment()],
      after: [],
      wakes: 'at once',
    },
    {
      name: 'the holders of an address',
      reads: (read) => read.all('ownersByIp', '10.0.0.21'),
      before: [],
      after: [eth0({ podName: 'p2' })],
      wakes: 'at once',
    },
    {
      name: 'the holders of a MAC',
      reads: (read) => read.all('ownersByMac', '0a:00:00:00:00:01'),
      before: [],
      after: [eth0({ podName: 'p2', mac: '0a:00:00:00:00:01' })],
      wakes: 'at once',
    },
    {
      name: 'the holders of an address: an ENI does not count',
      reads: (read) => read.all('ownersByIp', '10.0.0.21'),
      before: [],
      after: [eni('eni-x', { addresses: [{ ip: '10.0.0.21', state: 'warm', interface: null }] })],
      wakes: 'not',
    },
    {
      name: 'the holders of an address on a node',
      reads: (read) => read.holdersOn(NODE, '10.0.0.21'),
      before: [eth0({ podName: 'p2' })],
      after: [],
      wakes: 'at once',
    },
    {
      name: 'the holders of an address on a node: on another node',
      reads: (read) => read.holdersOn(NODE, '10.0.0.21'),
      before: [],
      after: [eth0({ podName: 'p2', node: OTHER })],
      wakes: 'not',
    },
  ]);
});

describe('a read of signals', () => {
  reads([
    {
      name: 'signals about the pods of a node: one is added',
      reads: (read) => read.podSignals(OTHER),
      before: [pod('p2', moved)],
      after: [pod('p2', moved), signal(pod('p2').id, 'FailedScheduling', 'no')],
      wakes: 'at once',
    },
    {
      name: 'signals about the pods of a node: a pod with signals moves to it',
      reads: (read) => read.podSignals(OTHER),
      before: [pod('p2'), signal(pod('p2').id, 'FailedScheduling', 'no')],
      after: [pod('p2', moved), signal(pod('p2').id, 'FailedScheduling', 'no')],
      wakes: 'at once',
    },
    {
      name: 'signals about the pods of a node: a pod with signals moves away',
      reads: (read) => read.podSignals(OTHER),
      before: [pod('p2', moved), signal(pod('p2').id, 'FailedScheduling', 'no')],
      after: [pod('p2'), signal(pod('p2').id, 'FailedScheduling', 'no')],
      wakes: 'at once',
    },
    {
      name: 'signals about the pods of a node: a pod with signals is deleted',
      reads: (read) => read.podSignals(OTHER),
      before: [pod('p2', moved), signal(pod('p2').id, 'FailedScheduling', 'no')],
      after: [],
      wakes: 'at once',
    },
    {
      name: 'signals about the pods of a node: the pod arrives after its signal',
      reads: (read) => read.podSignals(OTHER),
      before: [signal(pod('p2').id, 'FailedScheduling', 'no')],
      after: [pod('p2', moved), signal(pod('p2').id, 'FailedScheduling', 'no')],
      wakes: 'at once',
    },
    {
      name: 'signals about the pods of a node: a pod without signals is added',
      reads: (read) => read.podSignals(OTHER),
      before: [],
      after: [pod('p2', moved)],
      wakes: 'not',
    },
    {
      name: 'signals about the pods of a node: those of another node',
      reads: (read) => read.podSignals(OTHER),
      before: [pod('p2')],
      after: [pod('p2'), signal(pod('p2').id, 'FailedScheduling', 'no')],
      wakes: 'not',
    },
  ]);
});

describe('a read of many records', () => {
  reads([
    // Whole tables, and sums.
    {
      name: 'every node: one is added',
      reads: (read) => [...read.every('nodes')],
      before: [],
      after: [other()],
      wakes: 'later',
    },
    {
      name: 'every node: a field of one changes',
      reads: (read) => [...read.every('nodes')],
      before: [other()],
      after: [other({ allocatable: { a: 1 } })],
      wakes: 'later',
    },
    {
      name: 'every node: a count of one changes',
      reads: (read) => [...read.every('nodes')],
      before: [other()],
      after: [other({ podCount: 9 })],
      wakes: 'not',
    },
    {
      name: 'a network reads its attachments',
      scope: 'networks',
      own: network(),
      reads: (read) => read.all('attachmentsByNetwork', NET),
      before: [],
      after: [attachment()],
      wakes: 'later',
    },
    {
      name: 'a network reads its pools',
      scope: 'networks',
      own: network(),
      reads: (read) => read.all('ipPoolsByNetwork', NET),
      before: [ipPool()],
      after: [ipPool({ used: 11 })],
      wakes: 'later',
    },
    {
      name: 'a subnet reads its ENIs',
      scope: 'subnets',
      own: subnet(),
      reads: (read) => [...read.each('enisBySubnet', 'subnet-a')],
      before: [],
      after: [eni()],
      wakes: 'later',
    },
    {
      name: 'a subnet reads the nodes whose ENIConfig names it',
      scope: 'subnets',
      own: subnet(),
      reads: (read) => read.all('nodesByEniConfigSubnet', 'subnet-a'),
      before: [node()],
      after: [node({ eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] } })],
      wakes: 'later',
    },
    // A shared value.
    {
      name: 'a shared value: it changes',
      reads: (read) => read.shared('nodes', count),
      before: [],
      after: [other()],
      wakes: 'later',
    },
    {
      name: 'a shared value: its inputs change, but it does not',
      reads: (read) => read.shared('nodes', count),
      before: [other()],
      after: [other({ ready: false })],
      wakes: 'not',
    },
  ]);
});

describe('a read of who holds an address, by an interface', () => {
  reads([
    {
      name: 'other holders of the own address: one is added',
      scope: 'interfaces',
      own: eth0(),
      reads: (read) => read.all('ownersByIp', '10.0.0.21'),
      before: [],
      after: [eth0({ podName: 'p2' })],
      wakes: 'at once',
    },
    {
      name: 'other holders of the own address: one releases it',
      scope: 'interfaces',
      own: eth0(),
      reads: (read) => read.all('ownersByIp', '10.0.0.21'),
      before: [eth0({ podName: 'p2' })],
      after: [eth0({ podName: 'p2', ips: ['10.0.0.22'] })],
      wakes: 'at once',
    },
    {
      name: 'other holders of the own address: one changes',
      scope: 'interfaces',
      own: eth0(),
      reads: (read) => read.all('ownersByIp', '10.0.0.21'),
      before: [eth0({ podName: 'p2' })],
      after: [eth0({ podName: 'p2', state: 'requested' })],
      wakes: 'at once',
    },
    {
      name: 'other holders of the own address: another address is taken',
      scope: 'interfaces',
      own: eth0(),
      reads: (read) => read.all('ownersByIp', '10.0.0.21'),
      before: [],
      after: [eth0({ podName: 'p2', ips: ['10.0.0.22'] })],
      wakes: 'not',
    },
    {
      name: 'other holders of the own MAC: one is added',
      scope: 'interfaces',
      own: eth0({ mac: '0a:00:00:00:00:01' }),
      reads: (read) => read.all('ownersByMac', '0a:00:00:00:00:01'),
      before: [],
      after: [eth0({ podName: 'p2', mac: '0a:00:00:00:00:01' })],
      wakes: 'at once',
    },
    {
      name: 'an interface reads the holders of another address',
      scope: 'interfaces',
      own: eth0(),
      reads: (read) => read.all('ownersByIp', '10.0.0.22'),
      before: [],
      after: [eth0({ podName: 'p2', ips: ['10.0.0.22'] })],
      wakes: 'at once',
    },
  ]);
});
