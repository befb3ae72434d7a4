/**
 * Nodes whose ENIs are in different subnets: an ENI takes addresses from its own, and a new one is created where the CNI
 * may create it (vpc-cni §1.1, §7).
 */
import { describe, expect, it } from 'vitest';
import type { EniFact } from '../model/facts';
import type { Observation } from '../model/observation';
import { awsNode, engineOf, node, ownEni, pod, subnet, upsert } from '../../e2e/testing/facts';
import { capacityOf, partsOf } from './capacity';
import { NO_CHANGES } from './changes';
import { reportOf } from './totals';
import { subnetLimitWords } from './words';

const CUSTOM = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };
/** Subnet discovery creates ENIs in subnets with this tag. */
const CNI = { 'kubernetes.io/role/cni': '1' };

const eniConfig = (of: string): Observation =>
  upsert('eniConfig', {
    namespace: '',
    name: 'default',
    uid: 'uid-eni-config',
    createdAt: null,
    deleting: false,
    subnet: of,
    securityGroups: null,
    problems: [],
  });

interface NodeSetup {
  readonly env?: Readonly<Record<string, string>>;
  /** Addresses on the primary ENI, all of them held by pods. */
  readonly held?: number;
  /** ENIs besides the primary one. */
  readonly others?: readonly Partial<EniFact>[];
}

/** The n-th node: an m5.large, which has 3 ENIs of 9 slots. */
function nodeOf(n: number, { env = {}, held = 0, others = [] }: NodeSetup): readonly Observation[] {
  const instanceId = `i-0000000000000000${n}`;
  const ips = Array.from({ length: held }, (_, at) => `10.0.${n}.${at + 10}`);
  const name = `n${n}`;
  return [
    upsert('node', node(name, { instanceId, maxPods: 110 })),
    upsert('pod', awsNode(env, name)),
    upsert('eni', ownEni(`eni-${n}`, { instanceId, primaryIp: `10.0.${n}.4`, secondaryIps: ips })),
    ...others.map((other, at) =>
      upsert(
        'eni',
        ownEni(`eni-${n}-${at + 1}`, { instanceId, deviceIndex: at + 1, primaryIp: `10.0.${n}.${at + 5}`, ...other }),
      ),
    ),
    ...ips.map((ip, at) => upsert('pod', pod(`p${n}-${at}`, { node: name, ips: [ip] }))),
  ];
}

/** Free addresses of subnet-1, subnet-2 and so on. */
type Free = readonly (number | Parameters<typeof subnet>[1])[];

function fits(free: Free, nodes: readonly NodeSetup[], more: readonly Observation[] = []) {
  const { replica } = engineOf([
    ...free.map((of, at) =>
      upsert(
        'subnet',
        subnet(`subnet-${at + 1}`, {
          cidr: `10.${at}.0.0/16`,
          ...(typeof of === 'number' ? { availableAddresses: of } : of),
        }),
      ),
    ),
    ...nodes.flatMap((one, at) => nodeOf(at + 1, one)),
    ...more,
  ]);
  const model = capacityOf(replica, [partsOf(replica.records)]);
  const report = reportOf(model.under(NO_CHANGES), 1);
  return {
    alone: [...replica.records.nodes.values()].map(({ headroom }) => headroom.pods),
    together: report.all.after.fit.value,
    bySubnet: report.subnets.map(({ after }) => after.fit),
    limitedBy: report.subnets.map(({ after }) => subnetLimitWords(after)),
  };
}

interface Case {
  readonly free: Free;
  readonly nodes: readonly NodeSetup[];
  readonly more?: readonly Observation[];
  readonly alone: readonly (number | null)[];
  readonly together: number;
  readonly bySubnet: readonly (number | null)[];
}

