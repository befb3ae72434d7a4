/**
 * Workloads that request networks even while no pod runs → WorkloadFact: Deployments, StatefulSets, DaemonSets, Jobs,
 * CronJobs and Argo Rollouts with the networks annotation on the pod template, or with an annotation that chooses a pod's
 * interfaces where it has no effect: on the workload itself (the most common user error, multus §1.1, §6 P3) or under a mistyped
 * key; KubeVirt's VirtualMachines with Multus networks, running or not. Others are dropped.
 */
import { fields, items, text, type Fields } from '../read/guards';
import { INTERFACE_KEYS } from '../../cni/mistyped';
import { mentionedNetworks, NETWORKS_KEY, parseNetworksAnnotation } from '../../cni/multus/networks';
import { NIC_CONFIG_KEY } from '../../cni/nic-config';
import { requestRefusal } from '../../cni/multus/refusal';
import type { WorkloadFact } from '../../model/facts';
import { mistypedIn } from './mistyped-keys';
import { normaliser, type KubernetesObject } from './object';

const MAX_ANNOTATION_LENGTH = 4096;

/** No virtual machine has more networks; a longer list is hostile. */
const MAX_NETWORKS = 100;

type Named = Pick<WorkloadFact, 'networks' | 'isRefused' | 'refusal'>;

const NONE: Named = { networks: [], isRefused: false, refusal: null };

/** Networks in an annotation, as `ns/name`. */
function named(annotation: string | null, namespace: string): Named {
  if (annotation === null) return NONE;
  const { selections, annotation: state } = parseNetworksAnnotation(annotation, namespace);
  const refusal = requestRefusal(state.error, selections);
  return state.state === 'invalid'
    ? { networks: mentionedNetworks(annotation, namespace), isRefused: true, refusal }
    : { networks: [...new Set(selections.map((one) => `${one.namespace}/${one.name}`))], isRefused: false, refusal };
}

function annotationOf(metadata: unknown, key: string = NETWORKS_KEY): string | null {
  const value = fields(fields(metadata)['annotations'])[key];
  return typeof value === 'string' ? value : null;
}

type Misplaced = WorkloadFact['misplaced'];

/** Annotations for pods in any of these places, except those that the pod template also has. */
const misplacedOn = (places: readonly unknown[], isOnTemplate: (key: string) => boolean): Misplaced =>
  INTERFACE_KEYS.flatMap((key) => {
    const value = places.map((place) => annotationOf(place, key)).find((one) => one !== null) ?? null;
    return value === null || isOnTemplate(key) ? [] : [{ key, value: value.slice(0, MAX_ANNOTATION_LENGTH) }];
  });

/** A finished Job creates no more pods. */
const isDone = ({ status }: KubernetesObject): boolean =>
  items(status['conditions']).some((condition) => {
    const { type, status: holds } = fields(condition);
    return (type === 'Complete' || type === 'Failed') && holds === 'True';
  });

/** The Job's annotation comes from its CronJob, which is reported instead. */
const isOfCronJob = ({ metadata }: KubernetesObject): boolean =>
  items(metadata['ownerReferences']).some((owner) => fields(owner)['kind'] === 'CronJob');

interface Form {
  readonly template: (spec: Fields) => Fields;
  /** Metadata in which an annotation for pods has no effect. */
  readonly outside: (object: KubernetesObject) => readonly unknown[];
  readonly asks: (object: KubernetesObject) => boolean;
}

const ON_TEMPLATE: Form = {
  template: (spec) => fields(spec['template']),
  outside: ({ metadata }) => [metadata],
  asks: () => true,
};

const jobTemplate = (spec: Fields): Fields => fields(spec['jobTemplate']);

const FORMS = {
  Deployment: ON_TEMPLATE,
  StatefulSet: ON_TEMPLATE,
  DaemonSet: ON_TEMPLATE,
  // Argo Rollouts. One with a workloadRef uses the template of that Deployment, which is read by itself.
  Rollout: ON_TEMPLATE,
  Job: {
    ...ON_TEMPLATE,
    outside: (job) => (isOfCronJob(job) ? [] : [job.metadata]),
    asks: (job) => !isDone(job),
  },
  CronJob: {
    ...ON_TEMPLATE,
    template: (spec) => fields(fields(jobTemplate(spec)['spec'])['template']),
    outside: ({ metadata, spec }) => [metadata, jobTemplate(spec)['metadata']],
  },
} as const satisfies Readonly<Record<string, Form>>;

