/**
 * The lifecycle of an ENI: created, attached, tagged, detached, deleted; with the tags and descriptions that its creator
 * writes (vpc-cni §1.1).
 */
import { INSTANCE_ID_KEY } from './eni-tags';
import { rfc3339 } from './clock';
import { ACCOUNT, type Ec2Eni } from './ec2';
import { awsId, eniMac } from './identity';
import { must } from './must';
import type { SimNode } from './node';
import type { ClusterState } from './state';

/** An ENI to create. */
export interface NewEni {
  readonly subnetId: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly groups?: readonly string[];
  readonly sourceDestCheck?: boolean;
  readonly requesterManaged?: boolean;
  readonly status?: Ec2Eni['status'];
}

/** Creates an unattached ENI. EFA-only ENIs have no address. Null if the subnet is full. */
export function createEni(state: ClusterState, wanted: NewEni): Ec2Eni | null {
  const subnet = state.ec2.subnet(wanted.subnetId);
  const type = wanted.type ?? 'interface';
  const primaryIp = type === 'efa-only' ? null : subnet.take();
  if (primaryIp === null && type !== 'efa-only') return null;
  return state.ec2.enis.put({
    id: awsId(state.random, 'eni'),
    instanceId: null,
    attachment: null,
    type,
    status: wanted.status ?? 'available',
    mac: eniMac(state.random),
    subnetId: subnet.id,
    vpcId: subnet.vpc,
    zone: subnet.zone,
    sourceDestCheck: wanted.sourceDestCheck ?? true,
    groups: wanted.groups ?? [state.nodeGroup],
    description: wanted.description ?? '',
    tags: wanted.tags ?? {},
    primaryIp,
    secondaryIps: [],
    prefixes: [],
    ipv6: [],
    ipv6Prefixes: [],
    requesterManaged: wanted.requesterManaged ?? false,
  });
}

/** Where an ENI is attached. `at`: epoch milliseconds. */
export interface Place {
  readonly card: number;
  readonly device: number;
  readonly at?: number;
  readonly status?: 'attaching' | 'attached';
  readonly deleteOnTermination?: boolean;
}

/** Attaches an ENI to an instance. Throws if either does not exist. */
export function attachEni(state: ClusterState, eniId: string, instanceId: string, place: Place): Ec2Eni {
  const status = place.status ?? 'attached';
  const attached = state.ec2.enis.patch(eniId, {
    instanceId,
    status: status === 'attached' ? 'in-use' : 'attaching',
    attachment: {
      id: awsId(state.random, 'eni-attach'),
      card: place.card,
      device: place.device,
      status,
      at: place.at ?? state.now(),
      deleteOnTermination: place.deleteOnTermination ?? true,
      instanceOwnerId: ACCOUNT,
    },
  });
  return must(attached, `ENI ${eniId}`);
}

/** Completes an attachment that was in progress. */
export function completeAttachment(state: ClusterState, eniId: string): void {
  const eni = state.ec2.enis.get(eniId);
  if (eni === undefined || eni.attachment === null) return;
  state.ec2.enis.patch(eniId, { status: 'in-use', attachment: { ...eni.attachment, status: 'attached' } });
}

/** Sets tags of an ENI; null removes one. */
export function tagEni(state: ClusterState, eniId: string, tags: Readonly<Record<string, string | null>>): void {
  const next = Object.fromEntries(
    Object.entries({ ...state.ec2.eni(eniId).tags, ...tags }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    ),
  );
  state.ec2.enis.patch(eniId, { tags: next });
}

/** ENIs attached to an instance, primary first. Branch ENIs are not attached (vpc-cni §5.1). */
export function attachedEnis(state: ClusterState, node: Pick<SimNode, 'eniIds'>): Ec2Eni[] {
  return [...node.eniIds].flatMap((id) => state.ec2.enis.get(id) ?? []);
}

/** Tags that ipamd writes on every managed ENI except the trunk; `createdAt` only on those that it created. */
export function ipamdTags(node: Pick<SimNode, 'instanceId' | 'cni'>, createdAt: number | null): Record<string, string> {
  const tags: Record<string, string> = { [INSTANCE_ID_KEY]: must(node.instanceId, 'instance id') };
  if (createdAt !== null) tags['node.k8s.amazonaws.com/createdAt'] = rfc3339(createdAt);
  const clusterName = node.cni?.clusterName ?? '';
  if (clusterName !== '') {
    tags['cluster.k8s.amazonaws.com/name'] = clusterName;
    tags['eks:eni:owner'] = 'amazon-vpc-cni';
  }
  return tags;
}

/** Tags of the VPC resource controller on trunk and branch ENIs. */
export const controllerTags = (state: ClusterState, instanceId: string): Record<string, string> => ({
  'eks:eni:owner': 'eks-vpc-resource-controller',
  [`kubernetes.io/cluster/${state.name}`]: 'owned',
  [INSTANCE_ID_KEY]: instanceId,
});
