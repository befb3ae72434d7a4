/** Broken networks, annotations and address pools (multus §6). */
import { raiseEvent } from '../../../lib/sim/model/events';
import type { NewNode } from '../../../lib/sim/model/ec2-nodes';
import { must } from '../../../lib/sim/model/must';
import { addNetwork, type NewNetwork } from '../../../lib/sim/model/networks';
import type { SimNode } from '../../../lib/sim/model/node';
import { addHybridNode } from '../../../lib/sim/scenes/base/hybrid-node';
import type { SimPod } from '../../../lib/sim/model/pod';
import type { PodTemplate } from '../../../lib/sim/model/pods';
import { addSubnet, expectFinding, expectLater, type ClusterState } from '../../../lib/sim/model/state';
import type { SimSubnet } from '../../../lib/sim/model/subnet';
import { RESERVATIONS } from '../../../lib/sim/model/whereabouts';
import { addObject, type Zone } from '../../../lib/sim/scenes/base/scene';
import { addAskers } from './askers';
import { amend, nodeId, pinned, podId, sandboxFailure, tryPod, waitingPod } from './kit';

const NAMESPACE = 'trouble';
const NETWORKS = 'k8s.v1.cni.cncf.io/networks';

/** A node with three ENIs for Multus, where most of these troubles happen. */
class MultusLab {
  readonly planes: readonly [SimSubnet, SimSubnet, SimSubnet];
  readonly worker: NewNode;
  readonly node: SimNode;
  /** A network that works. */
  readonly good: string;

  constructor(
    readonly state: ClusterState,
    { zone, subnet }: Zone,
    multus: string,
  ) {
    const plane = (device: number): SimSubnet =>
      addSubnet(state, { name: `trouble-${device}`, cidr: `10.93.${device}.0/24`, zone });
    this.planes = [plane(1), plane(2), plane(3)];
    this.worker = {
      subnet,
      nodeGroup: 'multus',
      type: 'm5.4xlarge',
      os: 'al2023',
      multus,
      extra: this.planes.map((extra, index) => ({
        subnet: extra,
        device: index + 1,
        tags: { 'node.k8s.amazonaws.com/no_manage': 'true' },
      })),
      env: { WARM_IP_TARGET: '6' },
    };
    this.node = pinned(state, this.worker);
    this.node.frozen = false;
    this.good = this.network('n6', { range: this.planes[0].cidr });
  }

  /** Adds a network, by default ipvlan on the first extra ENI, and returns its key. */
  network(name: string, options: Partial<NewNetwork> = {}): string {
    return addNetwork(this.state, {
      namespace: NAMESPACE,
      name,
      plugin: 'ipvlan',
      master: 'ens6',
      device: 1,
      ipam: 'whereabouts',
      from: 20,
      ...options,
    }).key;
  }

  pod(app: string, network: string, more: Partial<PodTemplate> = {}): SimPod {
    return tryPod(this.state, this.node, app, { requests: [{ network }], ...more });
  }

  /** Expects the finding at the pod and its interface `net1`. */
  expectPod(rule: string, pod: SimPod, ...more: readonly string[]): void {
    expectFinding(this.state, rule, podId(pod), net1(pod), ...more);
  }
}

const net1 = (pod: SimPod): string => `if:${NAMESPACE}/${pod.name}/net1`;

export function addMultusTroubles(state: ClusterState, zone: Zone, multus: string): void {
  const lab = new MultusLab(state, zone, multus);
  addAnnotationTroubles(lab);
  addConfigTroubles(lab);
  addPoolTroubles(lab);
  addRequestTroubles(lab);
  addParentTroubles(lab);
  addPolicyTroubles(lab);
  addNodeTroubles(lab);
  addDeviceTrouble(state, multus);
  lab.node.frozen = true;
}

function addAnnotationTroubles(lab: MultusLab): void {
  const { state, node } = lab;
  lab.network('nobody', { range: '10.93.1.0/25' });
  expectFinding(state, 'network-unused', `net:${NAMESPACE}/nobody`);
  addAskers(lab);
  lab.expectPod('network-missing', lab.pod('lost', `${NAMESPACE}/n66`), `net:${NAMESPACE}/n66`);

  const bad = waitingPod(state, node, 'badjson', { networksText: '{"name": "n6"}' });
  sandboxFailure(
    state,
    bad,
    'parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: json: cannot unmarshal object into Go value of type []*types.NetworkSelectionElement',
  );
  expectFinding(state, 'networks-annotation-invalid', podId(bad));

  addObject(state, 'apps/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'misplaced', namespace: NAMESPACE, annotations: { [NETWORKS]: lab.good } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'misplaced' } },
      template: {
        metadata: { labels: { app: 'misplaced' } },
        spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1' }] },
      },
    },
  });
  const misplaced = tryPod(state, node, 'misplaced', { owner: { kind: 'ReplicaSet', name: 'misplaced-6b7d9' } });
  expectFinding(
    state,
    'networks-annotation-on-workload',
    podId(misplaced),
    `workload:Deployment/${NAMESPACE}/misplaced`,
    `net:${lab.good}`,
  );

  const changed = lab.pod('changed', lab.good);
  amend(state, changed, {
    annotations: { ...changed.annotations, [NETWORKS]: `${NAMESPACE}/n6, ${NAMESPACE}/n6@more` },
    requests: [...changed.requests, { network: lab.good, interface: 'more' }],
  });
  expectFinding(state, 'networks-changed-after-start', podId(changed));

  const silent = lab.pod('silent', lab.good);
  // Attached, but not recorded.
  amend(state, silent, {
    annotations: { [NETWORKS]: lab.good },
    interfaces: silent.interfaces.map((item) =>
      item.from === 'network' ? { ...item, recorded: false, rules: [], observed: false } : item,
    ),
  });
  lab.expectPod('network-status-missing', silent);
}

