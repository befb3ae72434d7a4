import type { NodeRecord } from '../../model/records';
import { NOW, ago, cni, eni, node, signal, subnet, waitingPod } from '../../../e2e/testing/findings';
import { lowPool } from '../../../e2e/testing/finding-examples';
import { cases } from '../../../e2e/testing/finding-cases';

const slow = (change: Partial<NodeRecord> = {}) => node({ cni: cni({ mode: 'prefix' }), pools: [lowPool], ...change });

const bare = subnet('subnet-a', { freePrefixes: 0 });

const refusedSince = (seconds: number) =>
  signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
    firstAt: ago(seconds),
  });

cases('prefix-fragmented', [
  {
    name: 'a pod has been refused an address for three minutes, since before ifscope started',
    records: [slow(), eni(), bare, waitingPod(), refusedSince(180)],
    subjects: ['subnet-a'],
  },
  {
    name: 'a pod has been refused for less',
    records: [slow(), eni(), bare, waitingPod(), refusedSince(179)],
    subjects: [],
  },
  { name: 'exactly three minutes is not more', records: [slow(), eni(), bare], later: 180, subjects: [] },
  {
    name: 'a millisecond more than three minutes',
    records: [slow(), eni(), bare],
    later: 180.001,
    subjects: ['subnet-a'],
  },
  {
    name: 'exactly sixteen addresses free',
    records: [slow(), eni(), subnet('subnet-a', { freePrefixes: 0, availableAddresses: 16 })],
    later: 181,
    subjects: ['subnet-a'],
  },
  {
    name: 'guard: every slot of the node is taken, so no /28 is needed',
    records: [
      slow({
        pools: [{ ...lowPool, next: { action: 'none', count: 0, reason: 'low', blockedBy: 'every slot is taken' } }],
      }),
      eni(),
      bare,
    ],
    later: 181,
    subjects: [],
  },
  { name: 'guard: secondary-address mode', records: [slow({ cni: cni({}) }), eni(), bare], later: 181, subjects: [] },
  {
    name: 'guard: a node of less than two minutes',
    records: [slow({ createdAt: new Date(NOW + 80_000).toISOString() }), eni(), bare],
    later: 181,
    subjects: [],
  },
]);

const NODE = 'node:n1';

const cidrs = signal(
  NODE,
  'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/InsufficientCidrBlocks',
  'rose from 0 to 2',
);

const prefixNode = node({ cni: cni({ mode: 'prefix' }), pools: [lowPool] });

cases('prefix-fragmented', [
  {
    name: 'EC2 refused a /28 although addresses are free, and the blocks are not visible',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: null }), cidrs],
    later: 181,
    subjects: ['subnet-a'],
    says: /InsufficientCidrBlocks|rose/,
  },
  {
    name: 'no aligned block for three minutes',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: 0 })],
    later: 181,
    subjects: ['subnet-a'],
  },
  {
    name: 'refused, although blocks look free: others hold them',
    records: [prefixNode, eni(), subnet(), cidrs],
    later: 181,
    subjects: ['subnet-a'],
  },
  {
    name: 'no aligned block, just now',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: 0 })],
    subjects: [],
  },
  {
    name: 'fewer than 16 are free: another finding',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: 0, availableAddresses: 9 })],
    later: 181,
    subjects: [],
  },
  { name: 'blocks are free', records: [prefixNode, eni(), subnet()], later: 181, subjects: [] },
  {
    name: 'blocks are free, refused long ago',
    records: [prefixNode, eni(), subnet(), { ...cidrs, lastAt: ago(900) }],
    later: 181,
    subjects: [],
  },
  {
    name: 'guard: under custom networking, the primary ENI’s subnet provides no prefix',
    records: [
      node({ cni: cni({ mode: 'prefix', customNetworking: true }), pools: [lowPool] }),
      eni(),
      subnet('subnet-a', { freePrefixes: 0 }),
    ],
    later: 181,
    subjects: [],
  },
  {
    name: 'guard: cordoned',
    records: [
      node({ cni: cni({ mode: 'prefix' }), pools: [lowPool], unschedulable: true }),
      eni(),
      subnet('subnet-a', { freePrefixes: 0 }),
    ],
    later: 181,
    subjects: [],
  },
]);
