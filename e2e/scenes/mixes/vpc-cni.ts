/**
 * Nodes in each address mode of the VPC CNI: secondary addresses, prefixes, leftovers of the other mode, IPv6, custom
 * networking, branch ENIs.
 */
import { addNode } from '../../../lib/sim/model/ec2-nodes';
import { rollOut } from '../base/roll-out';
import { addSubnet, allowFinding, type ClusterState } from '../../../lib/sim/model/state';
import { addObject, installCrds } from '../../../lib/sim/scenes/base/scene';
import { addCniNode, someReferences, someRelease, someTargets, startOn, TYPES, withFinished, type Mix } from './mix';

export function secondary(state: ClusterState, { subnet, pods }: Mix): void {
  const env = someTargets(state, 'secondary-ip');
  const node = addNode(state, {
    subnet,
    type: state.random.pick(TYPES),
    env,
    referred: someReferences(state, env),
    cniVersion: someRelease(state),
    namedById: state.random.chance(0.3),
  });
  withFinished(state, node, pods);
}

export function prefix(state: ClusterState, { subnet, pods }: Mix): void {
  const env = { ENABLE_PREFIX_DELEGATION: 'true', ...someTargets(state, 'prefix') };
  withFinished(
    state,
    addNode(state, {
      subnet,
      type: state.random.pick(TYPES),
      env,
      referred: someReferences(state, env),
      cniVersion: someRelease(state),
    }),
    pods,
  );
}

/** aws-node's mode was changed while pods ran: their addresses stay and take slots (vpc-cni §2.2). */
export function leftovers(state: ClusterState, { subnet, pods }: Mix): void {
  const toPrefix = state.random.chance(0.5);
  const env = { ENABLE_PREFIX_DELEGATION: String(!toPrefix), WARM_IP_TARGET: '4' };
  const node = addNode(state, { subnet, type: state.random.pick(['m5.large', 'm5.xlarge', 'm6i.2xlarge']), env });
  withFinished(state, node, Math.max(3, pods));
  rollOut(state, node, { ENABLE_PREFIX_DELEGATION: String(toPrefix) });
  startOn(state, node, 2, { app: 'younger' });
}

/** A Xen node: it has no prefixes, so ipamd falls back to addresses. */
export function xen(state: ClusterState, { subnet, pods }: Mix): void {
  withFinished(
    state,
    addNode(state, { subnet, type: 'm4.large', env: { ENABLE_PREFIX_DELEGATION: 'true' } }),
    Math.min(pods, 8),
  );
}

export function ipv6(state: ClusterState, { pods, index, subnet }: Mix): void {
  const own = addSubnet(state, {
    name: `v6-${index}`,
    cidr: `10.70.${index}.0/24`,
    zone: subnet.zone,
    ipv6Cidr: `2a05:d018:70:${index.toString(16)}::/64`,
  });
  withFinished(
    state,
    addNode(state, {
      subnet: own,
      type: 'm5.large',
      env: { ENABLE_PREFIX_DELEGATION: 'true', ENABLE_IPv4: 'false', ENABLE_IPv6: 'true' },
    }),
    pods,
  );
}

export function customNetworking(state: ClusterState, { subnet, pods, index }: Mix): void {
  const podSubnet = addSubnet(state, { name: `pods-${index}`, cidr: `100.64.${index}.0/24`, zone: subnet.zone });
  const groups = [state.nodeGroup];
  installCrds(state, 'crd.k8s.amazonaws.com/eniconfigs');
  const name = `${subnet.zone}-${index}`;
  addObject(state, 'crd.k8s.amazonaws.com/eniconfigs', {
    apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
    kind: 'ENIConfig',
    metadata: { name },
    spec: { subnet: podSubnet.id, securityGroups: groups },
  });
  withFinished(
    state,
    addNode(state, {
      subnet,
      type: 'm5.xlarge',
      env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', WARM_IP_TARGET: '4' },
      labels: { 'k8s.amazonaws.com/eniConfig': name },
      podSubnet: { subnet: podSubnet, groups },
    }),
    pods,
  );
}

export function securityGroupPods(state: ClusterState, { subnet, pods }: Mix): void {
  const node = addNode(state, {
    subnet,
    type: state.random.pick(['m5.large', 'm5.4xlarge']),
    env: { ENABLE_POD_ENI: 'true', WARM_IP_TARGET: '3' },
    trunk: true,
  });
  addCniNode(state, node, ['SecurityGroupsForPods']);
  startOn(state, node, Math.min(3, pods), { groups: [state.nodeGroup], app: 'payments' });
  withFinished(state, node, pods);
}

/** A trunk is wanted but not created: one slot stays free for it (vpc-cni §1.3, §6). */
export function trunkWanted(state: ClusterState, { subnet, pods }: Mix): void {
  const node = addNode(state, {
    subnet,
    type: state.random.pick(['m5.large', 'm6i.2xlarge', 't3.medium']),
    env: { ENABLE_POD_ENI: 'true', ...someTargets(state, 'secondary-ip') },
  });
  if (state.random.chance(0.5)) addCniNode(state, node, ['SecurityGroupsForPods']);
  allowFinding(state, 'trunk-missing', `node:${node.facts.name}`);
  withFinished(state, node, pods);
}
