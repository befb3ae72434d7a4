/**
 * Advice is checked before it is given: for each rule, when its usual advice would be wrong, and what is given instead. A
 * case without a finding is one in which any advice would do harm.
 */
import { describe, expect, it } from 'vitest';
import {
  ago,
  card,
  cni,
  eni,
  eth0,
  face,
  foreignEni,
  found,
  network,
  node,
  pod,
  pool,
  request,
  signal,
  subnet,
  waitingPod,
  type world,
} from '../../e2e/testing/findings';

interface Row {
  readonly rule: string;
  readonly when: string;
  readonly records: Parameters<typeof world>[0];
  /** Advice that must not be given. */
  readonly not: RegExp;
  /** The advice given instead; null: there is no finding. */
  readonly but: RegExp | null;
  readonly later?: number;
}

const dry = pool({ total: 9, assigned: 9, available: 0, warm: 0 });
const nine = Array.from({ length: 9 }, (_, at) => ({
  ip: `10.0.0.${30 + at}`,
  state: 'assigned' as const,
  interface: null,
}));
const slots = (limit: number) => ({ limit, used: limit, unmanaged: 0, reserved: 0, free: 0 });
const full = (change: Parameters<typeof node>[0]) => [
  node({ pools: [dry], ...change }),
  card(0, { eniSlots: slots(1) }),
  eni('eni-p', { addresses: nine }),
];

const FULL: readonly Row[] = [
  {
    rule: 'node-addresses-full',
    when: 'prefix mode is on',
    records: full({ cni: cni({ mode: 'prefix', prefixDelegation: true }) }),
    not: /prefix mode/,
    but: /Move pods/,
  },
  {
    rule: 'node-addresses-full',
    when: 'prefix mode is requested, but the type does not support it',
    records: full({ cni: cni({ prefixDelegation: true }) }),
    not: /prefix mode/,
    but: /Move pods/,
  },
  {
    rule: 'node-addresses-full',
    when: 'MAX_ENI limits the node',
    records: full({ cni: cni({ maxEni: 1 }) }),
    not: /larger instance type/,
    but: /Raise MAX_ENI: it keeps the node at 1 of the 3/,
  },
  {
    rule: 'node-addresses-full',
    when: 'the node is cordoned',
    records: full({ unschedulable: true }),
    not: /kubectl cordon/,
    but: /Move pods/,
  },
];

const refused = signal('node:n1', 'metric:awscni_no_available_ip_addresses', 'rose from 2 to 5', { lastAt: ago(10) });
const COOLING: readonly Row[] = [
  {
    rule: 'cooldown-starved',
    when: 'the target is whole ENIs: WARM_IP_TARGET would make the pool smaller',
    records: [node(), refused],
    not: /raise WARM_IP_TARGET/,
    but: /raise WARM_ENI_TARGET/,
  },
  {
    rule: 'cooldown-starved',
    when: 'the target is prefixes',
    records: [node({ cni: cni({ mode: 'prefix' }) }), refused],
    not: /raise WARM_IP_TARGET/,
    but: /raise WARM_PREFIX_TARGET/,
  },
  {
    rule: 'cooldown-starved',
    when: 'no other ENI can attach',
    records: [node({ eniSlots: slots(3) }), refused],
    not: /raise/,
    but: /clears by itself/,
  },
  {
    rule: 'cooldown-starved',
    when: 'ipamd lacks the EC2 permission to get more',
    records: [node({ cni: cni({ networkResourceProvisioning: false }) }), refused],
    not: /raise/,
    but: /clears by itself/,
  },
  {
    rule: 'cooldown-starved',
    when: 'a target is unknown',
    records: [node({ cni: cni({ unresolved: ['WARM_IP_TARGET'] }) }), refused],
    not: /raise/,
    but: /clears by itself/,
  },
];

const hungry = (target: number, change: Parameters<typeof node>[0] = {}) =>
  node({
    pools: [
      pool({
        low: true,
        short: 9,
        target,
        next: { action: 'add-addresses', count: 9, reason: 'low', blockedBy: null },
      }),
    ],
    ...change,
  });
