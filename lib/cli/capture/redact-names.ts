/** Learns the names in a capture that identify the cluster or its owner. */
import { meantKey } from '../../cni/mistyped';
import { NIC_CONFIG_KEY } from '../../cni/nic-config';
import { isObject, type Fields } from '../../model/is-object';
import { hasPublicValues, isJsonKey, isPublicKey, KEPT_NAMESPACES, NAME, PUBLIC } from './redact-words';

/** Annotations that refer to networks, including non-existent ones. */
const NAMING_NETWORKS = [
  'k8s.v1.cni.cncf.io/networks',
  'v1.multus-cni.io/default-network',
  'k8s.v1.cni.cncf.io/policy-for',
];
/** Whether a mistyped key was meant for networks; the VPC CNI's annotation names none. */
const namesNetworks = (key: string): boolean => ![null, NIC_CONFIG_KEY].includes(meantKey(key));

/** Maps whose keys are text from the cluster, not field names. */
const FOREIGN_KEYS = new Set(['labels', 'annotations', 'matchLabels', 'capacity', 'allocatable', 'requests', 'limits']);

/** Maps from labels to values. */
const LABEL_MAPS = new Set(['labels', 'matchLabels', 'nodeSelector']);

/** Fields that refer to parts of a claim. */
const CLAIM_NAMES = [
  'name',
  'request',
  'pool',
  'device',
  'deviceClassName',
  'resourceClaimName',
  'resourceClaimTemplateName',
];

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const isInSystem = (metadata: Fields): boolean => metadata.namespace === 'kube-system';

/** The names learnt so far. */
export class PrivateNames {
  readonly #names = new Set<string>();
  /** Field names (`name`, `spec`), which must not be replaced. */
  readonly #keys = new Set<string>();

  /** Whether this word is to be replaced. */
  has(word: string): boolean {
    return this.#names.has(word) && !this.#keys.has(word);
  }

  /** Learns the names of an object. */
  learn(object: unknown): void {
    if (!isObject(object)) return;
    this.#learnKeys(object);
    const metadata = isObject(object.metadata) ? object.metadata : {};
    this.#learnMetadata(metadata);
    const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
    for (const key of [...NAMING_NETWORKS, ...Object.keys(annotations).filter(namesNetworks)])
      this.#learnWords(textOf(annotations[key]) ?? '');
    this.#learnAllLabels(object, isInSystem(metadata));
    this.#learnReferences(object);
    this.#learnClaims(object);
    for (const tags of [object.Tags, object.TagSet])
      for (const tag of Array.isArray(tags) ? (tags as readonly unknown[]) : []) this.#learnTag(tag);
  }

  /** Learns the pods in an answer of ipamd, which may have been deleted: `k8sPodNamespace` and `k8sPodName` at any depth. */
  learnAssigned(answer: unknown): void {
    if (Array.isArray(answer)) for (const item of answer) this.learnAssigned(item);
    if (!isObject(answer)) return;
    const namespace = textOf(answer['k8sPodNamespace']);
    const name = textOf(answer['k8sPodName']);
    if (name !== null && namespace !== 'kube-system') this.#names.add(name);
    if (namespace !== null && !KEPT_NAMESPACES.has(namespace)) this.#names.add(namespace);
    for (const item of Object.values(answer)) this.learnAssigned(item);
  }

