/**
 * Lists of one namespace: the output of `kubectl get net-attach-def -n NAMESPACE` does not say that it is limited. If all listed objects
 * of a kind are in one namespace, and a pod uses one in another namespace, the list is partial. So are
 * other lists of that namespace alone whose objects no pod names (policies, address pools): they were probably taken in
 * the same way.
 */
import type { PodFact } from '../../model/facts';
import {
  CRON_JOBS,
  DEPLOYMENTS,
  EVENTS,
  JOBS,
  NADS,
  PODS,
  RESOURCE_CLAIMS,
  STATEFUL_SETS,
  VIRTUAL_MACHINES,
} from '../../model/source-ids';
import { fields, text } from '../../normalise/read/guards';
import type { Collection } from './collection';
import type { FoundObject } from './file';
import { rowsOf } from './kinds';

/** The namespaces in which a running pod shows that an object of the kind exists, or existed when the pod started. */
const SHOWN_BY: Readonly<Record<string, (pod: PodFact) => readonly string[]>> = {
  [NADS]: ({ reported }) =>
    reported.flatMap(({ name, default: isDefault }) =>
      isDefault || !name.includes('/') ? [] : [name.slice(0, name.indexOf('/'))],
    ),
  [RESOURCE_CLAIMS]: ({ claims, namespace }) => (claims.some(({ claim }) => claim !== null) ? [namespace] : []),
  [DEPLOYMENTS]: ({ owner, namespace }) => (owner?.kind === 'ReplicaSet' ? [namespace] : []),
  [STATEFUL_SETS]: ({ owner, namespace }) => (owner?.kind === 'StatefulSet' ? [namespace] : []),
  [JOBS]: ({ owner, namespace }) => (owner?.kind === 'Job' ? [namespace] : []),
  // A CronJob names its Jobs after itself and the scheduled minute.
  [CRON_JOBS]: ({ owner, namespace }) => (owner?.kind === 'Job' && /-\d{8}$/.test(owner.name) ? [namespace] : []),
  [VIRTUAL_MACHINES]: ({ owner, namespace }) => (owner?.kind === 'VirtualMachineInstance' ? [namespace] : []),
};

/** Kinds whose namespaces are checked elsewhere, or do not matter. */
const OTHERWISE = new Set<string>([PODS, EVENTS]);

/** `kubernetes/jobs` → `jobs` */
const wordOf = (source: string): string => source.slice(source.indexOf('/') + 1);

/** The lists of a capture, by the source of their objects. */
export class NamespacedLists {
  /** The namespaces of each list. */
  readonly #lists = new Map<string, ReadonlySet<string>[]>();

  /** Adds a list of objects, possibly of several kinds. */
  add(objects: readonly FoundObject[]): void {
    const found = new Map<string, Set<string>>();
    for (const { group, kind, object } of objects)
      for (const { source, namespaced, namespace: only } of rowsOf(group, kind)) {
        if (!namespaced || only !== undefined || OTHERWISE.has(source)) continue;
        const namespaces = found.get(source) ?? new Set<string>();
        found.set(source, namespaces.add(text(fields(fields(object)['metadata'])['namespace']) ?? 'default'));
      }
    for (const [source, namespaces] of found) this.#lists.set(source, [...(this.#lists.get(source) ?? []), namespaces]);
  }

  /**
   * Why objects may be missing, as a sentence, by source. Sources without a sign of that have no entry. `limited`: the
   * namespaces to which the lists of pods are limited.
   */
  missing(collection: Collection, limited: readonly string[]): ReadonlyMap<string, string> {
    const parts = new Map<string, string>();
    const alone = [...this.#lists].flatMap(([source, lists]) =>
      lists.some(({ size }) => size > 1) ? [] : [{ source, listed: new Set(lists.flatMap((list) => [...list])) }],
    );
    const proven = new Set(limited);
    for (const { source, listed } of alone) {
      const elsewhere = usedElsewhere(source, listed, collection);
      if (elsewhere.length === 0) continue;
      for (const namespace of listed) proven.add(namespace);
      const what = wordOf(source);
      parts.set(
        source,
        `The capture lists only the ${what} of ${[...listed].sort().join(', ')}, and pods use some of ${elsewhere.join(', ')}. Take it with kubectl get ${what} -A.`,
      );
    }
    for (const { source, listed } of alone) {
      if (parts.has(source) || ![...listed].every((namespace) => proven.has(namespace))) continue;
      parts.set(
        source,
        `The capture lists only the ${wordOf(source)} of ${[...listed].sort().join(', ')}, as it does for other kinds; others may exist. Take it with kubectl get ${wordOf(source)} -A.`,
      );
    }
    return parts;
  }
}

/** The first three namespaces in which running pods use objects of the kind, without those in `listed`. */
function usedElsewhere(source: string, listed: ReadonlySet<string>, collection: Collection): readonly string[] {
  const shown = SHOWN_BY[source];
  if (shown === undefined) return [];
  const elsewhere = new Set<string>();
  for (const pod of collection.facts('pod'))
    if (pod.phase === 'Running')
      for (const namespace of shown(pod)) if (!listed.has(namespace)) elsewhere.add(namespace);
  return [...elsewhere].sort().slice(0, 3);
}
