/** A pod as in `GET /api/v1/pods`. `realistic` adds what makes real ones 5–7 KB: environment, volumes, managedFields. */
import { annotationOf } from '../model/cni-settings';
import { rfc3339 } from '../model/clock';
import type { Entry } from '../model/collection';
import type { SimContainer, SimPod } from '../model/pod';
import type { ClusterState } from '../model/state';

/** A Pod in its API form. `realistic`: with managedFields and environment, as large as a real one. */
export function renderPod(
  state: ClusterState,
  { rv, value: pod }: Entry<SimPod>,
  realistic: boolean,
): Record<string, unknown> {
  const createdAt = rfc3339(pod.createdAt);
  const annotated = Object.keys(pod.annotations).length > 0;
  return {
    metadata: {
      name: pod.name,
      ...(pod.owner === null ? {} : { generateName: `${pod.owner.name}-` }),
      namespace: pod.namespace,
      uid: pod.uid,
      resourceVersion: String(rv),
      creationTimestamp: createdAt,
      ...(pod.deletingAt === null
        ? {}
        : { deletionTimestamp: rfc3339(pod.deletingAt), deletionGracePeriodSeconds: 30 }),
      labels: pod.labels,
      ...(annotated ? { annotations: pod.annotations } : {}),
      ...(pod.owner === null
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: pod.owner.kind === 'Job' ? 'batch/v1' : 'apps/v1',
                kind: pod.owner.kind,
                name: pod.owner.name,
                uid: ownerUid(pod.owner.name),
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          }),
      ...(realistic ? { managedFields: managedFields(createdAt) } : {}),
    },
    spec: {
      ...(realistic ? { volumes: VOLUMES } : {}),
      containers: pod.containers.map((container, index) =>
        renderContainer(container, index === 0 ? pod : null, realistic),
      ),
      restartPolicy: pod.owner?.kind === 'Job' ? 'Never' : 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      ...(pod.node === null ? {} : { nodeName: pod.node }),
      ...(pod.hostNetwork ? { hostNetwork: true } : {}),
      ...(pod.claims.length === 0 ? {} : { resourceClaims: pod.claims.map(requestedClaim) }),
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: TOLERATIONS,
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: renderStatus(state, pod),
  };
}

const requestedClaim = ({ name, claim, template }: SimPod['claims'][number]): Record<string, unknown> =>
  template === null ? { name, resourceClaimName: claim } : { name, resourceClaimTemplateName: template };

const TOLERATIONS = Object.freeze(
  ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  })),
);

function renderStatus(state: ClusterState, pod: SimPod): Record<string, unknown> {
  const at = rfc3339(pod.startedAt ?? pod.createdAt);
  const hostIp = pod.node === null ? undefined : state.nodes.get(pod.node)?.facts.internalIp;
  const condition = (type: string, ok: boolean, reason?: string): Record<string, unknown> => ({
    type,
    status: ok ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: at,
    ...(reason === undefined ? {} : { reason }),
  });
  const done = pod.phase === 'Succeeded' || pod.phase === 'Failed';
  return {
    phase: pod.phase,
    conditions: [
      condition('PodReadyToStartContainers', pod.phase === 'Running'),
      condition('Initialized', true),
      condition('Ready', pod.ready, pod.ready ? undefined : done ? 'PodCompleted' : 'ContainersNotReady'),
      condition('ContainersReady', pod.ready),
      pod.node === null ? condition('PodScheduled', false, 'Unschedulable') : condition('PodScheduled', true),
    ],
    ...(hostIp === undefined ? {} : { hostIP: hostIp, hostIPs: [{ ip: hostIp }] }),
    ...(pod.ips[0] === undefined ? {} : { podIP: pod.ips[0], podIPs: pod.ips.map((ip) => ({ ip })) }),
    ...(pod.node === null ? {} : { startTime: rfc3339(pod.createdAt) }),
    qosClass: 'Burstable',
    ...(pod.claims.length === 0
      ? {}
      : {
          resourceClaimStatuses: pod.claims
            .filter(({ template }) => template !== null)
            .map(({ name, claim }) => ({ name, resourceClaimName: claim })),
        }),
    ...(pod.node === null
      ? {}
      : { containerStatuses: pod.containers.map((container) => containerStatus(pod, container, at)) }),
  };
}

