/** Which ENIs, cards and subnets ipamd uses, and when it may act at all (vpc-cni §1.1, §1.2, §2.4, §9). */
import { addNode, type NewNode } from '../../../lib/sim/model/ec2-nodes';
import { createEni } from '../../../lib/sim/model/enis';
import { must } from '../../../lib/sim/model/must';
import { addSubnet, allowFinding, type ClusterState } from '../../../lib/sim/model/state';
import type { SimSubnet } from '../../../lib/sim/model/subnet';
import { KEPT_OUT, NO_MANAGE, someTargets, startOn, TYPES, withFinished, type Mix } from './mix';

/** Many cards, some of which ipamd does not manage. */
export function multiNic(state: ClusterState, { subnet, pods }: Mix): void {
  const type = state.random.pick(['c6in.32xlarge', 'p4d.24xlarge']);
  const node = addNode(state, {
    subnet,
    type,
    env: { ENABLE_MULTI_NIC: 'true', WARM_IP_TARGET: '4' },
    extra: type === 'p4d.24xlarge' ? [{ subnet, type: 'efa-only', card: 2, device: 0, description: 'EFA' }] : [],
  });
  startOn(state, node, Math.min(3, pods), { multiNic: true, app: 'trainer' });
  withFinished(state, node, pods);
}

/** Unmanaged cards, and ENIs whose tags decide. */
export function tagged(state: ClusterState, { subnet, pods }: Mix): void {
  const manageUntagged = state.random.chance(0.5);
  const node = addNode(state, {
    subnet,
    type: 'p4d.24xlarge',
    env: { WARM_IP_TARGET: '4', ...(manageUntagged ? {} : { MANAGE_UNTAGGED_ENI: 'false' }) },
    extra: [
      { subnet, card: 0, description: 'kept out', tags: KEPT_OUT },
      { subnet, card: 1, description: 'storage' },
      ...(manageUntagged
        ? []
        : [
            { subnet, card: 0, description: 'ignored' },
            { subnet, card: 0, description: 'wanted', tags: { 'node.k8s.amazonaws.com/no_manage': 'false' } },
          ]),
    ],
  });
  withFinished(state, node, pods);
}

/** ENIs of other owners that ipamd manages, with tags that do not have the effect they suggest (vpc-cni §1.2). */
export function adopted(state: ClusterState, { subnet, pods }: Mix): void {
  const tags = state.random.pick<Readonly<Record<string, string>>>([
    {},
    { [NO_MANAGE]: 'True' },
    { [NO_MANAGE]: '1' },
    { [NO_MANAGE]: 'yes' },
    { [NO_MANAGE]: ' true' },
    { [NO_MANAGE]: 'false' },
    { [NO_MANAGE]: '' },
  ]);
  const node = addNode(state, {
    subnet,
    type: 'm5.xlarge',
    env: state.random.chance(0.5) ? { WARM_IP_TARGET: '16' } : {},
    extra: [
      { subnet, tags, description: 'storage' },
      { subnet, tags: KEPT_OUT, description: 'data plane' },
    ],
  });
  allowFinding(state, 'eni-adopted', ...node.eniIds);
  withFinished(state, node, pods);
}

/** Plain EFA ENIs serve pods and are never freed; EFA-only ones have no addresses (vpc-cni §1.2). */
export function efa(state: ClusterState, { subnet, pods }: Mix): void {
  const multiNic = state.random.chance(0.5);
  const node = addNode(state, {
    subnet,
    type: 'p4d.24xlarge',
    env: { WARM_IP_TARGET: '4', ENABLE_MULTI_NIC: String(multiNic) },
    extra: [
      { subnet, type: 'efa', card: 0, device: 1, description: 'EFA' },
      { subnet, type: 'efa-only', card: 0, device: 2, description: 'EFA' },
      { subnet, type: 'efa', card: 1, device: 0, description: 'EFA' },
      { subnet, type: 'efa-only', card: 2, device: 0, description: 'EFA' },
      { subnet, type: 'efa-only', card: 3, device: 0, description: 'EFA' },
      { subnet, card: 3, device: 1, description: 'ENA beside EFA', tags: { [NO_MANAGE]: 'false' } },
    ],
  });
  allowFinding(state, 'eni-adopted', ...node.eniIds);
  if (multiNic) startOn(state, node, 1, { multiNic: true, app: 'trainer' });
  withFinished(state, node, pods);
}