const few = subnet('subnet-a', { availableAddresses: 2 });
const starved = node({
  createdAt: ago(90_000),
  cni: cni({ mode: 'prefix', prefixDelegation: true }),
  pools: [
    pool({ low: true, short: 1, next: { action: 'add-prefixes', count: 1, reason: 'low', blockedBy: 'no block' } }),
  ],
});
const bare = { freePrefixes: 0, availableAddresses: 100 };
const SUBNETS: readonly Row[] = [
  {
    rule: 'subnet-low',
    when: 'the targets are already minimal',
    records: [hungry(1), eni(), few],
    not: /lower the warm targets/,
    but: /larger subnet|tagged/,
  },
  {
    rule: 'subnet-low',
    when: 'custom networking determines the subnet',
    records: [
      hungry(9, {
        cni: cni({ customNetworking: true }),
        eniConfig: { name: 'z', found: true, subnet: 'subnet-a', securityGroups: [] },
      }),
      few,
    ],
    not: /tagged kubernetes/,
    but: /ENIConfig/,
  },
  {
    rule: 'subnet-low',
    when: 'ipamd does not discover tagged subnets',
    records: [hungry(9, { cni: cni({ subnetDiscovery: false }) }), eni(), few],
    not: /tagged kubernetes/,
    but: /new nodes in a larger subnet/,
  },
  {
    rule: 'prefix-fragmented',
    when: 'prefixes have a reservation',
    records: [starved, eni(), subnet('subnet-a', { ...bare, reservations: [{ cidr: '10.0.8.0/24', type: 'prefix' }] })],
    later: 181,
    not: /^Reserve whole blocks/,
    but: /is used up/,
  },
];

const wanted = [pod('p1', { requested: [request('ipvlan-a', { ips: ['10.6.0.99/24'] })] }), face()];
const NETWORKS: readonly Row[] = [
  {
    rule: 'requested-not-honoured',
    when: 'the network declares the capability',
    records: [...wanted, network('ipvlan-a', { capabilities: ['ips'] })],
    not: /^Declare/,
    but: /does not honour it/,
  },
  {
    rule: 'requested-not-honoured',
    when: 'it declares another one',
    records: [...wanted, network('ipvlan-a', { capabilities: ['mac'] })],
    not: /\(mac/,
    but: /Declare the capability \(ips\)/,
  },
  {
    rule: 'network-unused',
    when: 'an unscheduled pod requests it',
    records: [network('a', { podCount: 0 }), waitingPod('w1', { node: null, requested: [request('a')] })],
    not: /remove/,
    but: null,
  },
  {
    rule: 'network-unused',
    when: 'a template or an invalid annotation names it',
    records: [network('a', { podCount: 0, namedBy: ['the pod template of Deployment core/web'] })],
    not: /remove/,
    but: null,
  },
  {
    rule: 'network-unused',
    when: 'it may be the primary network of a namespace',
    records: [network('a', { podCount: 0, plugins: ['ovn-k8s-cni-overlay'] })],
    not: /remove/,
    but: null,
  },
  {
    rule: 'network-unused',
    when: 'claims may attach it',
    records: [
      network('a', { podCount: 0, plugins: ['sriov'] }),
      node({
        devicePools: [
          {
            driver: 'sriovnetwork.k8snetworkplumbingwg.io',
            pool: 'n1',
            generation: 1,
            slices: 1,
            expected: 1,
            outdated: 0,
            sharedWith: [],
            devices: 8,
            resources: [],
            pcieRoots: [],
            tainted: [],
            allocated: [],
          },
        ],
      }),
    ],
    not: /remove/,
    but: null,
  },
  {
    rule: 'network-unused',
    when: 'a stopped virtual machine names it',
    records: [network('a', { podCount: 0, namedBy: ['VirtualMachine core/vm'] })],
    not: /remove/,
    but: null,
  },
  {
    rule: 'network-unused',
    when: 'an object of a kind that ifscope does not read may name it',
    records: [network('a', { podCount: 0 })],
    not: /^Remove/,
    but: /no object of a kind that it does not read/,
  },
  {
    rule: 'parent-interface-missing',
    when: 'the parent is a link inside the pod (a bond over net1 and net2)',
    records: [
      node(),
      network('bond', { parent: { kind: 'container-link', value: 'net1,net2' } }),
      waitingPod('w1', { requested: [request('bond')] }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to lookup master "net1": Link not found', {
        firstAt: ago(600),
      }),
    ],
    not: /Attach the ENI/,
    but: null,
  },
];

