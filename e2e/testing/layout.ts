/**
 * Small hand-made record sets for the tests and goldens of this folder: a cluster is built node by node, and the source
 * that comes out has its own indexes, so that a picture can be tested without the code that derives records.
 */
import { CLUSTER_NETWORK, cardId, hostNicId, interfaceId, networkId, nodeId, podId } from '../../lib/model/ids';
import type {
  AddressState,
  CniConfig,
  EniAddress,
  EniRecord,
  FindingRecord,
  HostNicRecord,
  InterfaceRecord,
  NetworkCardRecord,
  NetworkRecord,
  NodeRecord,
  PodRecord,
  Pool,
  Severity,
  SourceRecord,
} from '../../lib/model/records';
import type { ViewSource } from '../../lib/view/view-source';

const NO_SLOTS = { limit: null, used: null, unmanaged: null, reserved: null, free: null };

const CNI: CniConfig = {
  version: 'v1.20.4',
  mode: 'secondary-ip',
  multiNic: false,
  customNetworking: false,
  podEni: false,
  prefixDelegation: false,
  manageUntagged: true,
  imdsOnly: false,
  manageNonSchedulable: false,
  leakedEniCleanup: true,
  networkResourceProvisioning: true,
  subnetDiscovery: true,
  warmEniTarget: null,
  warmIpTarget: 12,
  minimumIpTarget: null,
  warmPrefixTarget: null,
  maxEni: null,
  cooldownSeconds: 30,
};

export const cni = (change: Partial<CniConfig> = {}): CniConfig => ({ ...CNI, ...change });

/** A pool whose figures add up: `available` = warm + cooling. */
export function pool(assigned: number, warm: number, cooling: number, target: number | null, card = 0): Pool {
  const available = warm + cooling;
  return {
    card,
    total: assigned + available,
    assigned,
    available,
    cooling,
    warm,
    target,
    short: 0,
    over: 0,
    low: false,
    high: false,
    next: null,
    certainty: 'observed',
  };
}

export interface EniSpec extends Partial<EniRecord> {
  readonly id: string;
  /** Address states in order, `p` primary, `a` assigned, `w` warm, `c` cooling, `u` unclaimed, `x` excluded, `?` unknown. */
  readonly states?: string;
  /** First three octets. */
  readonly net?: string;
}

const STATES: Readonly<Record<string, AddressState>> = {
  p: 'primary',
  a: 'assigned',
  w: 'warm',
  c: 'cooling',
  u: 'unclaimed',
  x: 'excluded',
  '?': 'unknown',
};