/** On a cordoned node the pool does not change, unless ipamd is configured to manage it (vpc-cni §2.4). */
export function cordoned(state: ClusterState, { subnet, pods }: Mix): void {
  const node = addNode(state, {
    subnet,
    type: state.random.pick(TYPES),
    cordoned: true,
    env: {
      ...someTargets(state, 'secondary-ip'),
      ...(state.random.chance(0.4) ? { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' } : {}),
    },
    unsettled: state.random.chance(0.5),
  });
  startOn(state, node, Math.min(3, pods), { owner: { kind: 'DaemonSet', name: 'log-agent' }, app: 'log-agent' });
}

const withoutWrites = (state: ClusterState, { subnet, pods }: Mix, env: NewNode['env']): void => {
  const isPrefix = state.random.chance(0.4);
  const node = addNode(state, {
    subnet,
    type: 'm5.xlarge',
    env: {
      ...env,
      ENABLE_PREFIX_DELEGATION: String(isPrefix),
      ...someTargets(state, isPrefix ? 'prefix' : 'secondary-ip'),
    },
    provisioned: isPrefix ? 2 : 9,
    extra: [
      { subnet, description: 'by launch template' },
      { subnet, description: 'kept out by a tag that only EC2 knows', tags: KEPT_OUT },
    ],
  });
  allowFinding(state, 'eni-adopted', ...node.eniIds);
  withFinished(state, node, Math.min(pods, 6));
};

/** IMDS only: ipamd reads no tags (vpc-cni §1.2). */
export const imdsOnly = (state: ClusterState, mix: Mix): void =>
  withoutWrites(state, mix, { ENABLE_IMDS_ONLY_MODE: 'true' });

/** No EC2 writes: no ENI, address or tag is created (vpc-cni §1.1, §9). */
export const noProvisioning = (state: ClusterState, mix: Mix): void =>
  withoutWrites(state, mix, { DISABLE_NETWORK_RESOURCE_PROVISIONING: 'true' });

const ROLE = 'kubernetes.io/role/cni';
const CLUSTER = 'cni.networking.k8s.aws/cluster/';

/** Subnet tags decide where new ENIs go and which addresses are not for pods (vpc-cni §1.1). */
export function taggedSubnets(state: ClusterState, { subnet, pods, index }: Mix): void {
  const own = addSubnet(state, { name: `own-${index}`, cidr: `10.71.${index}.0/25`, zone: subnet.zone });
  const add = (part: number, tags: Readonly<Record<string, string>>): void => {
    addSubnet(state, { name: `cni-${index}-${part}`, cidr: `10.7${2 + part}.${index}.0/24`, zone: subnet.zone, tags });
  };
  add(0, { [ROLE]: '1', [`${CLUSTER}${state.name}`]: 'shared' });
  add(1, { [ROLE]: '1', [`${CLUSTER}somebody-elses`]: 'shared' });
  add(2, { [ROLE]: '0' });
  if (state.random.chance(0.5)) own.tags = { ...own.tags, [ROLE]: '0' };
  withFinished(
    state,
    addNode(state, {
      subnet: own,
      type: 'm5.xlarge',
      env: {
        ...someTargets(state, 'secondary-ip'),
        MAX_ENI: '0',
        ENABLE_SUBNET_DISCOVERY: String(state.random.chance(0.8)),
      },
      cniVersion: state.random.pick(['v1.23.1', 'v1.22.1']),
    }),
    pods,
  );
}

/** A subnet that is nearly full. */
export function drySubnet(state: ClusterState, { subnet, pods, index }: Mix): void {
  const dry = addSubnet(state, { name: `dry-${index}`, cidr: `10.75.${index}.0/26`, zone: subnet.zone });
  const isPrefix = state.random.chance(0.5);
  const node = addNode(state, {
    subnet: dry,
    type: 'm5.xlarge',
    env: { WARM_IP_TARGET: '2', ENABLE_PREFIX_DELEGATION: String(isPrefix) },
  });
  startOn(state, node, Math.min(pods, 4));
  holdElsewhere(state, dry);
  allowFinding(state, 'pod-ip-failed');
}

/** An ENI of another owner takes the rest. */
function holdElsewhere(state: ClusterState, dry: SimSubnet): void {
  const eni = must(
    createEni(state, { subnetId: dry.id, description: 'Interface for a database', status: 'in-use' }),
    'address',
  );
  const held: string[] = [];
  while (dry.available > 3) held.push(must(dry.take(), 'address'));
  state.ec2.enis.patch(eni.id, { secondaryIps: held });
}
