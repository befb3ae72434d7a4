/** Pods on the wire, without values that follow from other fields and without the uid, which the page does not need. */
import { podId } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import { keptFor } from '../../model/remembered';
import { boolean, list, nullable, number, reshaped, text } from '../../model/schema/shape';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import { alike } from './alike';
import { blankOf, copyFields } from './fields';
import type { NodeList } from './nodes';
import { fromTemplate, toTemplate } from './template';
import { timeOf, wholeSecondsOrNull } from './times';

const row = reshaped(RECORDS.pods, ['uid', 'node'], {
  /** Position of its node in the list of nodes. */
  nodeAt: nullable(number),
  /** Null when it follows from namespace and name. */
  id: nullable(text),
  /** Seconds after createdAt; null when startedAt is kept as text. */
  startedAfter: nullable(number),
  startedAt: nullable(text),
  /** The name starts with the owner's name, and only the rest is stored. */
  nameIsRest: boolean,
  /** Names and values alternating; in values, the workload's name is replaced, so that most label sets become equal. */
  labels: nullable(list(text)),
});
/** The fields that pods of a workload share, as one text. */
export const PODS_ALIKE = alike(row, [
  'namespace',
  'owner',
  'labels',
  'nameIsRest',
  'phase',
  'failure',
  'hostNetwork',
  'deleting',
  'nicConfig',
  'networksAnnotation',
  'statusAnnotation',
  'requested',
  'resources',
  'policies',
  'securityGroupPolicies',
  'problems',
]);
type PodRow = ValueOf<typeof row>;

type Named = Pick<PodRecord, 'namespace' | 'owner'>;

/** Values that labels repeat: a ReplicaSet is named after its Deployment, followed by a hash. */
const tokensOf = ({ namespace, owner }: Named): readonly (string | null)[] => [
  owner?.name ?? null,
  owner?.name.replace(/-[^-]*$/, '') ?? null,
  namespace,
];

function packLabels(pod: PodRecord): PodRow['labels'] {
  if (pod.labels === null) return null;
  const tokens = tokensOf(pod);
  return Object.entries(pod.labels).flatMap(([name, value]) => [name, toTemplate(value, tokens)]);
}

/** Keyed by the list object, which the pods of a workload share along with the values. */
const unpacked = new WeakMap<object, PodRecord['labels']>();

function unpackLabels(row: PodRow): PodRecord['labels'] {
  const { labels } = row;
  if (labels === null) return null;
  return keptFor(unpacked, labels, () => {
    const tokens = tokensOf(row);
    return Object.fromEntries(
      labels.flatMap((name, at) => (at % 2 === 0 ? [[name, fromTemplate(labels[at + 1] ?? '', tokens)]] : [])),
    );
  });
}

/** The result may have further fields of the pod; only those of the row's shape are encoded. */
export function packPod(pod: PodRecord, nodes: NodeList): PodRow {
  const { createdAt, startedAt } = pod;
  const created = createdAt === null ? null : wholeSecondsOrNull(createdAt);
  const started = startedAt === null ? null : wholeSecondsOrNull(startedAt);
  const relative = created === null || started === null ? null : started - created;
  const prefix = pod.owner === null ? null : `${pod.owner.name}-`;
  const nameIsRest = prefix !== null && pod.name.startsWith(prefix);
  return {
    ...pod,
    nodeAt: nodes.placeOf(pod.node),
    id: pod.id === podId(pod.namespace, pod.name) ? null : pod.id,
    startedAfter: relative,
    startedAt: relative === null ? startedAt : null,
    nameIsRest,
    name: nameIsRest ? pod.name.slice(prefix.length) : pod.name,
    labels: packLabels(pod),
  };
}

const BLANK = blankOf(RECORDS.pods);
/** Fields that are the same in row and record. */
const KEPT = row.fields
  .map(([name]) => name)
  .filter((name) => name in BLANK && !['id', 'name', 'labels', 'startedAt'].includes(name));

/** The pod's name. */
export const nameOfPod = ({ nameIsRest, owner }: Pick<PodRow, 'nameIsRest' | 'owner'>, name: string): string =>
  nameIsRest ? `${owner?.name ?? ''}-${name}` : name;

/** The inverse of `packPod`; the uid is empty. */
export function unpackPod(row: PodRow, nodes: NodeList): PodRecord {
  const { namespace, createdAt, startedAfter } = row;
  const name = nameOfPod(row, row.name);
  const created = startedAfter === null || createdAt === null ? null : wholeSecondsOrNull(createdAt);
  const pod = { ...BLANK };
  copyFields(row, pod, KEPT);
  pod['id'] = row.id ?? podId(namespace, name);
  pod['name'] = name;
  pod['uid'] = '';
  pod['labels'] = unpackLabels(row);
  pod['node'] = nodes.at(row.nodeAt);
  pod['startedAt'] = created === null || startedAfter === null ? row.startedAt : timeOf(created + startedAfter);
  return pod as unknown as PodRecord;
}
