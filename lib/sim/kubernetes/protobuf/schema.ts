/**
 * The messages that this API server writes, after Kubernetes' `generated.proto`: number, name, type.
 *
 * `type?`: written only if set, like a pointer in Go; without the mark, the zero value is written as well. `type*`: a list.
 * `type~`: its fields are inlined into the JSON object. Other messages belong to kinds that this server serves as JSON.
 */
const SCHEMA = `
ObjectMeta: 1 name text, 2 generateName text, 3 namespace text, 4 selfLink text, 5 uid text, 6 resourceVersion text,
  7 generation int, 8 creationTimestamp time, 9 deletionTimestamp time?, 10 deletionGracePeriodSeconds int?, 11 labels map,
  12 annotations map, 13 ownerReferences OwnerReference*, 14 finalizers text*, 17 managedFields ManagedFieldsEntry*
OwnerReference: 1 kind text, 3 name text, 4 uid text, 5 apiVersion text, 6 controller bool?, 7 blockOwnerDeletion bool?
ManagedFieldsEntry: 1 manager text, 2 operation text, 3 apiVersion text, 4 time time?, 6 fieldsType text, 7 fieldsV1 json?,
  8 subresource text
LabelSelector: 1 matchLabels map, 2 matchExpressions LabelSelectorRequirement*
LabelSelectorRequirement: 1 key text, 2 operator text, 3 values text*
Status: 1 metadata ListMeta, 2 status text, 3 message text, 4 reason text, 5 details StatusDetails?, 6 code int
StatusDetails: 1 name text, 2 group text, 3 kind text, 4 causes StatusCause*, 5 retryAfterSeconds int, 6 uid text
StatusCause: 1 reason text, 2 message text, 3 field text
ListMeta: 1 selfLink text, 2 resourceVersion text, 3 continue text, 4 remainingItemCount int?

Pod: 1 metadata ObjectMeta, 2 spec PodSpec, 3 status PodStatus
PodSpec: 1 volumes Volume*, 2 containers Container*, 3 restartPolicy text, 4 terminationGracePeriodSeconds int?,
  6 dnsPolicy text, 7 nodeSelector map, 8 serviceAccountName text, 9 serviceAccount text, 10 nodeName text,
  11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool, 14 securityContext Empty?, 16 hostname text, 17 subdomain text,
  19 schedulerName text, 20 initContainers Container*, 22 tolerations Toleration*, 24 priorityClassName text,
  25 priority int?, 30 enableServiceLinks bool?, 31 preemptionPolicy text?, 39 resourceClaims PodResourceClaim*
PodResourceClaim: 1 name text, 3 resourceClaimName text?, 4 resourceClaimTemplateName text?
PodResourceClaimStatus: 1 name text, 2 resourceClaimName text?
ContainerClaim: 1 name text
Empty:
Volume: 1 name text, 2 volumeSource VolumeSource~
VolumeSource: 26 projected ProjectedVolumeSource?
ProjectedVolumeSource: 1 sources VolumeProjection*, 2 defaultMode int?
VolumeProjection: 2 downwardAPI DownwardAPIProjection?, 3 configMap ConfigMapProjection?,
  4 serviceAccountToken ServiceAccountTokenProjection?
DownwardAPIProjection: 1 items DownwardAPIVolumeFile*
DownwardAPIVolumeFile: 1 path text, 2 fieldRef ObjectFieldSelector?
ConfigMapProjection: 1 localObjectReference LocalObjectReference~, 2 items KeyToPath*
LocalObjectReference: 1 name text
KeyToPath: 1 key text, 2 path text
ServiceAccountTokenProjection: 1 audience text, 2 expirationSeconds int?, 3 path text
ObjectFieldSelector: 1 apiVersion text, 2 fieldPath text
Toleration: 1 key text, 2 operator text, 3 value text, 4 effect text, 5 tolerationSeconds int?
Container: 1 name text, 2 image text, 3 command text*, 4 args text*, 5 workingDir text, 6 ports ContainerPort*,
  7 env EnvVar*, 8 resources ResourceRequirements, 9 volumeMounts VolumeMount*, 10 livenessProbe Probe?,
  11 readinessProbe Probe?, 13 terminationMessagePath text, 14 imagePullPolicy text, 16 stdin bool, 17 stdinOnce bool,
  18 tty bool, 20 terminationMessagePolicy text, 24 restartPolicy text?
ContainerPort: 1 name text, 2 hostPort int, 3 containerPort int, 4 protocol text, 5 hostIP text
EnvVar: 1 name text, 2 value text, 3 valueFrom EnvVarSource?
EnvVarSource: 1 fieldRef ObjectFieldSelector?
ResourceRequirements: 1 limits quantities, 2 requests quantities, 3 claims ContainerClaim*
VolumeMount: 1 name text, 2 readOnly bool, 3 mountPath text, 4 subPath text, 6 subPathExpr text
Probe: 1 handler ProbeHandler~, 2 initialDelaySeconds int, 3 timeoutSeconds int, 4 periodSeconds int,
  5 successThreshold int, 6 failureThreshold int
ProbeHandler: 2 httpGet HTTPGetAction?
HTTPGetAction: 1 path text, 2 port intOrString, 3 host text, 4 scheme text
PodStatus: 1 phase text, 2 conditions PodCondition*, 3 message text, 4 reason text, 5 hostIP text, 6 podIP text,
  7 startTime time?, 8 containerStatuses ContainerStatus*, 9 qosClass text, 11 nominatedNodeName text, 12 podIPs IP*,
  15 resourceClaimStatuses PodResourceClaimStatus*, 16 hostIPs IP*
IP: 1 ip text
PodCondition: 1 type text, 2 status text, 3 lastProbeTime time, 4 lastTransitionTime time, 5 reason text, 6 message text
ContainerStatus: 1 name text, 2 state ContainerState, 3 lastState ContainerState, 4 ready bool, 5 restartCount int,
  6 image text, 7 imageID text, 8 containerID text, 9 started bool?
ContainerState: 1 waiting ContainerStateWaiting?, 2 running ContainerStateRunning?, 3 terminated ContainerStateTerminated?
ContainerStateWaiting: 1 reason text, 2 message text
ContainerStateRunning: 1 startedAt time
ContainerStateTerminated: 1 exitCode int, 2 signal int, 3 reason text, 4 message text, 5 startedAt time, 6 finishedAt time,
  7 containerID text
PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec

Node: 1 metadata ObjectMeta, 2 spec NodeSpec, 3 status NodeStatus
NodeSpec: 1 podCIDR text, 2 externalID text, 3 providerID text, 4 unschedulable bool, 5 taints Taint*, 7 podCIDRs text*
Taint: 1 key text, 2 value text, 3 effect text, 4 timeAdded time?
NodeStatus: 1 capacity quantities, 2 allocatable quantities, 3 phase text, 4 conditions NodeCondition*,
  5 addresses NodeAddress*, 6 daemonEndpoints NodeDaemonEndpoints, 7 nodeInfo NodeSystemInfo
NodeCondition: 1 type text, 2 status text, 3 lastHeartbeatTime time, 4 lastTransitionTime time, 5 reason text, 6 message text
NodeAddress: 1 type text, 2 address text
NodeDaemonEndpoints: 1 kubeletEndpoint DaemonEndpoint
DaemonEndpoint: 1 Port int
NodeSystemInfo: 1 machineID text, 2 systemUUID text, 3 bootID text, 4 kernelVersion text, 5 osImage text,
  6 containerRuntimeVersion text, 7 kubeletVersion text, 8 kubeProxyVersion text, 9 operatingSystem text,
  10 architecture text

Event: 1 metadata ObjectMeta, 2 involvedObject ObjectReference, 3 reason text, 4 message text, 5 source EventSource,
  6 firstTimestamp time, 7 lastTimestamp time, 8 count int, 9 type text, 10 eventTime microTime, 11 series EventSeries?,
  12 action text, 14 reportingComponent text, 15 reportingInstance text
ObjectReference: 1 kind text, 2 namespace text, 3 name text, 4 uid text, 5 apiVersion text, 6 resourceVersion text,
  7 fieldPath text
EventSource: 1 component text, 2 host text
EventSeries: 1 count int, 2 lastObservedTime microTime
Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status NamespaceStatus
NamespaceSpec: 1 finalizers text*
NamespaceStatus: 1 phase text

DaemonSet: 1 metadata ObjectMeta, 2 spec DaemonSetSpec, 3 status DaemonSetStatus
DaemonSetSpec: 1 selector LabelSelector?, 2 template PodTemplateSpec, 4 minReadySeconds int
DaemonSetStatus: 1 currentNumberScheduled int, 2 numberMisscheduled int, 3 desiredNumberScheduled int, 4 numberReady int,
  5 observedGeneration int, 6 updatedNumberScheduled int, 7 numberAvailable int, 8 numberUnavailable int
Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status DeploymentStatus
DeploymentSpec: 1 replicas int?, 2 selector LabelSelector?, 3 template PodTemplateSpec, 5 minReadySeconds int, 7 paused bool
DeploymentStatus: 1 observedGeneration int, 2 replicas int, 3 updatedReplicas int, 4 availableReplicas int,
  5 unavailableReplicas int, 7 readyReplicas int
StatefulSet: 1 metadata ObjectMeta, 2 spec StatefulSetSpec, 3 status StatefulSetStatus
StatefulSetSpec: 1 replicas int?, 2 selector LabelSelector?, 3 template PodTemplateSpec, 5 serviceName text,
  6 podManagementPolicy text, 9 minReadySeconds int
StatefulSetStatus: 1 observedGeneration int, 2 replicas int, 3 readyReplicas int, 4 currentReplicas int,
  5 updatedReplicas int, 6 currentRevision text, 7 updateRevision text, 11 availableReplicas int
Job: 1 metadata ObjectMeta, 2 spec JobSpec, 3 status JobStatus
JobSpec: 1 parallelism int?, 2 completions int?, 6 template PodTemplateSpec, 7 backoffLimit int?, 10 suspend bool?
JobStatus: 1 conditions JobCondition*, 2 startTime time?, 4 active int
JobCondition: 1 type text, 2 status text, 3 lastProbeTime time, 4 lastTransitionTime time
CronJob: 1 metadata ObjectMeta, 2 spec CronJobSpec, 3 status CronJobStatus
CronJobSpec: 1 schedule text, 3 concurrencyPolicy text, 4 suspend bool?, 5 jobTemplate JobTemplateSpec
JobTemplateSpec: 1 metadata ObjectMeta, 2 spec JobSpec
CronJobStatus: 4 lastScheduleTime time?
NetworkPolicy: 1 metadata ObjectMeta, 2 spec NetworkPolicySpec
NetworkPolicySpec: 1 podSelector LabelSelector, 4 policyTypes text*
ServiceCIDR: 1 metadata ObjectMeta, 2 spec ServiceCIDRSpec, 3 status ServiceCIDRStatus
ServiceCIDRSpec: 1 cidrs text*
ServiceCIDRStatus: 1 conditions Condition*
Condition: 1 type text, 2 status text, 3 observedGeneration int, 4 lastTransitionTime time, 5 reason text, 6 message text
`;

/** A field of a message in `generated.proto`. */
export interface Field {
  readonly number: number;
  readonly name: string;
  /** A scalar, or the name of a message. */
  readonly type: string;
  readonly isList: boolean;
  readonly isPointer: boolean;
  readonly isInline: boolean;
}

function fieldOf(text: string): Field {
  const [number = '', name = '', type = ''] = text.trim().split(/\s+/);
  const mark = /[*?~]$/.exec(type)?.[0];
  return {
    number: Number(number),
    name,
    type: type.replace(/[*?~]$/, ''),
    isList: mark === '*',
    isPointer: mark === '?',
    isInline: mark === '~',
  };
}

/** The fields of each message, the last one first: messages are written from their end. */
export const MESSAGES: ReadonlyMap<string, readonly Field[]> = new Map(
  SCHEMA.replaceAll('\n  ', ' ')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', fields = ''] = line.split(':');
      return [name, fields.trim() === '' ? [] : fields.split(',').map(fieldOf).reverse()];
    }),
);
