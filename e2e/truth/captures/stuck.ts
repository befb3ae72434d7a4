/**
 * Pods that do not get on, and what must be said of each (issue texts of kubelet, scheduler and runtimes; vpc-cni §10, multus §2.4): texts
 * that nobody has listed, owners of every kind, init containers, claims, and states that outlast their Events.
 */
import { Cluster } from './kit/cluster';
import { eventObject, type About } from './kit/event';
import type { Node } from './kit/node';
import { ago } from './kit/node';
import { NETWORKS } from './kit/pod';
import type { NodeSpec, PodSpec } from './kit/types';

const LONG = { createdAt: ago(7_200) };
const SANDBOX = 'FailedCreatePodSandBox';

class Stuck {
  readonly c = new Cluster();
  readonly #subnet = this.c.subnet('10.51.0.0/18');
  readonly #events: unknown[] = [];

  constructor() {
    this.c.undecided.push('pool-low', 'warm-pool-waste', 'network-unused');
  }

  node(name: string, spec: NodeSpec = {}): Node {
    const made = this.c.node(name, this.#subnet, spec);
    made.primary.free(9);
    return made;
  }

  #about(name: string): About {
    return { kind: 'Pod', namespace: 'stuck', name, uid: `uid-${name}` };
  }

  say(name: string, reason: string, text: string): void {
    const from = reason === 'FailedScheduling' ? 'default-scheduler' : 'kubelet';
    this.#events.push(eventObject('events.k8s.io/v1', this.#about(name), reason, text, from));
  }

  /** Waits on a node, for what an Event says or silently. */
  waits(name: string, node: Node, spec: PodSpec = {}, reason = SANDBOX, text?: string): void {
    this.c.waiting(`stuck/${name}`, node, { ...LONG, ...spec, uid: `uid-${name}` });
    if (text !== undefined) this.say(name, reason, text);
  }

  /** Not scheduled. */
  unplaced(name: string, spec: PodSpec, text?: string): void {
    this.c.write(`stuck/${name}`, null, [], { ...LONG, phase: 'Pending', ...spec, uid: `uid-${name}` });
    if (text !== undefined) this.say(name, 'FailedScheduling', text);
  }

  must(rule: string, name: string): void {
    this.c.finding(rule, `pod:stuck/${name}`);
  }

  done(): Cluster {
    this.c.extraFiles.push({
      path: 'kubernetes/said.json',
      text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: this.#events }),
    });
    return this.c;
  }
}

