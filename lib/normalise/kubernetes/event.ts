/** Event → EventFact, for the reasons that a rule uses; core/v1 and events.k8s.io/v1 use different field names. */
import type { EventFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { count, fields, text, timestamp } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern } from '../read/intern';
import type { Keyed } from '../read/keyed';
import { openObject } from './object';

interface Reason {
  readonly reason: string;
  /** A further condition for a reason that other components use with another meaning. */
  readonly keep?: (message: string, component: string | null) => boolean;
}

const fromResourceController = (_message: string, component: string | null): boolean =>
  component === null || component === 'vpc-resource-controller';

/** The kubelet's messages about a network probe that got no answer. */
const UNREACHED =
  /deadline exceeded|i\/o timeout|Client\.Timeout|request canceled while waiting|no route to host|failed to connect service/;

/** multus §1.7, §6 P12; vpc-cni §6, §10. Each reason is a watch with its own field selector. */
export const EVENT_REASONS: readonly Reason[] = [
  { reason: 'FailedCreatePodSandBox' },
  // About a workload whose pods the API server rejects: a webhook, a quota.
  { reason: 'FailedCreate' },
  // Relevant for pods with a branch ENI, whose probes take another path. Other messages come from the probed application.
  { reason: 'Unhealthy', keep: (message) => /probe failed|probe errored/.test(message) && UNREACHED.test(message) },
  { reason: 'FailedKillPod' },
  { reason: 'FailedPodSandBoxStatus' },
  // Also used for containers and images; older kubelets report sandbox failures under this reason.
  { reason: 'FailedSync', keep: (message) => /sandbox|network/i.test(message) },
  { reason: 'NetworkNotReady' },
  { reason: 'FailedPrepareDynamicResources' },
  { reason: 'FailedResourceClaimCreation' },
  // Components that create ports themselves report why they could not: OVN-Kubernetes (the newer reason, then the
  // older), Kube-OVN.
  { reason: 'ErrorAllocatingPod' },
  { reason: 'ErrorAddingLogicalPort' },
  { reason: 'AcquireAddressFailed' },
  { reason: 'CreateOVNPortFailed' },
  { reason: 'UnexpectedAdmissionError' },
  { reason: 'TopologyAffinityError' },
  { reason: 'NoNetworkFound' },
  // All messages are kept, because users also ask why a pod that lacks CPU has no address.
  { reason: 'FailedScheduling' },
  // Volumes are mounted before the sandbox is created, and thus before the pod has an address.
  { reason: 'FailedMount' },
  { reason: 'FailedAttachVolume' },
  // Of a VirtualMachineInstance whose pod runs. KubeVirt's other texts are about disks and the domain.
  {
    reason: 'SyncFailed',
    keep: (message, component) =>
      (component === null || component === 'virt-handler') && /network|\bnic\b|SR-?IOV|\bpasst\b/i.test(message),
  },
  // eks-node-monitoring-agent names its Events after the condition.
  { reason: 'NetworkingReady', keep: (_message, component) => component === 'eks-node-monitoring-agent' },
  { reason: 'MissingIAMPermissions' },
  { reason: 'BranchAllocationFailed' },
  { reason: 'BranchENIAnnotationFailed' },
  { reason: 'NodeTrunkFailedInit' },
  { reason: 'TrunkENICreationFailed' },
  { reason: 'InsufficientCidrBlocks' },
  { reason: 'EniConfigNameNotFound' },
  { reason: 'CNINodeCreationFailed' },
  // Karpenter's word for every launch that EC2 refuses; of interest where a subnet has no address.
  { reason: 'InsufficientCapacityError', keep: (message) => message.includes('InsufficientFreeAddressesInSubnet') },
  { reason: 'Unsupported', keep: fromResourceController },
];

/** Characters. The kubelet puts the whole chain of plugin errors into one message; the relevant part comes well before this limit. */
const MAX_MESSAGE_LENGTH = 4096;

/** The normaliser for one reason's watch; events with another reason are dropped. */
export const normaliseEvent =
  ({ reason, keep }: Reason) =>
  (value: unknown): Keyed<'event'> | null => {
    const object = openObject(value);
    if (object?.root['reason'] !== reason) return null;
    const { meta, root } = object;
    const message = (text(root['message']) ?? text(root['note']) ?? '').slice(0, MAX_MESSAGE_LENGTH);
    if (keep?.(message, componentOf(root)) === false) return null;
    const series = fields(root['series']);
    const eventTime = timestamp(root['eventTime']) ?? meta.createdAt;
    return {
      key: objectKey(meta),
      fact: {
        ...meta,
        reason,
        involved: involved(fields(root['involvedObject'] ?? root['regarding'])),
        message,
        count: Math.max(1, count(root['count']) ?? count(series['count']) ?? count(root['deprecatedCount']) ?? 1),
        firstAt: timestamp(root['firstTimestamp']) ?? timestamp(root['deprecatedFirstTimestamp']) ?? eventTime,
        lastAt:
          timestamp(series['lastObservedTime']) ??
          timestamp(root['lastTimestamp']) ??
          timestamp(root['deprecatedLastTimestamp']) ??
          eventTime,
      },
    };
  };

const componentOf = (root: Fields): string | null =>
  text(root['reportingComponent']) ??
  text(root['reportingController']) ??
  text(fields(root['source'])['component']) ??
  text(fields(root['deprecatedSource'])['component']);

function involved(object: Fields): EventFact['involved'] {
  return {
    kind: intern(text(object['kind']) ?? ''),
    namespace: intern(text(object['namespace']) ?? ''),
    name: text(object['name']) ?? '',
    uid: text(object['uid']) ?? '',
  };
}
