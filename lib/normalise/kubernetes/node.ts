/** Node → NodeFact: the machine and what the kubelet reports about it (vpc-cni §5.2, §7). */
import type { NodeFact } from '../../model/facts';
import { isEniConfigAnnotation, objectKey } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import { namesNoCloud } from '../../model/provider-id';
import type { ComputeType, NodeCondition, Taint } from '../../model/records';
import { address, count, fields, items, readEach, text, timestamp } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern, internOrNull, internStringMap } from '../read/intern';
import type { Keyed } from '../read/keyed';
import { openObject } from './object';
import { extendedResources, quantity } from './quantity';

/** The node labels that are kept, besides ENIConfig hints. */
const SHOWN_LABELS: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'eks.amazonaws.com/nodegroup',
  'eks.amazonaws.com/compute-type',
  'eks.amazonaws.com/capacityType',
  'alpha.eksctl.io/nodegroup-name',
  'karpenter.sh/nodepool',
  'karpenter.sh/capacity-type',
  'vpc.amazonaws.com/has-trunk-attached',
]);

const CSI_NODE_IDS = 'csi.volume.kubernetes.io/nodeid';

/** Null without a name. `instanceId` is null outside EC2 and on Fargate; `ready` is null without a Ready condition. */
export function normaliseNode(value: unknown): Keyed<'node'> | null {
  const object = openObject(value);
  if (object === null) return null;
  const { meta, labels, annotations, spec, status } = object;
  const providerId = text(spec['providerID']);
  const label = text(labels['eks.amazonaws.com/compute-type']);
  const mayBeNamed = namesNoCloud(providerId) && label !== 'hybrid' && label !== 'fargate';
  const instanceId = instanceIdOf(providerId) ?? (mayBeNamed ? instanceNamed(meta.name, labels, annotations) : null);
  const nodeInfo = fields(status['nodeInfo']);
  const ready = items(status['conditions'])
    .map(fields)
    .find((condition) => condition['type'] === 'Ready');
  const problems: string[] = [];
  if (spec['providerID'] !== undefined && typeof spec['providerID'] !== 'string') {
    problems.push('spec.providerID is not text');
  }
  const fact: NodeFact = {
    ...meta,
    name: intern(meta.name),
    providerId,
    instanceId,
    instanceType: internOrNull(
      text(labels['node.kubernetes.io/instance-type']) ?? text(labels['beta.kubernetes.io/instance-type']),
    ),
    zone: internOrNull(
      text(labels['topology.kubernetes.io/zone']) ??
        text(labels['failure-domain.beta.kubernetes.io/zone']) ??
        zoneOf(providerId),
    ),
    computeType: computeTypeOf(label, providerId, instanceId),
    osImage: internOrNull(text(nodeInfo['osImage'])),
    os: internOrNull(text(nodeInfo['operatingSystem']) ?? text(labels['kubernetes.io/os'])),
    internalIps: readEach(status['addresses'], (one) => {
      const entry = fields(one);
      return entry['type'] === 'InternalIP' ? address(entry['address']) : null;
    }),
    podCidrs: podCidrs(spec),
    labels: internStringMap(labels, (key) => SHOWN_LABELS.has(key)),
    eniConfigHints: eniConfigHints(labels, annotations),
    // As in kubectl, Unknown counts as not ready: the kubelet no longer reports.
    ready: ready === undefined ? null : ready['status'] === 'True',
    networkConditions: networkConditions(status['conditions']),
    readySince: ready === undefined ? null : timestamp(ready['lastTransitionTime']),
    unschedulable: spec['unschedulable'] === true,
    taints: readEach(spec['taints'], taint),
    maxPods: wholePods(fields(status['capacity'])['pods']),
    allocatable: extendedResources(status['allocatable']),
    capacity: extendedResources(status['capacity']),
    problems,
  };
  return { key: objectKey(meta), fact };
}

/** `podCIDR` alone in objects from before dual stack. */
const podCidrs = (spec: Fields): readonly string[] =>
  readEach(spec['podCIDRs'] ?? [spec['podCIDR']], (cidr) => parseCidr(text(cidr) ?? '')?.text ?? null);

