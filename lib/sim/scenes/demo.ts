/**
 * The first thing a new user sees: 24 nodes in three zones. A telco core on Multus with its own ENIs, a shop on
 * secondary addresses, an analytics group in prefix mode, two p5 nodes with every card in use and one whose pods claim
 * theirs, a lab machine whose pods claim virtual functions, and a few troubles worth finding.
 */
import { NO_MANAGE_KEY } from '../model/eni-tags';
import { addSharedClaim } from '../model/claims';
import { addNetwork } from '../model/networks';
import { addNode } from '../model/ec2-nodes';
import { attachExtra } from '../model/extra-enis';
import { cordon } from '../model/nodes';
import { must } from '../model/must';
import { startPod } from '../model/pods';
import { addSubnet, expectFinding, type ClusterState } from '../model/state';
import type { Life } from '../model/life';
import type { SimSubnet } from '../model/subnet';
import { addZones, inGroup, installSystem, type Scene, type Zone } from './base/scene';
import { addClaimsNode, EFA_CLASS, FUNCTION_CLASS, installDeviceClasses, RANK } from './base/claims';
import { addHybridNode } from './base/hybrid-node';
import { addLeakedEni } from './base/leaks';
import { addForeignEnis } from './base/foreign-enis';
import { runSriovDriver } from './base/sriov-driver';

const MULTUS = '4.1.4';
const UNMANAGED = { [NO_MANAGE_KEY]: 'true' };

/** From this number of nodes, ranges are wider; a demo of the usual size keeps addresses short. */
const LARGE = 200;

interface Plane {
  readonly zone: Zone;
  readonly n6: SimSubnet;
  readonly n4: SimSubnet;
}

/** The demo cluster: a mobile core with most features of the VPC CNI, Multus and claims, and typical problems. */
export const demo: Scene = {
  name: 'demo',
  clusterName: 'mobile-core-eu',
  changesPerSecond: 0.7,
  size: { nodes: 24, podsPerNode: 12 },
  build(state, life, size) {
    const isLarge = size.nodes > LARGE;
    const zones = addZones(state, 3, (index) => (isLarge ? `10.${128 + index}.0.0/16` : `10.20.${index * 32}.0/19`));
    installSystem(state, { multus: MULTUS, whereabouts: true });
    const planes = zones.slice(0, 2).map((zone, index) => addPlane(state, zone, index, isLarge));
    const count = (share: number, least: number): number => Math.max(least, Math.round(size.nodes * share));

    for (let index = 0; index < count(0.33, 2); index += 1)
      addCoreNode(state, must(planes[index % planes.length], 'plane'), index);
    for (let index = 0; index < count(0.3, 3); index += 1) addShopNode(state, must(zones[index % 3], 'zone'), index);
    for (let index = 0; index < count(0.21, 2); index += 1) {
      addNode(state, {
        subnet: must(zones[(index + 1) % 3], 'zone').subnet,
        type: index % 2 === 0 ? 'm6i.2xlarge' : 'c7i.4xlarge',
        nodeGroup: 'analytics',
        env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
      });
    }
    for (let index = 0; index < count(0.08, 1); index += 1) addTrainingNode(state, must(zones[index % 2], 'zone'));
    addNode(state, {
      subnet: must(zones[2], 'zone').subnet,
      type: 'c6in.32xlarge',
      nodeGroup: 'edge',
      env: { WARM_IP_TARGET: '8' },
    });
    for (const zone of zones) addForeignEnis(state, zone.subnet, 1);

    addWorkloads(life, size.nodes * size.podsPerNode, planes);
    addTroubles(state, zones, planes);
    addClaims(state, life, must(zones[0], 'zone'), count(0.04, 1));
    addLab(state);
  },
};

/** One zone's extra networks: N6 to the internet, N4 to the session managers. */
function addPlane(state: ClusterState, zone: Zone, index: number, isLarge: boolean): Plane {
  const letter = must(zone.zone.at(-1), 'zone letter');
  const plane = (name: string, net: number): SimSubnet => {
    const cidr = isLarge ? `10.${net}.${index * 64}.0/18` : `10.${net}.${index}.0/24`;
    return addSubnet(state, { name: `${name}-${letter}`, cidr, zone: zone.zone });
  };
  const [n6, n4] = [plane('n6', 26), plane('n4', 24)];
  const common = { namespace: 'core', from: 20 } as const;
  addNetwork(state, {
    ...common,
    name: `n6-${letter}`,
    plugin: 'ipvlan',
    master: 'ens6',
    device: 1,
    range: n6.cidr,
    gateway: n6.cidr.replace(/0\/\d+$/, '1'),
    chain: [{ type: 'tuning', sysctl: { 'net.core.somaxconn': '1024' } }],
  });
  addNetwork(state, { ...common, name: `n4-${letter}`, plugin: 'ipvlan', master: 'ens7', device: 2, range: n4.cidr });
  return { zone, n6, n4 };
}

