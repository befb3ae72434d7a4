/** Which labels of a pod are worth showing, and one object for all pods with equal ones. */
import { byCodeUnit } from '../../model/order';
import { SharedMaps } from '../../records/shared-maps';

type Labels = Readonly<Record<string, string>>;

/**
 * Written by controllers to tell one pod, or one revision of a workload, from the next. The pod's name, owner and uid
 * say the same, and kept they would make every set of labels unique. `job-name` stays: people select by it.
 */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'pod-template-generation',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
]);

/** Most labels of a record; whoever may create a pod could otherwise fill the page with one. */
const MAX_LABELS = 64;

/** By the fact's labels, which are mostly one object where they are equal. */
const known = new WeakMap<Labels, Labels>();
const shared = new SharedMaps();

/** The labels without bookkeeping, sorted by name; the same object for equal sets. */
export function shownLabels(labels: Labels): Labels {
  let shown = known.get(labels);
  if (shown === undefined) {
    const entries = Object.entries(labels)
      .filter(([name]) => !BOOKKEEPING.has(name))
      .sort(([a], [b]) => byCodeUnit(a, b))
      .slice(0, MAX_LABELS);
    shown = shared.of(entries);
    known.set(labels, shown);
  }
  return shown;
}