function addConfigTroubles(lab: MultusLab): void {
  const { state, node } = lab;
  const parentless = waitingPod(state, node, 'parentless', {
    requests: [{ network: lab.network('gone', { master: 'ens99', range: '10.93.1.0/24' }) }],
  });
  sandboxFailure(
    state,
    parentless,
    'error adding container to network "gone": failed to lookup master "ens99": Link not found',
  );
  lab.expectPod('parent-interface-missing', parentless, `net:${NAMESPACE}/gone`);

  lab.network('broken', { config: '{"cniVersion": "0.3.1", "type": "ipvlan", "master": "ens6",}' });
  expectFinding(state, 'network-config-invalid', `net:${NAMESPACE}/broken`);

  const pluginless = waitingPod(state, node, 'pluginless', {
    requests: [
      {
        network: lab.network('exotic', {
          range: '10.93.1.0/24',
          config: '{"cniVersion":"0.3.1","name":"exotic","type":"bond","links":[]}',
        }),
      },
    ],
  });
  sandboxFailure(
    state,
    pluginless,
    'error adding container to network "exotic": failed to find plugin "bond" in path [/opt/cni/bin]',
  );
  expectFinding(state, 'plugin-binary-missing', nodeId(node), podId(pluginless));

  const puzzling = waitingPod(state, node, 'puzzling', {
    requests: [{ network: lab.network('odd', { config: '{"cniVersion":"0.3.1","name":"odd","type":"cilium-cni"}' }) }],
  });
  sandboxFailure(
    state,
    puzzling,
    'error adding container to network "odd": unable to set up veth on host side: file exists',
  );
  lab.expectPod('pod-start-failed', puzzling);
}

function addPoolTroubles(lab: MultusLab): void {
  const { state, node } = lab;
  const tight = lab.network('tight', { master: 'ens8', device: 3, range: '10.93.3.64/29', from: 1 });
  for (let index = 0; index < 6; index += 1) lab.pod('tight', tight);
  const turnedAway = lab.pod('tight', tight);
  expectFinding(state, 'ipam-pool-full', `net:${tight}`, 'pool:kube-system/10.93.3.64-29', podId(turnedAway));

  // Allocated to one pod but reserved for another, which is gone.
  addObject(state, RESERVATIONS, {
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    kind: 'OverlappingRangeIPReservation',
    metadata: { name: '10.93.3.65', namespace: 'kube-system' },
    spec: { podref: 'trouble/tight-old', containerid: '0', ifname: 'net1' },
  });
  // Reserved but allocated to no pod (whereabouts issue 712, multus §4.2); the only one here.
  addObject(state, RESERVATIONS, {
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    kind: 'OverlappingRangeIPReservation',
    metadata: { name: '10.93.1.77', namespace: 'kube-system' },
    spec: { podref: 'trouble/forgotten', containerid: '0', ifname: 'net1' },
  });
  expectLater(state, 'ipam-inconsistent', `net:${lab.good}`, 'pool:kube-system/10.93.1.0-24');

  const fixed = lab.network('fixed', {
    master: 'ens7',
    device: 2,
    assignsInEc2: false,
    ipam: 'none',
    extra: { ipam: { type: 'static', addresses: [{ address: '10.93.2.9/24' }] } },
  });
  const twins = [0, 1].map(() =>
    tryPod(state, node, 'twin', { requests: [{ network: fixed, ips: ['10.93.2.9/24'] }] }),
  );
  expectFinding(state, 'duplicate-address', ...twins.flatMap((twin) => [podId(twin), net1(twin)]));
}

function addRequestTroubles(lab: MultusLab): void {
  const { state, node } = lab;
  const [one] = lab.planes;
  const outward = lab.pod(
    'outward',
    lab.network('outward', {
      range: one.cidr,
      from: 120,
      extra: { ipam: { type: 'whereabouts', range: one.cidr, routes: [{ dst: '0.0.0.0/0', gw: '10.93.1.1' }] } },
    }),
  );
  lab.expectPod('default-route-conflict', outward);

  const wanted = tryPod(state, node, 'wanted', { requests: [{ network: lab.good, mac: '02:11:22:33:44:55' }] });
  lab.expectPod('requested-not-honoured', wanted);
}