function addCoreNode(state: ClusterState, plane: Plane, index: number): void {
  addNode(state, {
    subnet: plane.zone.subnet,
    type: index < 6 ? 'm5.4xlarge' : 'c6i.8xlarge',
    nodeGroup: `core-${must(plane.zone.zone.at(-1), 'zone letter')}`,
    os: 'al2023',
    multus: MULTUS,
    // no_manage ENIs take address slots; on one node, max pods was not lowered for them (vpc-cni §8).
    ...(index === 1 ? {} : { maxPods: 110 }),
    env: { WARM_IP_TARGET: '12' },
    extra: [
      { subnet: plane.n6, device: 1, tags: { Name: 'n6', ...UNMANAGED } },
      { subnet: plane.n4, device: 2, tags: { Name: 'n4', ...UNMANAGED } },
    ],
  });
}

function addShopNode(state: ClusterState, zone: Zone, index: number): void {
  addNode(state, {
    subnet: zone.subnet,
    type: ['m5.large', 'm5.xlarge', 't3.medium', 'm5.xlarge'][index % 4] ?? 'm5.large',
    nodeGroup: 'shop',
    os: index % 3 === 2 ? 'bottlerocket' : 'al2023',
    env: index % 2 === 0 ? {} : { WARM_IP_TARGET: '4', MINIMUM_IP_TARGET: '12' },
  });
}

/** p5: 32 cards of two ENIs; four carry IP traffic, the others EFA only (vpc-cni §1.2). */
function addTrainingNode(state: ClusterState, zone: Zone): void {
  addNode(state, {
    subnet: zone.subnet,
    type: 'p5.48xlarge',
    nodeGroup: 'training',
    env: { ENABLE_MULTI_NIC: 'true', WARM_IP_TARGET: '6' },
    extra: Array.from({ length: 28 }, (_, index) => ({
      subnet: zone.subnet,
      type: 'efa-only',
      card: index + 4,
      device: 0,
      description: 'EFA',
      tags: { Name: 'efa' },
    })),
  });
}

/** Machines for claims: each worker has a GPU and, whole, the ENI next to it (DRANET); two exchange pods share EFA. */
function addClaims(state: ClusterState, life: Life, zone: Zone, nodes: number): void {
  installDeviceClasses(state);
  for (let index = 0; index < nodes; index += 1) {
    const node = addClaimsNode(state, { subnet: zone.subnet, nodeGroup: 'claims', efa: 1 });
    const shared = `fabric-${index}`;
    const claim = { name: 'efa', shared, requests: [{ name: 'efa', deviceClass: EFA_CLASS, count: 2 }] };
    addSharedClaim(state, 'training', claim);
    for (const rank of [0, 1]) {
      startPod(state, {
        namespace: 'training',
        app: 'exchange',
        name: `exchange-${index}-${rank}`,
        owner: { kind: 'StatefulSet', name: `exchange-${index}` },
        node: node.facts.name,
        claims: [claim],
        createdAt: state.now() - 5_400_000,
      });
    }
  }
  life.add({
    kind: 'StatefulSet',
    namespace: 'training',
    app: 'rank',
    replicas: 6 * nodes,
    where: inGroup('claims'),
    claims: [RANK],
    calm: true,
  });
}

/** A hybrid node with an SR-IOV card: two of its four functions are claimed. */
function addLab(state: ClusterState): void {
  const node = addHybridNode(state, {
    name: 'lab-0.example.com',
    ip: '192.0.2.10',
    sriov: [{ name: 'ens1f0', vfs: 4 }],
    sriovResource: null,
  });
  runSriovDriver(state, node, 'openshift.io/fastnet');
  for (const index of [0, 1]) {
    startPod(state, {
      namespace: 'lab',
      app: 'dpdk',
      name: `dpdk-${index}`,
      owner: { kind: 'StatefulSet', name: 'dpdk' },
      node: node.facts.name,
      claims: [{ name: 'vf', requests: [{ name: 'vf', deviceClass: FUNCTION_CLASS }] }],
      createdAt: state.now() - 5_400_000,
    });
  }
}

/** The common fields of a product's pods. */
const CORE = { namespace: 'core', labels: { 'app.kubernetes.io/part-of': '5g-core', team: 'mobile' } };
const SHOP = { namespace: 'shop', labels: { 'app.kubernetes.io/part-of': 'shop', team: 'checkout' } };