/** `aws:///us-east-1a/i-0abc` → `i-0abc`; null outside EC2 and for Fargate, whose last segment is `fargate-ip-…`. */
export function instanceIdOf(providerId: string | null): string | null {
  if (providerId?.startsWith('aws://') !== true) return null;
  const last = providerId.slice(providerId.lastIndexOf('/') + 1);
  return /^i-[0-9a-f]{4,32}$/.test(last) ? last : null;
}

const INSTANCE_ID = /^(i-[0-9a-f]{8,17})(?:\.|$)/;

/** The instance according to other writers: a resource-based host name, eksctl, and the node plugin of the EBS CSI driver. */
function instanceNamed(name: string, labels: Fields, annotations: Fields): string | null {
  const registered = /"ebs\.csi\.aws\.com":"([^"]{1,40})"/.exec(text(annotations[CSI_NODE_IDS]) ?? '')?.[1];
  const named = [name, text(labels['alpha.eksctl.io/instance-id']), registered];
  for (const one of named) {
    const id = INSTANCE_ID.exec(one ?? '')?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

function zoneOf(providerId: string | null): string | null {
  const match = /^aws:\/\/\/([a-z0-9-]+)\//.exec(providerId ?? '');
  return match?.[1] ?? null;
}

function computeTypeOf(label: string | null, providerId: string | null, instanceId: string | null): ComputeType {
  switch (label) {
    case 'fargate':
    case 'hybrid':
    case 'auto':
      return label;
    default:
  }
  if (instanceId !== null) return 'ec2';
  if (providerId?.startsWith('eks-hybrid:') === true) return 'hybrid';
  if (providerId !== null && /^aws:\/\/.*\/fargate-/.test(providerId)) return 'fargate';
  return 'other';
}

/**
 * Maximum length of a condition's kept message, in characters: the agent concatenates everything that it has seen since it
 * started.
 */
const MAX_CONDITION_LENGTH = 512;

/**
 * The healthy status of eks-node-monitoring-agent's condition, and of the one set by the route controller or the CNI.
 * `Unknown` is unhealthy.
 */
const HEALTHY_CONDITIONS: Readonly<Record<string, string>> = { NetworkingReady: 'True', NetworkUnavailable: 'False' };

function networkConditions(value: unknown): readonly NodeCondition[] {
  const found = readEach(value, (one) => {
    const condition = fields(one);
    const type = text(condition['type']);
    const sound = type === null ? undefined : HEALTHY_CONDITIONS[type];
    if (type === null || sound === undefined || condition['status'] === sound) return null;
    return {
      type: intern(type),
      reason: intern(text(condition['reason']) ?? ''),
      message: (text(condition['message']) ?? '').slice(0, MAX_CONDITION_LENGTH),
      since: timestamp(condition['lastTransitionTime']),
    };
  });
  return found.length < 2 ? found : [...found].sort((a, b) => byCodeUnit(a.type, b.type));
}

const wholePods = (value: unknown): number | null => count(value) ?? count(quantity(value));

function taint(value: unknown): Taint | null {
  const entry = fields(value);
  const key = text(entry['key']);
  const effect = text(entry['effect']);
  return key === null || effect === null
    ? null
    : { key: intern(key), value: internOrNull(text(entry['value'])), effect: intern(effect) };
}

/** Values that may be a name. ipamd also accepts a name that no ENIConfig can have, finds nothing, and does not try the next key. */
const NAME_LIKE = /^[\w.-]{1,253}$/;

/**
 * aws-node can be configured to read any label or annotation (ENI_CONFIG_LABEL_DEF, ENI_CONFIG_ANNOTATION_DEF; vpc-cni §7),
 * and only its DaemonSet shows which. Therefore all labels that could name an ENIConfig are kept, as `label:KEY`.
 * Annotations may contain anything, so only those whose keys mention ENIs are kept, as `annotation:KEY`.
 */
function eniConfigHints(labels: Fields, annotations: Fields): Readonly<Record<string, string>> {
  const hints: Record<string, string> = {};
  for (const key in labels) {
    const value = labels[key];
    if (typeof value === 'string' && NAME_LIKE.test(value)) hints[`label:${key}`] = value;
  }
  for (const key in annotations) {
    if (!isEniConfigAnnotation(key)) continue;
    const value = annotations[key];
    if (typeof value === 'string' && NAME_LIKE.test(value)) hints[`annotation:${key}`] = value;
  }
  return internStringMap(hints);
}
