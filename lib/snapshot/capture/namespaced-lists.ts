/**
 * Lists of one namespace: the output of `kubectl get net-attach-def -n NAMESPACE` does not say that it is limited. If all listed objects
 * of a kind are in one namespace, and a pod uses one in another namespace, the list is partial.
 */
import type { PodFact } from '../../model/facts';
import { DEPLOYMENTS, JOBS, NADS, RESOURCE_CLAIMS, STATEFUL_SETS } from '../../model/source-ids';
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
};

const WORDS: Readonly<Record<string, string>> = {
  [NADS]: 'network-attachment-definitions',
  [RESOURCE_CLAIMS]: 'resourceclaims',
  [DEPLOYMENTS]: 'deployments',
  [STATEFUL_SETS]: 'statefulsets',
  [JOBS]: 'jobs',
};

/** The lists of a capture, by the source of their objects. */
export class NamespacedLists {
  /** The namespaces of each list. */
  readonly #lists = new Map<string, ReadonlySet<string>[]>();

  /** Adds a list of objects, possibly of several kinds. */
  add(objects: readonly FoundObject[]): void {
    const found = new Map<string, Set<string>>();
    for (const { group, kind, object } of objects)
      for (const { source } of rowsOf(group, kind)) {
        if (SHOWN_BY[source] === undefined) continue;
        const namespaces = found.get(source) ?? new Set<string>();
        found.set(source, namespaces.add(text(fields(fields(object)['metadata'])['namespace']) ?? 'default'));
      }
    for (const [source, namespaces] of found) this.#lists.set(source, [...(this.#lists.get(source) ?? []), namespaces]);
  }

  /** Why objects may be missing, as a sentence, by source. Sources without a sign of that have no entry. */
  missing(collection: Collection): ReadonlyMap<string, string> {
    const parts = new Map<string, string>();
    for (const [source, lists] of this.#lists) {
      const shown = SHOWN_BY[source];
      const what = WORDS[source];
      if (shown === undefined || what === undefined || lists.some(({ size }) => size > 1)) continue;
      const listed = new Set(lists.flatMap((list) => [...list]));
      const elsewhere = new Set<string>();
      for (const pod of collection.facts('pod'))
        if (pod.phase === 'Running')
          for (const namespace of shown(pod)) if (!listed.has(namespace)) elsewhere.add(namespace);
      if (elsewhere.size === 0) continue;
      parts.set(
        source,
        `The capture lists only the ${what} of ${[...listed].sort().join(', ')}, and pods use some of ${[...elsewhere].sort().slice(0, 3).join(', ')}. Take it with kubectl get ${what} -A.`,
      );
    }
    return parts;
  }
}
