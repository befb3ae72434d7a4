/**
 * What the kubelet counts against max pods (vpc-cni §6, §8; `status.capacity.pods` is a limit of pods, not of addresses): pods on the host
 * network and on branch ENIs, those that end, and not those that have ended. An m5.large has three ENIs of nine addresses for pods.
 */
import { Cluster } from './kit/cluster';
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import type { NodeSpec, PodSpec } from './kit/types';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const HOST: PodSpec = { hostNetwork: true };

class Kubelet {
  readonly c = new Cluster();
  readonly #s = this.c.subnet('10.71.0.0/18');
  readonly #t = this.c.subnet('10.72.0.0/20');
  /** EC2 gives a VLAN of a trunk to one branch. */
  #vlan = 0;

  constructor() {
    this.c.undecided.push('pool-low', 'warm-pool-waste', 'branch-eni-leaked', 'trunk-missing');
  }

  node(name: string, maxPods: number, spec: NodeSpec = {}): Node {
    const made = this.c.node(name, this.#s, { maxPods, ...spec });
    made.primary.free(4);
    return made;
  }

  host(node: Node, count: number): void {
    for (let at = 0; at < count; at += 1) this.c.write(`kubelet/${node.name}-host-${String(at)}`, node, [], HOST);
  }

  trunk(node: Node): Eni {
    return node.eni({ dev: 1, type: 'trunk', by: 'controller' }, this.#t);
  }

  /** A pod on a branch ENI of its own; without `pod` the branch is left over. */
  branch(node: Node, trunk: Eni, pod: string | null): void {
    const eni = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, truth: { trunk: trunk.id } }, this.#t);
    this.c.expect('enis', eni.id, { addresses: () => null });
    if (pod === null) return;
    const ip = eni.ip ?? '';
    const entry = {
      eniId: eni.id,
      ifAddress: eni.mac,
      privateIp: ip,
      vlanId: (this.#vlan += 1),
      subnetCidr: '10.72.0.0/20',
    };
    this.c.write(`kubelet/${pod}`, node, [ip], {
      resources: { [POD_ENI]: '1' },
      annotations: { [POD_ENI]: JSON.stringify([entry]) },
    });
    const held = { ip, holder: null, freedSecondsAgo: null, hidden: false };
    this.c.expectLink(`if:kubelet/${pod}/eth0`, node, { held, eni, rule: 'pod-eni' });
  }

  tooHigh(node: Node): void {
    this.c.finding('max-pods-too-high', node.id);
  }
}

/** The formula's two pods on the host network, or as many as there are. */
function onTheHost(k: Kubelet): void {
  k.node('formula', 29);
  k.tooHigh(k.node('one-more', 30));
  // aws-node and kube-proxy, and four others.
  k.host(k.node('six-host', 33), 4);
  const six = k.node('six-host-and-more', 34);
  k.host(six, 4);
  k.tooHigh(six);
}

/** A trunk takes an ENI; the pods on its branches take no address of the others. */
function onBranches(k: Kubelet): void {
  const env = { ENABLE_POD_ENI: 'true' };
  for (const [name, maxPods, isTooHigh] of [
    ['three-branches', 23, false],
    ['three-branches-and-more', 24, true],
  ] as const) {
    const node = k.node(name, maxPods, { env });
    const trunk = k.trunk(node);
    for (let at = 0; at < 3; at += 1) k.branch(node, trunk, `${name}-${String(at)}`);
    if (isTooHigh) k.tooHigh(node);
  }
  // A branch that is left over carries no pod.
  const left = k.node('left-over', 21, { env });
  const trunk = k.trunk(left);
  k.branch(left, trunk, null);
  k.tooHigh(left);
}

/** ENIs that carry no pods, and modes that carry more. */
function byMode(k: Kubelet): void {
  const custom = {
    env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
    labels: { 'topology.kubernetes.io/zone': 'eu-west-1a' },
  };
  k.c.object({
    apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
    kind: 'ENIConfig',
    metadata: { name: 'eu-west-1a', uid: 'ec-1' },
    spec: { subnet: 'subnet-01', securityGroups: ['sg-0node'] },
  });
  k.c.undecided.push('eniconfig-missing', 'eniconfig-wrong-zone');
  // What stands on the primary ENI is given out all the same: two ENIs, four addresses, two on the host.
  k.node('custom', 24, custom);
  k.tooHigh(k.node('custom-and-more', 25, custom));
  k.node('prefix', 110, { env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const kept = k.node('kept-out', 29);
  kept.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  k.tooHigh(kept);
}

/** Room by max pods: every pod that has not ended counts. */
function room(k: Kubelet): void {
  const full = k.node('full', 8);
  // Beside aws-node and kube-proxy.
  k.host(full, 1);
  for (let at = 0; at < 5; at += 1) k.c.pod(`kubelet/full-${String(at)}`, full, full.primary);
  k.c.expect('nodes', full.id, { headroom: { pods: 0, limitedBy: 'max-pods' } });

  const ending = k.node('ending', 8);
  for (let at = 0; at < 5; at += 1)
    k.c.pod(`kubelet/ending-${String(at)}`, ending, ending.primary, at < 2 ? { deleting: true } : {});
  k.c.expect('nodes', ending.id, { headroom: { pods: 1, limitedBy: 'max-pods' } });

  const ended = k.node('ended', 8);
  for (let at = 0; at < 5; at += 1)
    k.c.pod(`kubelet/ended-${String(at)}`, ended, ended.primary, at < 2 ? { phase: 'Succeeded' } : {});
  k.c.expect('nodes', ended.id, { headroom: { pods: 3, limitedBy: 'max-pods' } });

  const mixed = k.node('mixed', 8, { env: { ENABLE_POD_ENI: 'true' } });
  const trunk = k.trunk(mixed);
  for (let at = 0; at < 3; at += 1) k.branch(mixed, trunk, `mixed-${String(at)}`);
  k.host(mixed, 1);
  k.c.waiting('kubelet/mixed-waits', mixed, { createdAt: '2026-09-01T11:59:30Z' });
  k.c.expect('nodes', mixed.id, { headroom: { pods: 1, limitedBy: 'max-pods' } });
}

export function kubelet(): Cluster {
  const k = new Kubelet();
  for (const part of [onTheHost, onBranches, byMode, room]) part(k);
  return k.c;
}
