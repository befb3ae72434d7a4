/** The labels of a pod that are shown; pods with equal labels share one object. */
import { byCodeUnit } from '../../model/order';
import { SharedValues } from '../../records/shared-values';

type Labels = Readonly<Record<string, string>>;

/**
 * Labels that controllers write to distinguish one pod, or one revision of a workload, from the next. The pod's name, owner
 * and uid carry the same information, and these labels would make every label set unique. `job-name` stays, because people
 * select by it.
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

/** Maximum number of labels of a record: otherwise anyone who may create a pod could fill the page with one. */
const MAX_LABELS = 64;

/** Keyed by the fact's labels: equal label sets are usually one object. */
const known = new WeakMap<Labels, Labels>();
const shared = new SharedValues();

/** The labels without those of controllers, sorted by name; the same object for equal sets. */
export function shownLabels(labels: Labels): Labels {
  let shown = known.get(labels);
  if (shown === undefined) {
    const entries = Object.entries(labels)
      .filter(([name]) => !BOOKKEEPING.has(name))
      .sort(([a], [b]) => byCodeUnit(a, b))
      .slice(0, MAX_LABELS);
    shown = shared.of(Object.freeze(Object.fromEntries(entries)));
    known.set(labels, shown);
  }
  return shown;
}