function containerStatus(pod: SimPod, container: SimContainer, at: string): Record<string, unknown> {
  const state =
    pod.phase === 'Running'
      ? { running: { startedAt: at } }
      : pod.phase === 'Pending'
        ? { waiting: { reason: 'ContainerCreating' } }
        : {
            terminated: {
              exitCode: pod.phase === 'Failed' ? 1 : 0,
              reason: pod.phase === 'Failed' ? 'Error' : 'Completed',
              startedAt: at,
              finishedAt: at,
            },
          };
  return {
    name: container.name,
    state,
    lastState: {},
    ready: pod.ready,
    restartCount: 0,
    image: container.image,
    imageID: '',
    started: pod.phase === 'Running',
  };
}

function renderContainer(container: SimContainer, pod: SimPod | null, realistic: boolean): Record<string, unknown> {
  const env = Object.entries(container.env).map(([name, value]) =>
    container.referred?.includes(name) === true
      ? {
          name,
          valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['${annotationOf(name)}']` } },
        }
      : { name, value },
  );
  const quantities = Object.fromEntries(
    Object.entries(pod?.resources ?? {}).map(([name, count]) => [name, String(count)]),
  );
  return {
    name: container.name,
    image: container.image,
    ...(container.ports === undefined
      ? {}
      : {
          ports: container.ports.map(({ name, port }) => ({
            name,
            containerPort: port,
            hostPort: port,
            protocol: 'TCP',
          })),
        }),
    ...(env.length > 0 || realistic ? { env: realistic && env.length === 0 ? APP_ENV : env } : {}),
    resources: {
      limits: { memory: '512Mi', ...quantities },
      requests: { cpu: '100m', memory: '256Mi', ...quantities },
      ...(pod === null || pod.claims.length === 0 ? {} : { claims: pod.claims.map(({ name }) => ({ name })) }),
    },
    ...(realistic
      ? {
          volumeMounts: VOLUME_MOUNTS,
          livenessProbe: PROBE,
          readinessProbe: PROBE,
        }
      : {}),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  };
}

const VOLUME_MOUNTS = Object.freeze([
  { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
]);

const PROBE = Object.freeze({
  httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
});

const APP_ENV = Object.freeze(
  Array.from({ length: 24 }, (_, index) =>
    index % 6 === 0
      ? { name: `NODE_FACT_${index}`, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.hostIP' } } }
      : { name: `APP_SETTING_${index}`, value: `value-of-setting-number-${index}` },
  ),
);

const VOLUME = {
  name: 'kube-api-access',
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  },
};
const VOLUMES = Object.freeze([VOLUME]);

const field = (depth: number, prefix: string): Record<string, unknown> => ({
  '.': {},
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `f:${prefix}${index}`,
      depth === 0 ? {} : { '.': {}, 'f:name': {}, 'f:value': {} },
    ]),
  ),
});

const FIELDS = Object.freeze({
  'f:metadata': {
    'f:annotations': field(0, 'annotation'),
    'f:labels': field(0, 'label'),
    'f:ownerReferences': { '.': {} },
  },
  'f:spec': { 'f:containers': { 'k:{"name":"main"}': { ...field(1, 'env'), 'f:resources': field(0, 'limit') } } },
});
const STATUS_FIELDS = Object.freeze({
  'f:status': { ...field(1, 'condition'), 'f:podIPs': { '.': {} }, 'f:startTime': {} },
});

const managedFields = (time: string): readonly Record<string, unknown>[] => [
  {
    manager: 'kube-controller-manager',
    operation: 'Update',
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: FIELDS,
  },
  {
    manager: 'kubelet',
    operation: 'Update',
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: STATUS_FIELDS,
    subresource: 'status',
  },
];

/** A UID derived from the owner's name, so that none is stored. */
function ownerUid(name: string): string {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const hex = hash.toString(16).padStart(8, '0');
  return `${hex}-0000-4000-a000-${hex}0000`;
}