/** Texts of plugins and runtimes that no list has. */
function unheardOf(s: Stuck): void {
  const on = s.node('texts');
  const texts: readonly (readonly [string, PodSpec, string])[] = [
    [
      'runtime',
      {},
      'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    ],
    [
      'cilium',
      {},
      'failed to setup network for sandbox "1": plugin type="cilium-cni" failed (add): unable to create endpoint: [PUT /endpoint/{id}][429] putEndpointIdTooManyRequests',
    ],
    [
      'calico',
      {},
      'plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
    ],
    [
      'job',
      { owner: { kind: 'Job', name: 'nightly-29310' } },
      'plugin type="portmap" failed (add): unable to create chain CNI-HOSTPORT-SETMARK',
    ],
    ['ds', { owner: { kind: 'DaemonSet', name: 'agent' } }, 'reserving sandbox name: name is reserved for "0a1b"'],
    [
      'static',
      { owner: { kind: 'Node', name: 'texts' } },
      'failed to create containerd task: cgroup path already exists',
    ],
    ['bare', {}, 'netplugin failed with no error message: signal: killed'],
    ['empty', {}, ''],
  ];
  for (const [name, spec, text] of texts) {
    s.waits(name, on, spec, SANDBOX, text);
    s.must('pod-start-failed', name);
  }
  s.waits(
    'no-network',
    on,
    {},
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:cni plugin not initialized',
  );
  s.must('pod-start-failed', 'no-network');
  s.waits(
    'claimed',
    on,
    {},
    'FailedPrepareDynamicResources',
    'Failed to prepare dynamic resources: NodePrepareResources failed for ResourceClaim nics: interface busy',
  );
  s.must('pod-start-failed', 'claimed');
}

/** What the scheduler says of interfaces, and what of other things. */
function notScheduled(s: Stuck): void {
  s.unplaced(
    'efa',
    { resources: { 'vpc.amazonaws.com/efa': '4' } },
    '0/8 nodes are available: 8 Insufficient vpc.amazonaws.com/efa.',
  );
  s.must('pod-start-failed', 'efa');
  s.unplaced(
    'vf-by-init',
    { initResources: { 'intel.com/vf': '1' } },
    '0/8 nodes are available: 8 Insufficient intel.com/vf.',
  );
  s.must('pod-start-failed', 'vf-by-init');
  s.unplaced('claim', {}, '0/8 nodes are available: 8 cannot allocate all claims. still not schedulable.');
  s.must('pod-start-failed', 'claim');
  s.unplaced('no-claim', {}, 'waiting for resourceclaim "nics" to be created');
  s.must('pod-start-failed', 'no-claim');
  // Its Event is gone for long.
  s.unplaced('efa-silent', { resources: { 'vpc.amazonaws.com/efa': '1' } });
  s.must('pod-start-failed', 'efa-silent');
  s.unplaced('branch-silent', { resources: { 'vpc.amazonaws.com/pod-eni': '1' } });
  s.must('pod-start-failed', 'branch-silent');
  // No interface is concerned.
  s.unplaced('cpu', {}, '0/8 nodes are available: 8 Insufficient cpu.');
  s.unplaced(
    'gpu',
    { resources: { 'nvidia.com/gpu': '1' } },
    '0/8 nodes are available: 8 Insufficient nvidia.com/gpu.',
  );
  s.unplaced('gpu-silent', { resources: { 'nvidia.com/gpu': '1' } });
  s.unplaced(
    'new',
    { resources: { 'vpc.amazonaws.com/efa': '1' }, createdAt: ago(30) },
    '0/8 nodes are available: 8 Insufficient vpc.amazonaws.com/efa.',
  );
}

/** States that outlast their Events. */
function silent(s: Stuck): void {
  const roomy = s.node('roomy');
  s.waits('hours', roomy);
  s.must('pod-start-failed', 'hours');
  s.waits('minutes', roomy, { createdAt: ago(500) });
  const full = s.node('full', { type: 't3.medium' });
  for (let at = 0; at < 5; at += 1) s.c.pod(`stuck/full-${String(at)}`, full, full.primary);
  const dark = s.node('dark', { ready: false });
  s.waits('on-dark', dark);
  s.must('pod-start-failed', 'on-dark');
  s.c.nad('stuck/known', { cniVersion: '0.3.1', name: 'known', type: 'bridge', bridge: 'br0' });
  // Nobody keeps the Event of a network that is missing; the annotation says it all the same.
  s.waits('lost', roomy, { annotations: { [NETWORKS]: 'nowhere' } });
  s.c.interfaces['if:stuck/lost/net1'] = { node: roomy.id, network: 'net:stuck/nowhere', ips: [], state: 'requested' };
  s.must('network-missing', 'lost');
  s.waits('branch', s.node('trunkless'), { resources: { 'vpc.amazonaws.com/pod-eni': '1' } });
  s.must('pod-eni-stuck', 'branch');
}

/** Every address is given out, and no Event tells of the pod that waits for one. */
function exhausted(s: Stuck): void {
  const none = s.c.node('none-left', s.c.subnet('10.51.64.0/20'), { type: 't3.medium', maxPods: 20 });
  for (const dev of [0, 1, 2]) {
    const eni = dev === 0 ? none.primary : none.eni({ dev, by: 'ipamd' });
    for (let at = 0; at < 5; at += 1) s.c.pod(`stuck/none-${String(dev)}-${String(at)}`, none, eni);
  }
  s.c.finding('node-addresses-full', none.id);
  s.c.undecided.push('max-pods-too-high');
  s.waits('starved', none);
  s.must('pod-ip-failed', 'starved');
}

/** The kubelet turned it away: it never runs, and its phase is Failed. */
function turnedAway(s: Stuck): void {
  const on = s.node('away');
  const failed = (name: string, resource: string, text: string): void => {
    s.c.write(`stuck/${name}`, on, [], {
      ...LONG,
      phase: 'Failed',
      uid: `uid-${name}`,
      resources: { [resource]: '1' },
    });
    s.say(name, 'UnexpectedAdmissionError', text);
  };
  failed(
    'vf',
    'intel.com/vf',
    'Allocate failed due to requested number of devices unavailable for intel.com/vf. Requested: 1, Available: 0, which is unexpected',
  );
  s.must('pod-start-failed', 'vf');
  failed(
    'card',
    'nvidia.com/gpu',
    'Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu',
  );
  s.c.write('stuck/evicted', on, [], { ...LONG, phase: 'Failed', uid: 'uid-evicted' });
}

export function stuck(): Cluster {
  const s = new Stuck();
  for (const part of [unheardOf, notScheduled, silent, exhausted, turnedAway]) part(s);
  return s.done();
}
