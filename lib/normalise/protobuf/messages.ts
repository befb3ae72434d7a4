/**
 * The fields of the built-in kinds that the normalisers read, with their numbers in Kubernetes' `generated.proto`
 * (k8s.io/api and k8s.io/apimachinery). Add a field here when a normaliser begins to read it;
 * `lib/normalise/protobuf/facts.test.ts` compares the facts with those from JSON.
 */
import { IDENTITY_TOKEN } from '../kubernetes/identity-token';
import { message, type Decoded, type Message } from './message';

const ownerReference = message(['kind', 1, 'text'], ['name', 3, 'text'], ['controller', 6, 'flag']);

const objectMeta = message(
  ['name', 1, 'ownText'],
  ['namespace', 3, 'text'],
  ['uid', 5, 'ownText'],
  ['generation', 7, 'integer'],
  ['creationTimestamp', 8, 'time'],
  ['deletionTimestamp', 9, 'time'],
  ['labels', 11, 'textMap'],
  ['annotations', 12, 'annotationMap'],
  ['ownerReferences', 13, { many: ownerReference }],
);

const labelSelector = message(
  ['matchLabels', 1, 'textMap'],
  ['matchExpressions', 2, { many: message(['key', 1, 'text'], ['operator', 2, 'text'], ['values', 3, 'texts']) }],
);

const fieldRef = message(['fieldPath', 2, 'text']);
const envVar = message(
  ['name', 1, 'text'],
  ['value', 2, 'text'],
  ['valueFrom', 3, { one: message(['fieldRef', 1, { one: fieldRef }]) }],
);
const envFrom = message(['prefix', 1, 'text']);
const resources = message(
  ['limits', 1, 'extendedMap'],
  ['requests', 2, 'extendedMap'],
  ['claims', 3, { many: message(['name', 1, 'text']) }],
);

/** Only the container aws-node: the variables of other containers, which have dozens, are not kept. */
const isAwsNode = ({ name }: Decoded): boolean => name === undefined || name === 'aws-node';

const containerFields = [
  ['name', 1, 'text'],
  ['image', 2, 'text'],
  ['env', 7, { many: envVar, when: isAwsNode }],
  ['resources', 8, { one: resources }],
  ['envFrom', 19, { many: envFrom, when: isAwsNode }],
  ['restartPolicy', 24, 'text'],
] as const;

const isIdentityToken = ({ name }: Decoded): boolean => name === IDENTITY_TOKEN;

const specFields = (container: Message) =>
  [
    // Only the names; most pods have no volume that matters.
    ['volumes', 1, { many: message(['name', 1, 'text']), keep: isIdentityToken }],
    ['containers', 2, { many: container }],
    ['serviceAccountName', 8, 'text'],
    ['nodeName', 10, 'text'],
    ['hostNetwork', 11, 'flag'],
    ['initContainers', 20, { many: container }],
    [
      'resourceClaims',
      39,
      {
        many: message(['name', 1, 'text'], ['resourceClaimName', 3, 'text'], ['resourceClaimTemplateName', 4, 'text']),
      },
    ],
  ] as const;

const podSpec = message(...specFields(message(...containerFields)));
/** The selector and command lines of a template are read; those of a pod are not needed. */
const templateSpec = message(
  ...specFields(message(...containerFields, ['command', 3, 'texts'], ['args', 4, 'texts'])),
  ['nodeSelector', 7, 'textMap'],
);

const podCondition = message(
  ['type', 1, 'text'],
  ['status', 2, 'text'],
  ['lastTransitionTime', 4, 'time'],
  ['message', 6, 'ownText'],
);
const nodeCondition = message(
  ['type', 1, 'text'],
  ['status', 2, 'text'],
  ['lastTransitionTime', 4, 'time'],
  ['reason', 5, 'text'],
  ['message', 6, 'text'],
);

const terminated = message(['exitCode', 1, 'integer'], ['reason', 3, 'text']);
const containerStatus = message(
  ['name', 1, 'text'],
  [
    'state',
    2,
    {
      one: message(
        ['waiting', 1, { one: message(['reason', 1, 'text'], ['message', 2, 'ownText']) }],
        ['running', 2, { one: message() }],
        ['terminated', 3, { one: terminated }],
      ),
    },
  ],
  ['lastState', 3, { one: message(['terminated', 3, { one: terminated }]) }],
  ['ready', 4, 'flag'],
  ['restartCount', 5, 'integer'],
);

/** Read only for an agent that is not Ready; the containers of a Ready one are not needed. */
const isUnready = ({ conditions }: Decoded): boolean =>
  Array.isArray(conditions) &&
  (conditions as readonly Decoded[]).some(({ type, status }) => type === 'Ready' && status === 'False');