export function createCluster() {
  const sources = new Map<string, SourceRecord>();
  const nodes = new Map<string, NodeRecord>();
  const networkCards = new Map<string, NetworkCardRecord>();
  const hostNics = new Map<string, HostNicRecord>();
  const enis = new Map<string, EniRecord>();
  const networks = new Map<string, NetworkRecord>();
  const pods = new Map<string, PodRecord>();
  const interfaces = new Map<string, InterfaceRecord>();
  const findings = new Map<string, FindingRecord>();

  const self = {
    source(id: string, state: SourceRecord['state'], asOf: string | null = null, reason: string | null = null) {
      sources.set(id, { id, state, asOf, reason });
      return self;
    },
    node(name: string, change: Partial<NodeRecord> = {}) {
      const id = nodeId(name);
      nodes.set(id, {
        id,
        name,
        instanceId: 'i-0a1b2c3d4e5f60718',
        instanceType: 'm5.large',
        instanceState: 'running',
        zone: 'eu-west-1a',
        computeType: 'ec2',
        osImage: 'Amazon Linux 2023',
        os: 'linux',
        internalIps: [],
        labels: {},
        createdAt: '2026-11-20T04:00:00Z',
        deleting: false,
        gone: false,
        ready: true,
        unschedulable: false,
        taints: [],
        maxPods: 29,
        podCount: 0,
        hostNetworkPods: 0,
        allocatable: {},
        cni: CNI,
        ipamd: { ready: true, version: 'v1.20.4' },
        multus: null,
        metrics: null,
        eniConfig: null,
        eniConfigProblems: [],
        cniNode: { found: null, features: null },
        branch: null,
        eniSlots: NO_SLOTS,
        pools: [],
        headroom: { pods: null, limitedBy: 'unknown' },
        limits: null,
        problems: [],
        ...change,
      });
      return self;
    },
    card(node: string, index: number, change: Partial<NetworkCardRecord> = {}) {
      const id = cardId(node, index);
      networkCards.set(id, {
        id,
        node: nodeId(node),
        index,
        maxEnis: 3,
        managed: true,
        performance: 'Up to 10 Gigabit',
        eniSlots: NO_SLOTS,
        ...change,
      });
      return self;
    },
    eni(node: string | null, { states = 'p', net = '10.0.1', ...change }: EniSpec) {
      const addresses: EniAddress[] = Array.from(states, (state, index) => ({
        ip: `${net}.${10 + index}`,
        state: STATES[state] ?? 'unknown',
        interface: null,
      }));
      enis.set(change.id, {
        node: node === null ? null : nodeId(node),
        instanceId: null,
        card: node === null ? null : 0,
        deviceIndex: 0,
        interfaceType: 'interface',
        role: 'secondary',
        trunk: null,
        vlan: null,
        branchPod: null,
        hostDevice: null,
        management: { state: 'managed', rule: 'instance-id-tag', certainty: 'observed', observed: true },
        creator: 'ipamd',
        status: 'in-use',
        attachmentStatus: 'attached',
        attachedAt: null,
        createdAt: null,
        deleteOnTermination: true,
        sourceDestCheck: true,
        mac: null,
        vpc: null,
        zone: 'eu-west-1a',
        subnet: 'subnet-a',
        securityGroups: [],
        description: '',
        tags: {},
        capacity: 9,
        addressCapacity: 9,
        prefixes: [],
        addresses,
        ...change,
      });
      return self;
    },
    network(namespace: string, name: string) {
      const id = networkId(namespace, name);
      networks.set(id, {
        id,
        namespace,
        name,
        plugins: ['ipvlan'],
        mainPlugin: 0,
        parent: { kind: 'host-device', value: 'eth1' },
        mode: 'l2',
        vlan: null,
        mtu: null,
        capabilities: [],
        semantics: null,
        ipam: null,
        resourceName: null,
        missing: false,
        podCount: 0,
        description: '',
        createdAt: null,
        problems: [],
        faults: [],
      });
      return self;
    },
    pod(node: string | null, namespace: string, name: string, change: Partial<PodRecord> = {}) {
      const id = podId(namespace, name);
      pods.set(id, {
        id,
        namespace,
        name,
        uid: `uid-${namespace}-${name}`,
        node: node === null ? null : nodeId(node),
        phase: 'Running',
        hostNetwork: false,
        createdAt: '2026-11-21T05:00:00Z',
        startedAt: null,
        deleting: false,
        owner: null,
        ips: [],
        nicConfig: null,
        podEni: null,
        networksAnnotation: { state: 'absent', error: null },
        statusAnnotation: { state: 'absent', error: null },
        requested: [],
        resources: {},
        policies: [],
        securityGroupPolicies: null,
        problems: [],
        ...change,
      });
      return self;
    },
    /** An interface; with an ENI, its address there becomes (or stays) the interface's own. */
    iface(namespace: string, pod: string, name: string, change: Partial<InterfaceRecord> & { ip?: string } = {}) {
      const { ip, ...fields } = change;
      const id = interfaceId(namespace, pod, name);
      const record: InterfaceRecord = {
        id,
        pod: podId(namespace, pod),
        node: pods.get(podId(namespace, pod))?.node ?? null,
        name,
        network: CLUSTER_NETWORK,
        ips: ip === undefined ? [] : [ip],
        addresses: [],
        mac: null,
        mtu: null,
        default: name === 'eth0',
        state: 'reported',
        eni: null,
        card: null,
        hostNic: null,
        device: null,
        requestIndex: null,
        gateways: [],
        link: { rule: 'secondary-ip', certainty: 'observed', evidence: '', candidates: [] },
        ...fields,
      };
      interfaces.set(id, record);
      const eni = record.eni === null ? undefined : enis.get(record.eni);
      if (eni !== undefined && ip !== undefined) {
        const addresses = eni.addresses.map((address) => (address.ip === ip ? { ...address, interface: id } : address));
        enis.set(eni.id, { ...eni, addresses });
      }
      return self;
    },
    /** One pod and its `eth0` on every assigned address of an ENI that nobody holds yet. */
    fill(node: string, eni: string, namespace: string, prefix: string, network = CLUSTER_NETWORK, name = 'eth0') {
      const record = enis.get(eni);
      record?.addresses.forEach(({ ip, state, interface: holder }, index) => {
        if (state !== 'assigned' || holder !== null) return;
        const pod = `${prefix}-${index}`;
        if (!pods.has(podId(namespace, pod))) self.pod(node, namespace, pod, { ips: [ip] });
        self.iface(namespace, pod, name, { ip, eni, card: record.card, network });
      });
      return self;
    },
    nic(node: string, name: string, change: Partial<HostNicRecord> = {}) {
      const id = hostNicId(node, name);
      hostNics.set(id, {
        id,
        node: nodeId(node),
        name,
        altNames: [],
        mac: null,
        pciAddress: null,
        up: true,
        vfs: null,
        eni: null,
        certainty: 'observed',
        source: 'SriovNetworkNodeState',
        ...change,
      });
      return self;
    },
    finding(severity: Severity, rule: string, subjects: readonly string[], title = rule, detail = '') {
      const id = `f:${rule}/${subjects[0] ?? ''}`;
      findings.set(id, {
        id,
        rule,
        severity,
        subjects,
        title,
        detail,
        evidence: [],
        advice: '',
        command: null,
        since: null,
      });
      return self;
    },
    /** The source; `order` shuffles the maps, which must change nothing. */
    build(order: <T>(entries: readonly T[]) => readonly T[] = (entries) => entries): ViewSource {
      const table = <T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map(order([...map]));
      const index = <T>(map: ReadonlyMap<string, T>, key: (record: T) => string | null | readonly string[]) => {
        const made = new Map<string, Set<string>>();
        for (const [id, record] of order([...map]))
          for (const one of [key(record)].flat()) {
            if (one === null) continue;
            const ids = made.get(one);
            if (ids === undefined) made.set(one, new Set([id]));
            else ids.add(id);
          }
        return made;
      };
      return {
        cluster: { name: 'lab', kubernetesVersion: '1.33', region: 'eu-west-1', vpcId: 'vpc-1', demo: false },
        records: {
          sources: table(sources),
          nodes: table(nodes),
          networkCards: table(networkCards),
          hostNics: table(hostNics),
          enis: table(enis),
          subnets: new Map(),
          networks: table(networks),
          attachments: new Map(),
          ipPools: new Map(),
          pods: table(pods),
          interfaces: table(interfaces),
          signals: new Map(),
          findings: table(findings),
        },
        indexes: {
          enisByNode: index(enis, (eni) => eni.node),
          cardsByNode: index(networkCards, (card) => card.node),
          podsByNode: index(pods, (pod) => pod.node),
          interfacesByNode: index(interfaces, (record) => record.node),
          interfacesByPod: index(interfaces, (record) => record.pod),
          interfacesByEni: index(interfaces, (record) => record.eni),
          interfacesByNetwork: index(interfaces, (record) => record.network),
          branchesByTrunk: index(enis, (eni) => eni.trunk),
          hostNicsByNode: index(hostNics, (nic) => nic.node),
          findingsBySubject: index(findings, (finding) => finding.subjects),
          ownersByIp: index(interfaces, (record) => record.ips),
          ownersByMac: index(interfaces, (record) => record.mac),
        },
      };
    },
  };
  return self;
}

export type Cluster = ReturnType<typeof createCluster>;