  #learnMetadata(metadata: Fields): void {
    const namespace = textOf(metadata.namespace);
    const isSystem = isInSystem(metadata);
    if (namespace !== null && !KEPT_NAMESPACES.has(namespace)) this.#names.add(namespace);
    const owners: readonly unknown[] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
    for (const named of isSystem ? [] : [metadata, ...owners]) {
      const name = isObject(named) ? textOf(named.name) : null;
      if (name !== null) this.#names.add(name);
    }
  }

  #learnKeys(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.#learnKeys(item);
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      this.#keys.add(key);
      if (!FOREIGN_KEYS.has(key)) this.#learnKeys(item);
    }
  }

  /** Labels anywhere: of the object, in templates, and in selectors. */
  #learnAllLabels(value: unknown, keepValues: boolean): void {
    if (Array.isArray(value)) for (const item of value) this.#learnAllLabels(item, keepValues);
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      if (LABEL_MAPS.has(key)) this.#learnLabels(item, keepValues);
      else if (key === 'matchExpressions') this.#learnExpressions(item, keepValues);
      else this.#learnAllLabels(item, keepValues);
    }
  }

  #learnExpressions(expressions: unknown, keepValues: boolean): void {
    for (const one of Array.isArray(expressions) ? (expressions as readonly unknown[]) : []) {
      const key = isObject(one) ? textOf(one.key) : null;
      const values: readonly unknown[] = isObject(one) && Array.isArray(one.values) ? one.values : [];
      if (key !== null) for (const value of ['', ...values]) this.#learnLabels({ [key]: value }, keepValues);
    }
  }

  #learnLabels(labels: unknown, keepValues: boolean): void {
    if (!isObject(labels)) return;
    for (const [label, value] of Object.entries(labels)) {
      // `corp.example/team`: the domain identifies the owner; a bare `app` does not.
      if (label.includes('/') && !isPublicKey(label)) this.#names.add(label.slice(0, label.indexOf('/')));
      const text = textOf(value);
      if (!keepValues && text !== null && !hasPublicValues(label)) this.#names.add(text);
    }
  }

  #learnWords(text: string): void {
    for (const { 0: word, index } of text.matchAll(NAME))
      if (!KEPT_NAMESPACES.has(word) && !isJsonKey(text, index, index + word.length)) this.#names.add(word);
  }

  /** Names of objects that are not in the capture: service accounts, and deleted pods that pools and events still refer to. */
  #learnReferences({ involvedObject, metadata, spec }: Fields): void {
    const account = isObject(spec) ? textOf(spec.serviceAccountName) : null;
    const isSystem = isObject(metadata) && metadata.namespace === 'kube-system';
    if (account !== null && account !== 'default' && !isSystem) this.#names.add(account);
    const { namespace, name } = isObject(involvedObject) ? involvedObject : {};
    if (textOf(namespace) !== 'kube-system') for (const word of [namespace, name]) this.#learnWords(textOf(word) ?? '');
    const { podref, allocations } = isObject(spec) ? spec : {};
    const allocated = isObject(allocations) ? Object.values(allocations) : [];
    for (const reference of [podref, ...allocated.map((one) => (isObject(one) ? one.podref : null))]) {
      const text = textOf(reference) ?? '';
      if (!text.startsWith('kube-system/')) this.#learnWords(text);
    }
  }

  /** Claims of pods, their requests, and the pools and devices that drivers publish; driver names are public. */
  #learnClaims({ spec, status }: Fields): void {
    const at = (value: unknown, ...keys: readonly string[]): unknown =>
      keys.reduce<unknown>((of, key) => (isObject(of) ? of[key] : undefined), value);
    const named = [
      at(spec, 'resourceClaims'),
      at(status, 'resourceClaimStatuses'),
      at(spec, 'devices'),
      at(spec, 'devices', 'requests'),
      at(status, 'allocation', 'devices', 'results'),
      at(status, 'reservedFor'),
      [at(spec, 'pool')],
    ];
    for (const one of named.flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []))) {
      if (!isObject(one)) continue;
      for (const key of CLAIM_NAMES) this.#learnWords(textOf(one[key]) ?? '');
      const alternatives: readonly unknown[] = Array.isArray(one.firstAvailable) ? one.firstAvailable : [];
      for (const wanted of [one.exactly, ...alternatives])
        for (const key of CLAIM_NAMES) this.#learnWords(textOf(at(wanted, key)) ?? '');
    }
  }

  /** AWS tags that contain the cluster's name. */
  #learnTag(tag: unknown): void {
    const [key, value] = isObject(tag) ? [textOf(tag.Key), textOf(tag.Value)] : [null, null];
    if (key === null || value === null) return;
    const cluster = /^kubernetes\.io\/cluster\/(.+)$/.exec(key)?.[1];
    if (cluster !== undefined) this.#names.add(cluster);
    else if (key.includes('cluster') && PUBLIC.test(key)) this.#names.add(value);
  }
}