function addParentTroubles(lab: MultusLab): void {
  const { state, node } = lab;
  const [one, two, three] = lab.planes;
  const hostdev = lab.network('hostdev', {
    plugin: 'host-device',
    master: 'ens8',
    device: 3,
    range: three.cidr,
    from: 100,
  });
  const rivals = [0, 1].map(() => lab.pod('rival', hostdev, { force: true }));
  expectFinding(
    state,
    'host-device-conflict',
    ...rivals.flatMap((rival) => [podId(rival), net1(rival)]),
    nodeId(node),
    `net:${hostdev}`,
  );

  const macvlan = lab.pod('mac', lab.network('mac', { plugin: 'macvlan', range: one.cidr, from: 220 }));
  expectFinding(state, 'macvlan-on-eni', `net:${NAMESPACE}/mac`, podId(macvlan), net1(macvlan));
  expectFinding(state, 'ipvlan-macvlan-conflict', nodeId(node), `net:${NAMESPACE}/mac`, `net:${lab.good}`);

  const unrouted = lab.pod(
    'unrouted',
    lab.network('unrouted', { master: 'ens7', device: 2, range: two.cidr, from: 60, assignsInEc2: false }),
  );
  lab.expectPod('address-not-on-eni', unrouted);

  const elsewhere = lab.network('elsewhere', { master: 'ens7', device: 2, range: '10.99.0.0/24', assignsInEc2: false });
  const stray = lab.pod('stray', elsewhere);
  expectFinding(state, 'network-subnet-mismatch', `net:${elsewhere}`, podId(stray), net1(stray));

  const drift = lab.network('drift', { master: 'eth1', range: one.cidr, from: 150 });
  const drifter = lab.pod('drifter', drift);
  expectFinding(state, 'parent-name-drift', `net:${drift}`, podId(drifter), nodeId(node));
}

function addPolicyTroubles(lab: MultusLab): void {
  const { state } = lab;
  const policed = lab.pod('policed', lab.good, { labels: { app: 'policed' } });
  addObject(state, 'networking.k8s.io/networkpolicies', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'policed', namespace: NAMESPACE },
    spec: { podSelector: { matchLabels: { app: 'policed' } }, policyTypes: ['Ingress'] },
  });
  lab.expectPod('policy-uncovered', policed);

  lab.network('vpc-again', { config: '{"cniVersion":"0.4.0","name":"vpc-again","type":"aws-cni"}' });
  expectFinding(state, 'vpc-cni-as-secondary', `net:${NAMESPACE}/vpc-again`);
}

function addNodeTroubles(lab: MultusLab): void {
  const { state } = lab;
  const [, two] = lab.planes;
  const wide = pinned(state, { ...lab.worker, type: 'c6in.32xlarge' });
  const crowded = tryPod(state, wide, 'crowded', {
    requests: [
      { network: lab.good },
      { network: lab.network('n4', { master: 'ens7', device: 2, range: two.cidr, from: 160 }) },
    ],
  });
  expectFinding(state, 'interfaces-share-card', podId(crowded), net1(crowded));

  const deaf = pinned(state, lab.worker);
  const agent = must(
    [...deaf.pods].flatMap((key) => state.pods.get(key) ?? []).find((item) => item.app === 'kube-multus'),
    'Multus',
  );
  amend(state, agent, { ready: false });
  const unheard = waitingPod(state, deaf, 'unheard');
  sandboxFailure(
    state,
    unheard,
    'failed to send CNI request: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: connection refused',
  );
  expectFinding(state, 'multus-down', nodeId(deaf), podId(agent), podId(unheard));
}

function addDeviceTrouble(state: ClusterState, multus: string): void {
  const resource = 'openshift.io/fastnet';
  const metal = addHybridNode(state, {
    name: 'metal-1.lab.example.com',
    ip: '192.0.2.50',
    multus,
    sriov: [{ name: 'ens1f0', vfs: 2 }],
    sriovResource: resource,
    computeType: 'other',
  });
  const fast = addNetwork(state, {
    namespace: NAMESPACE,
    name: 'fast',
    plugin: 'sriov',
    resourceName: resource,
    range: '172.31.0.0/24',
  }).key;
  for (let index = 0; index < 2; index += 1)
    tryPod(state, metal, 'dpdk', { requests: [{ network: fast }], resources: { [resource]: 1 } });
  const pending = waitingPod(state, metal, 'dpdk-third', {
    requests: [{ network: fast }],
    resources: { [resource]: 1 },
  });
  metal.pods.delete(`${pending.namespace}/${pending.name}`);
  const unscheduled = amend(state, pending, { node: null });
  raiseEvent(state, {
    subject: { kind: 'Pod', namespace: unscheduled.namespace, name: unscheduled.name, uid: unscheduled.uid },
    type: 'Warning',
    reason: 'FailedScheduling',
    message: `0/30 nodes are available: 1 Insufficient ${resource}, 29 node(s) didn't match Pod's node affinity/selector. preemption: 0/30 nodes are available: 30 Preemption is not helpful for scheduling.`,
    component: 'default-scheduler',
    count: 5,
    over: 300,
  });
  expectFinding(state, 'device-exhausted', podId(unscheduled));
}