const CASES: Readonly<Record<string, Case>> = {
  'ENIs in two subnets with free addresses': {
    free: [500, 500],
    nodes: [{ held: 9, others: [{ subnet: 'subnet-2' }] }],
    alone: [18],
    together: 18,
    // Nine fill the ENI in subnet-2; the new ENI is created in the primary ENI's subnet.
    bySubnet: [9, 9],
  },
  'an ENI in an exhausted subnet: its empty slots are unusable, and a new ENI uses one address itself': {
    free: [12, 0],
    nodes: [
      { held: 9, others: [{ subnet: 'subnet-2' }] },
      { held: 9, env: { WARM_IP_TARGET: '1' } },
    ],
    alone: [9, 11 - 1],
    // The first node takes ten of twelve addresses; the second adds an ENI with one.
    together: 10,
    bySubnet: [10, 0],
  },
  'a whole ENI is created with all its addresses or not at all': {
    free: [19],
    nodes: [{ held: 9 }, { held: 9 }],
    alone: [9, 9],
    // Ten of nineteen addresses are gone with the first ENI, and nine are too few for the next.
    together: 9,
    bySubnet: [9],
  },
  'a new ENI is created in the discovered subnet with the most free addresses': {
    free: [0, { availableAddresses: 6, tags: CNI }, { availableAddresses: 20, tags: CNI }],
    nodes: [
      { held: 9, env: { WARM_IP_TARGET: '1' } },
      { held: 9, env: { WARM_IP_TARGET: '1' } },
    ],
    alone: [18, 18],
    // 20 addresses allow two ENIs with nine each; six allow one with five.
    together: 18 + 5,
    bySubnet: [0, 5, 18],
  },
  'custom networking: an ENI of a changed ENIConfig keeps its subnet': {
    free: [500, 500, 500],
    nodes: [{ env: CUSTOM, others: [{ subnet: 'subnet-2' }] }],
    more: [eniConfig('subnet-3')],
    alone: [18],
    together: 18,
    bySubnet: [0, 9, 9],
  },
  'custom networking: two nodes share the subnet of their ENIConfig, and the nodes’ own subnet provides nothing': {
    free: [500, 12],
    nodes: [
      { env: { ...CUSTOM, WARM_IP_TARGET: '1' }, others: [{ subnet: 'subnet-2' }] },
      { env: { ...CUSTOM, WARM_IP_TARGET: '1' }, others: [{ subnet: 'subnet-2' }] },
    ],
    more: [eniConfig('subnet-2')],
    // Nine in empty slots, then an ENI with two.
    alone: [11, 11],
    together: 11,
    bySubnet: [0, 11],
  },
  'prefixes: whole blocks from the subnet of each ENI': {
    free: [{ availableAddresses: 500 }, { availableAddresses: 40, tags: CNI }],
    nodes: [{ env: PREFIX, others: [{ subnet: 'subnet-2', ipv4Prefixes: ['10.1.0.16/28'] }] }],
    // 16 in hand; max pods is the limit.
    alone: [109],
    together: 109,
    bySubnet: [93, 16],
  },
  'a subnet of unknown capacity does not affect the others': {
    free: [500, { availableAddresses: null }],
    nodes: [{ held: 9, others: [{ subnet: 'subnet-2' }] }],
    alone: [18],
    together: 18,
    bySubnet: [9, null],
  },
  'an ENI whose subnet is unknown': {
    free: [0],
    nodes: [{ others: [{ subnet: null }] }],
    // Its slots exist; whether they get addresses is not known.
    alone: [27],
    together: 27,
    bySubnet: [0],
  },
};

const NO_NODE = 'not used for pods';

describe('pods that fit if ENIs are in different subnets', () => {
  it.each(Object.entries(CASES))('%s', (_what, { free, nodes, more, ...wanted }) => {
    expect(fits(free, nodes, more)).toMatchObject(wanted);
  });

  it.each<[string, Pick<Case, 'free' | 'nodes' | 'more'>, readonly string[]]>([
    ['a subnet without a node', { free: [500, 500], nodes: [{}] }, ['address slots', NO_NODE]],
    ['a subnet without a free address', { free: [0], nodes: [{ held: 9 }] }, ['no free address']],
    ['too few addresses for another ENI', { free: [1], nodes: [{ held: 9 }] }, ['subnet addresses']],
    ['full nodes', { free: [500], nodes: [{ held: 9, env: { MAX_ENI: '1' } }] }, ['address slots']],
    [
      'nodes with different limits',
      { free: [12], nodes: [{ held: 9 }, { held: 9, env: { MAX_ENI: '1' } }] },
      ['address slots on 1, subnet addresses on 1'],
    ],
    [
      'the nodes’ own subnet under custom networking',
      { free: [500, 0], nodes: [{ env: CUSTOM }], more: [eniConfig('subnet-2')] },
      [NO_NODE, 'no free address'],
    ],
    ['free addresses that EC2 does not report', { free: [{ availableAddresses: null }], nodes: [{}] }, ['not known']],
  ])('%s: what limits them', (_what, { free, nodes, more }, words) => {
    expect(fits(free, nodes, more).limitedBy).toEqual(words);
  });
});