function addWorkloads(life: Life, pods: number, planes: readonly Plane[]): void {
  const share = (part: number): number => Math.max(1, Math.round(pods * part));
  const shop = inGroup('shop');
  const analytics = inGroup('analytics');
  life.add({ kind: 'Deployment', namespace: 'kube-system', app: 'coredns', replicas: 3, where: shop, calm: true });
  for (const { zone } of planes) {
    const letter = zone.zone.at(-1) ?? 'a';
    const where = inGroup(`core-${letter}`);
    const [n6, n4] = [{ network: `core/n6-${letter}` }, { network: `core/n4-${letter}` }];
    life.add({
      ...CORE,
      kind: 'Deployment',
      app: `upf-${letter}`,
      replicas: share(0.04),
      where,
      requests: [n6, n4],
    });
    life.add({
      ...CORE,
      kind: 'StatefulSet',
      app: `smf-${letter}`,
      replicas: share(0.015),
      where,
      requests: [{ ...n4, interface: 'n4' }],
    });
    life.add({ ...CORE, kind: 'Deployment', app: `amf-${letter}`, replicas: share(0.06), where });
    life.add({ ...CORE, kind: 'Deployment', app: `nrf-${letter}`, replicas: share(0.05), where });
  }
  life.add({ ...SHOP, kind: 'Deployment', app: 'web', replicas: share(0.12), where: shop });
  life.add({ ...SHOP, kind: 'Deployment', app: 'cart', replicas: share(0.08), where: shop });
  life.add({ ...SHOP, kind: 'StatefulSet', app: 'orders-db', replicas: 3, where: shop, calm: true });
  life.add({ kind: 'Deployment', namespace: 'analytics', app: 'ingest', replicas: share(0.15), where: analytics });
  life.add({ kind: 'Deployment', namespace: 'analytics', app: 'query', replicas: share(0.1), where: analytics });
  life.add({ kind: 'Job', namespace: 'analytics', app: 'compact', replicas: share(0.02), where: analytics });
  life.add({
    kind: 'StatefulSet',
    namespace: 'training',
    app: 'llm-worker',
    replicas: 4,
    where: inGroup('training'),
    multiNic: true,
    resources: { 'nvidia.com/gpu': 2 },
    calm: true,
  });
  life.add({
    kind: 'Deployment',
    namespace: 'training',
    app: 'metrics',
    replicas: share(0.02),
    where: inGroup('training'),
  });
  life.add({ kind: 'Deployment', namespace: 'edge', app: 'gateway', replicas: share(0.03), where: inGroup('edge') });
}

/** A few typical problems. */
function addTroubles(state: ClusterState, zones: readonly Zone[], planes: readonly Plane[]): void {
  const { zone } = must(planes[0], 'plane');
  const nodes = [...state.nodes.values()];
  const core = must(nodes.find(inGroup(`core-${zone.zone.at(-1) ?? 'a'}`)), 'core node');
  const shop = nodes.filter(inGroup('shop'));

  // A separate ENI, so that macvlan and ipvlan do not share a link.
  const n3 = addSubnet(state, { name: 'n3-legacy', cidr: '10.23.0.0/24', zone: zone.zone });
  const device = 7;
  attachExtra(state, core, { subnet: n3, device, tags: { Name: 'n3-legacy', ...UNMANAGED } });
  core.unmanaged.add([...core.eniIds].at(-1) ?? '');
  addNetwork(state, {
    namespace: 'core',
    name: 'n3',
    plugin: 'macvlan',
    master: 'ens12',
    device,
    range: n3.cidr,
    from: 20,
  });
  const legacy = startPod(state, {
    namespace: 'core',
    name: 'upf-legacy-0',
    app: 'upf-legacy',
    owner: { kind: 'StatefulSet', name: 'upf-legacy' },
    node: core.facts.name,
    requests: [{ network: 'core/n3' }],
    createdAt: state.now() - 7_200_000,
  });
  expectFinding(state, 'macvlan-on-eni', 'net:core/n3', `if:core/${legacy.name}/net1`, `pod:core/${legacy.name}`);

  startPod(state, {
    namespace: 'core',
    name: 'probe-7d5c9-x2kqp',
    app: 'probe',
    owner: { kind: 'ReplicaSet', name: 'probe-7d5c9' },
    node: core.facts.name,
    requests: [{ network: 'core/n6a' }],
    createdAt: state.now() - 900_000,
  });
  expectFinding(state, 'network-missing', 'pod:core/probe-7d5c9-x2kqp', 'net:core/n6a');

  const cordoned = shop.at(-1);
  if (cordoned !== undefined) cordon(state, cordoned);
  const eni = addLeakedEni(state, must(zones[1], 'zone').subnet, 5 * 3_600_000);
  expectFinding(state, 'eni-leaked', eni);
}
