/** The names of records as used in queries. */
import { CLUSTER_NETWORK, idParts, isDeviceClass } from '../../../model/ids';
import { remembered } from '../../../model/remembered';

/** The first part of a pod's id. Called for each interface of a cluster, so it does not parse the whole id. */
export function namespaceOfPod(pod: string): string {
  const namespace = pod.slice(pod.indexOf(':') + 1, pod.indexOf('/'));
  return namespace.includes('%') ? (idParts(pod)[0] ?? '') : namespace;
}

/** The last part of an id, and all parts: `upf-0`, `core/upf-0`. */
export function namesOf(id: string): readonly string[] {
  const parts = idParts(id);
  return [parts.join('/'), parts.at(-1) ?? id];
}

/** The name of a node from its id; empty without a node. */
export const nodeNames = (id: string | null): readonly string[] => (id === null ? [] : [idParts(id)[0] ?? id]);

/** `core/n6` and `n6`; `cluster`; `class:rdma`. */
export const networkNames = (id: string): readonly string[] =>
  id === CLUSTER_NETWORK || isDeviceClass(id) ? [id] : namesOf(id);

/** A record id without its kind, for a search. */
export const bareId = (id: string): string => id.slice(id.indexOf(':') + 1);

/** EC2 tags or Kubernetes labels: by name, by value, and as `name=value`. */
export const tagTexts = (tags: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(tags).flatMap(([name, value]) => [name, `${name}=${value}`, value]);

/** Cached per label set, because pods of a workload share theirs. */
const labelsOf = remembered((labels: Readonly<Record<string, string>>) => {
  const all = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return { texts: tagTexts(labels), all: all.join('\n') };
}, new WeakMap());

type PodLabels = Readonly<Record<string, string>> | null | undefined;

/** A pod's labels in the form of `tagTexts`; null when not known. */
export const labelTexts = (labels: PodLabels): readonly string[] | null =>
  labels == null ? null : labelsOf(labels).texts;

/** All labels in one text, one per line, for searching. */
export const labelText = (labels: PodLabels): string | null => (labels == null ? null : labelsOf(labels).all);
