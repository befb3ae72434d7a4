/** Security groups for pods, and Windows: trunks, branches, a slot kept free, odd annotations (vpc-cni §5.3, §5.5, §6). */
import { Cluster } from './kit/cluster';
import { oneOf } from './kit/compare';
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import type { Subnet } from './kit/subnet';
import type { Fields, Json, PodSpec } from './kit/types';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

function startCapture() {
  const c = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  // How long a branch has been without a pod, no single capture tells; the others ask for a duration.
  c.undecided.push('pool-low', 'warm-pool-waste');
  const s = c.subnet('10.10.0.0/20');
  const t = c.subnet('10.11.0.0/20');
  const wants = { resources: { [POD_ENI]: '1' } };
  const cniNode = (node: Node, features: Json): void =>
    c.object({
      apiVersion: 'vpcresources.k8s.aws/v1alpha1',
      kind: 'CNINode',
      metadata: { name: node.name, uid: `cn-${node.name}` },
      spec: { features },
    });
  const enabled = [{ name: 'SecurityGroupsForPods' }];
  const withTrunk = (name: string, spec = {}): [Node, Eni] => {
    const node = c.node(name, s, { type: 'm5.large', capacity: { [POD_ENI]: '9' }, ...spec });
    cniNode(node, enabled);
    return [node, node.eni({ dev: 2, type: 'trunk', by: 'controller' }, t)];
  };
  const branch = (node: Node, trunk: Eni, truth: Fields = {}): Eni =>
    node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, truth: { trunk: trunk.id, ...truth } }, t);
  const branchPod = (
    key: string,
    node: Node,
    on: Eni,
    annotation: string,
    truth: Fields = {},
    spec: PodSpec = {},
  ): void => {
    c.write(key, node, [on.ip ?? ''], { ...wants, annotations: { [POD_ENI]: annotation }, ...spec });
    c.expect('enis', on.id, { addresses: (actual) => firstState(actual, ['primary', 'assigned']) });
    const held = { ip: on.ip ?? '', holder: null, freedSecondsAgo: null, hidden: false };
    c.expectLink(`if:${key}/eth0`, node, { held, eni: on, rule: 'pod-eni' }, truth);
  };
  const full = (eni: Eni): string =>
    JSON.stringify([
      {
        eniId: eni.id,
        ifAddress: eni.mac,
        privateIp: eni.ip,
        ipv6Addr: '',
        vlanId: 1,
        subnetCidr: t.cidr,
        subnetV6Cidr: '',
        associationID: 'trunk-assoc-1',
      },
    ]);
  return { c, s, t, wants, cniNode, enabled, withTrunk, branch, branchPod, full };
}

type Capture = ReturnType<typeof startCapture>;

function branchPods({ c, t, withTrunk, branch, branchPod, full }: Capture): void {
  const [n1, trunk1] = withTrunk('trunk-1');
  n1.primary.free(4);
  c.pod('shop/plain', n1, n1.primary);
  branchPod('shop/new-shape', n1, branch(n1, trunk1, { vlan: oneOf(1, null) }), full(last(n1)));
  const old = branch(n1, trunk1);
  branchPod(
    'shop/old-shape',
    n1,
    old,
    JSON.stringify([{ eniId: old.id, ifAddress: old.mac, privateIp: old.ip, vlanID: 2, subnetCidr: t.cidr }]),
  );
  branch(n1, trunk1);
  c.expect('nodes', n1.id, { branch: { limit: 9, used: 3 } });
  c.expect('enis', trunk1.id, { role: 'trunk', management: { state: 'managed', rule: 'trunk' } });
}

function unreadableAnnotation({ c, wants, withTrunk, branch, full }: Capture): void {
  // The annotation cannot be read, the address can: whoever links it by that must not call it anything but the branch.
  const [n2, trunk2] = withTrunk('trunk-2');
  const odd = branch(n2, trunk2);
  c.write('shop/broken', n2, [odd.ip ?? ''], { ...wants, annotations: { [POD_ENI]: '[{"eniId": "eni-' } });
  c.expect('enis', odd.id, { addresses: (actual) => firstState(actual, ['primary', 'assigned']) });
  c.interfaces['if:shop/broken/eth0'] = {
    ips: [odd.ip ?? ''],
    eni: oneOf(odd.id, null),
    network: 'cluster',
    node: n2.id,
  };
  // Finished: the branch goes back, and there is no interface.
  const gone = branch(n2, trunk2);
  c.write('shop/finished', n2, [gone.ip ?? ''], {
    ...wants,
    phase: 'Succeeded',
    annotations: { [POD_ENI]: full(gone) },
  });
  c.waiting('shop/stuck', n2, wants);
  c.finding('pod-eni-stuck', 'pod:shop/stuck');
  c.undecided.push('branch-eni-leaked');
  // A trunk, and the slot kept for one, carry no pods by addresses: the kubelet counts them all the same.
  for (const name of ['trunk-1', 'trunk-2', 'wanted-3', 'crowded-4']) c.finding('max-pods-too-high', `node:${name}`);
}

function slots({ c, s, cniNode, enabled }: Capture): void {
  // No trunk yet and room for one: a slot is kept. No room, and the feature is not on: it will never come.
  const n3 = c.node('wanted-3', s, { type: 'm5.large' });
  n3.eni({ dev: 1, by: 'ipamd' }).free(5);
  n3.primary.free(9);
  cniNode(n3, enabled);
  const n4 = c.node('crowded-4', s, { type: 'm5.large' });
  n4.eni({ dev: 1, by: 'ipamd' }).free(9);
  n4.eni({ dev: 2, by: 'ipamd' }).free(9);
  n4.primary.free(9);
  cniNode(n4, []);
  c.finding('trunk-missing', n4.id);
  // t3 cannot carry a trunk: nothing is kept free.
  const n5 = c.node('small-5', s, { type: 't3.medium' });
  n5.primary.free(5);
  c.pod('shop/small', n5, n5.eni({ dev: 1, by: 'ipamd' }).free(4));
  // On by the DaemonSet, off by this node's own pod.
  const n6 = c.node('off-6', s, { type: 'm5.large', env: { ENABLE_POD_ENI: 'false' } });
  n6.primary.free(9);

  windows(c, s);
}

export function branches(): Cluster {
  const capture = startCapture();
  branchPods(capture);
  unreadableAnnotation(capture);
  slots(capture);
  return capture.c;
}

const last = (node: Node): Eni => {
  const eni = node.enis.at(-1);
  if (eni === undefined) throw new Error('no ENI');
  return eni;
};

const firstState = (actual: unknown, allowed: readonly string[]): string | null => {
  const state = (actual as readonly { readonly state: string }[])[0]?.state ?? 'none';
  return allowed.includes(state) ? null : state;
};

/** The controller hands out Windows addresses: always of the primary ENI, by an annotation. */
function windows(c: Cluster, s: Subnet): void {
  const node = c.node('win-1', s, {
    type: 'm5.large',
    ipamd: false,
    os: 'Windows Server 2022 Datacenter',
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
  });
  const held = node.primary.add();
  held.holder = 'if:shop/win/eth0';
  node.primary.free(2);
  c.write('shop/win', node, [held.ip], {
    annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${held.ip}/20` },
    resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
  });
  c.expectLink(held.holder, node, { held, eni: node.primary, rule: 'windows-annotation' });
}