/** The pod conditions that are read. */
const POD_CONDITIONS: ReadonlySet<unknown> = new Set(['Ready', 'PodReadyToStartContainers', 'PodHasNetwork']);

const podStatus = message(
  ['phase', 1, 'text'],
  // Other conditions are dropped.
  ['conditions', 2, { many: podCondition, keep: ({ type }) => POD_CONDITIONS.has(type) }],
  ['message', 3, 'ownText'],
  ['reason', 4, 'text'],
  ['podIP', 6, 'ownText'],
  ['startTime', 7, 'time'],
  ['containerStatuses', 8, { many: containerStatus, when: isUnready }],
  ['initContainerStatuses', 10, { many: containerStatus, when: isUnready }],
  ['podIPs', 12, { many: message(['ip', 1, 'ownText']) }],
  ['resourceClaimStatuses', 15, { many: message(['name', 1, 'text'], ['resourceClaimName', 2, 'text']) }],
  ['extendedResourceClaimStatus', 18, { one: message(['resourceClaimName', 2, 'text']) }],
);

const nodeSpec = message(
  ['podCIDR', 1, 'text'],
  ['providerID', 3, 'text'],
  ['unschedulable', 4, 'flag'],
  ['taints', 5, { many: message(['key', 1, 'text'], ['value', 2, 'text'], ['effect', 3, 'text']) }],
  ['podCIDRs', 7, 'texts'],
);

const nodeStatus = message(
  ['capacity', 1, 'quantityMap'],
  ['allocatable', 2, 'quantityMap'],
  ['conditions', 4, { many: nodeCondition }],
  ['addresses', 5, { many: message(['type', 1, 'text'], ['address', 2, 'text']) }],
  ['nodeInfo', 7, { one: message(['osImage', 5, 'text'], ['operatingSystem', 9, 'text']) }],
);

const metadata = ['metadata', 1, { one: objectMeta }] as const;

const event = message(
  metadata,
  [
    'involvedObject',
    2,
    { one: message(['kind', 1, 'text'], ['namespace', 2, 'text'], ['name', 3, 'ownText'], ['uid', 4, 'ownText']) },
  ],
  ['reason', 3, 'text'],
  ['message', 4, 'ownText'],
  ['source', 5, { one: message(['component', 1, 'text']) }],
  ['firstTimestamp', 6, 'time'],
  ['lastTimestamp', 7, 'time'],
  ['count', 8, 'integer'],
  ['eventTime', 10, 'microTime'],
  ['series', 11, { one: message(['count', 1, 'integer'], ['lastObservedTime', 2, 'microTime']) }],
  ['reportingComponent', 14, 'text'],
);

const podTemplate = message(metadata, ['spec', 2, { one: templateSpec }]);

/** DaemonSet has its template in field 2, Deployment and StatefulSet in field 3. */
const workload = (templateField: number): Message =>
  message(metadata, ['spec', 2, { one: message(['template', templateField, { one: podTemplate }]) }]);

/** Only the annotations of a Job's pods are read. */
const jobSpec = message(['template', 6, { one: message(metadata) }]);
const jobStatus = message(['conditions', 1, { many: message(['type', 1, 'text'], ['status', 2, 'text']) }]);
const jobTemplate = message(metadata, ['spec', 2, { one: jobSpec }]);

/** For callers that only need an object's identity and version. */
export const IDENTITY = message();

/** By API group and kind. All other kinds, including custom ones, are read as JSON. */
const MESSAGES: Readonly<Record<string, Message>> = {
  '/Pod': message(metadata, ['spec', 2, { one: podSpec }], ['status', 3, { one: podStatus }]),
  '/Node': message(metadata, ['spec', 2, { one: nodeSpec }], ['status', 3, { one: nodeStatus }]),
  '/Event': event,
  'apps/DaemonSet': workload(2),
  'apps/Deployment': workload(3),
  'apps/StatefulSet': workload(3),
  'batch/Job': message(metadata, ['spec', 2, { one: jobSpec }], ['status', 3, { one: jobStatus }]),
  'batch/CronJob': message(metadata, ['spec', 2, { one: message(['jobTemplate', 5, { one: jobTemplate }]) }]),
  'networking.k8s.io/NetworkPolicy': message(metadata, [
    'spec',
    2,
    { one: message(['podSelector', 1, { one: labelSelector }]) },
  ]),
  'networking.k8s.io/ServiceCIDR': message(metadata, ['spec', 2, { one: message(['cidrs', 1, 'texts']) }]),
};

/** The message of a kind; null if the kind is read as JSON. */
export const messageOf = (row: { readonly group: string; readonly kind: string }): Message | null =>
  MESSAGES[`${row.group}/${row.kind}`] ?? null;