const onCard = (change: object = {}) =>
  foreignEni({
    card: 1,
    deviceIndex: 0,
    tags: {},
    management: { state: 'managed', rule: 'untagged-adopted', certainty: 'observed', observed: null },
    ...change,
  });
const multiNic = node({ cni: cni({ multiNic: true }) });
const ENIS: readonly Row[] = [
  {
    rule: 'eni-will-be-adopted',
    when: 'it is the only ENI of a card under multi-NIC',
    records: [multiNic, eni(), onCard()],
    not: /no_manage=true/,
    but: null,
  },
  {
    rule: 'eni-will-be-adopted',
    when: 'ipamd ignores ENIs without its tag',
    records: [
      node({ cni: cni({ manageUntagged: false }) }),
      eni(),
      foreignEni({
        tags: {},
        management: { state: 'unmanaged', rule: 'untagged-ignored', certainty: 'observed', observed: null },
      }),
    ],
    not: /Tag it/,
    but: null,
  },
  {
    rule: 'no-manage-on-primary',
    when: 'custom networking is on',
    records: [
      node({ cni: cni({ customNetworking: true }) }),
      eni('eni-p', { tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } }),
    ],
    not: /use custom networking/,
    but: /Remove the tag/,
  },
  {
    rule: 'max-pods-too-high',
    when: 'the excess pods are on the host network',
    records: [node({ maxPods: 32, hostNetworkPods: 5 }), card()],
    not: /--max-pods/,
    but: null,
  },
];

const noAddress = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
  firstAt: ago(600),
});
const PODS: readonly Row[] = [
  {
    rule: 'pod-ip-failed',
    when: 'WARM_IP_TARGET is set in addition to MINIMUM_IP_TARGET',
    records: [
      node({ cni: cni({ warmIpTarget: 2, minimumIpTarget: 5 }), pools: [pool({ low: false, total: 9 })] }),
      waitingPod(),
      noAddress,
    ],
    not: /Set WARM_IP_TARGET/,
    but: /log of aws-node/,
  },
  {
    rule: 'duplicate-address',
    when: 'the two pods are one migrating virtual machine',
    records: [
      node(),
      network(),
      pod('p1', { owner: { kind: 'VirtualMachineInstance', name: 'a' } }),
      pod('p2', { owner: { kind: 'VirtualMachineInstance', name: 'a' } }),
      face(),
      face('net1', { podName: 'p2' }),
    ],
    not: /./,
    but: null,
  },
  {
    rule: 'pod-address-not-on-node',
    when: 'no controller recreates the pod',
    records: [
      node(),
      eni(),
      pod('p1', { owner: null }),
      eth0({ eni: null, addresses: [{ ip: '10.0.0.21', family: 4, backed: 'none', eni: null }] }),
    ],
    not: /delete pod/,
    but: /save its manifest/,
  },
];

describe('the advice of', () => {
  const rows = [...FULL, ...COOLING, ...SUBNETS, ...NETWORKS, ...ENIS, ...PODS];
  it.each(rows.map((row) => [row.rule, row.when, row] as const))('%s is not given when %s', (rule, _when, row) => {
    const [finding] = found(rule, row.records, row.later === undefined ? {} : { later: row.later });
    if (row.but === null) {
      expect(finding).toBeUndefined();
      return;
    }
    expect(`${finding?.advice ?? 'nothing'} ${finding?.command ?? ''}`).not.toMatch(row.not);
    expect(finding?.advice).toMatch(row.but);
  });
});