/** The normaliser for one kind of workload. */
export const normaliseWorkload = (kind: keyof typeof FORMS) =>
  normaliser<'workload'>((object) => {
    const form: Form = FORMS[kind];
    const { namespace } = object.meta;
    const { metadata, spec } = form.template(object.spec);
    const misplaced = misplacedOn(form.outside(object), (key) => annotationOf(metadata, key) !== null);
    const template = annotationOf(metadata);
    const { annotations, labels } = fields(metadata);
    const mistyped = mistypedIn(fields(annotations), fields(labels));
    if ((misplaced.length === 0 && mistyped.length === 0 && template === null) || !form.asks(object)) return null;
    const unread = [
      ...misplaced.flatMap(({ key, value }) => (key === NIC_CONFIG_KEY ? [] : [value])),
      ...mistyped.flatMap(({ key, isLabel, meant }) =>
        meant === NIC_CONFIG_KEY ? [] : [text(fields(isLabel ? labels : annotations)[key]) ?? ''],
      ),
    ];
    // An annotation that has no effect still shows that the network is wanted.
    const requested =
      template === null
        ? { ...NONE, networks: unread.flatMap((value) => mentionedNetworks(value, namespace)), isRefused: true }
        : named(template, namespace);
    // Nothing reads these annotations of a pod in the node's network namespace.
    return fields(spec)['hostNetwork'] === true
      ? { kind, misplaced, mistyped: [], ...requested, refusal: null }
      : { kind, misplaced, mistyped, ...requested };
  });

/** Bounds the search in an object of any kind. */
const MAX_OBJECTS = 5_000;

/** Networks in pod or virtual machine templates anywhere in the object, and the annotations for interfaces there. */
function namedWithin(spec: unknown, namespace: string): Named & { readonly keys: ReadonlySet<string> } {
  const networks = new Set<string>();
  let isRefused = false;
  let refusal: string | null = null;
  const keys = new Set<string>();
  const rest: unknown[] = [spec];
  for (let seen = 0; seen < MAX_OBJECTS && rest.length > 0; seen++) {
    const value = rest.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { metadata } = fields(value);
    for (const key of INTERFACE_KEYS) if (annotationOf(metadata, key) !== null) keys.add(key);
    const annotation = named(annotationOf(metadata), namespace);
    for (const one of annotation.networks) networks.add(one);
    isRefused ||= annotation.isRefused;
    refusal ??= annotation.refusal;
    const name = text(fields(fields(value)['multus'])['networkName']);
    if (name !== null) networks.add(ofNamespace(name, namespace));
    rest.push(...Object.values(value as Readonly<Record<string, unknown>>).slice(0, MAX_OBJECTS));
  }
  return { networks: [...networks].slice(0, MAX_NETWORKS).sort(), isRefused, refusal, keys };
}

/**
 * Owners of kinds that ifscope does not watch, as found in captures: a CloneSet, a pool of virtual machines, a JobSet.
 * An object created by another one is reported as part of that one.
 */
export const normaliseOwner = normaliser<'workload'>(({ meta, metadata, spec, root }) => {
  if (items(metadata['ownerReferences']).length > 0) return null;
  const makesPods = Array.isArray(fields(fields(spec['template'])['spec'])['containers']);
  const { keys, ...requested } = namedWithin(spec, meta.namespace);
  const misplaced = misplacedOn(makesPods ? [metadata] : [], (key) => keys.has(key));
  if (misplaced.length === 0 && requested.networks.length === 0 && requested.refusal === null) return null;
  return { kind: text(root['kind']) ?? '', misplaced, mistyped: [], ...requested };
});

const ofNamespace = (name: string, namespace: string): string => (name.includes('/') ? name : `${namespace}/${name}`);

/**
 * KubeVirt writes the pod's annotation from `networks[].multus.networkName`: `name` in the machine's namespace, or
 * `namespace/name`.
 */
export const normaliseVirtualMachine = normaliser<'workload'>(({ meta, spec }) => {
  const template = fields(spec['template']);
  const names = items(fields(template['spec'])['networks'])
    .slice(0, MAX_NETWORKS)
    .flatMap((network) => text(fields(fields(network)['multus'])['networkName']) ?? []);
  const annotation = named(annotationOf(template['metadata']), meta.namespace);
  const networks = [...names.map((name) => ofNamespace(name, meta.namespace)), ...annotation.networks];
  if (networks.length === 0 && annotation.refusal === null) return null;
  return {
    kind: 'VirtualMachine',
    misplaced: [],
    mistyped: [],
    networks: [...new Set(networks)],
    isRefused: annotation.isRefused,
    // KubeVirt replaces the annotation where the machine has networks.
    refusal: names.length === 0 ? annotation.refusal : null,
  };
});
