/**
 * The lists of pods in a capture. `kubectl get pods -n NAMESPACE` prints a list that does not say so: if all of its pods are in
 * one namespace, pods of other namespaces may exist and hold addresses.
 */
import { fields, text } from '../../normalise/read/guards';
import type { Collection } from './collection';
import type { FoundObject } from './file';

/** Every node has pods here, and a new cluster has no others. */
const SYSTEM = 'kube-system';

/** Which namespaces the lists of pods have pods of. */
export class PodLists {
  readonly #lists: ReadonlySet<string>[] = [];
  #hasEmpty = false;

  /** Adds a list of pods that is empty, as `kubectl cluster-info dump` has them of each namespace without pods. */
  addEmpty(): void {
    this.#hasEmpty = true;
  }

  /** Adds a list of objects, of which some may be pods. */
  add(objects: readonly FoundObject[]): void {
    const namespaces = new Set<string>();
    for (const { group, kind, object } of objects)
      if (kind === 'Pod' && group === '')
        namespaces.add(text(fields(fields(object)['metadata'])['namespace']) ?? 'default');
    if (namespaces.size > 0) this.#lists.push(namespaces);
  }

  /** The namespaces to which the lists are limited; none if they are of all namespaces. */
  limits(collection: Collection): readonly string[] {
    if (this.#lists.length === 0 || this.#lists.some(({ size }) => size > 1)) return [];
    // kube-public and kube-node-lease have no pods: somebody listed each namespace.
    if (this.#hasEmpty && this.#lists.some((list) => list.has(SYSTEM))) return [];
    const names = [...new Set(this.#lists.flatMap((list) => [...list]))].sort();
    return names.length === 1 && names[0] === SYSTEM && !areElsewhere(collection) ? [] : names;
  }

  /** Why pods may be missing, as a sentence; null if the lists are of all namespaces. */
  missing(collection: Collection): string | null {
    const names = this.limits(collection);
    if (names.length === 0) return null;
    return `The capture lists the pods of ${names.length === 1 ? 'namespace' : 'the namespaces'} ${names.join(', ')} only; others may exist. Take it with kubectl get pods -A.`;
  }
}

/** Whether something names a pod of another namespace. */
function areElsewhere(collection: Collection): boolean {
  return (
    collection.facts('event').some(({ involved: { kind, namespace } }) => kind === 'Pod' && namespace !== SYSTEM) ||
    collection
      .facts('ipamdEnis')
      .some(({ enis }) =>
        enis.some(({ addresses }) =>
          addresses.some(({ assigned, podNamespace }) => assigned && podNamespace !== null && podNamespace !== SYSTEM),
        ),
      )
  );
}
