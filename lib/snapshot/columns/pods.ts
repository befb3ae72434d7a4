/** Pods on the wire: what follows from other fields is left out, and the uid, which the picture does not need. */
import { podId } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import { RECORDS } from '../schema';
import type { ObjectShape } from '../shape';
import { boolean, nullable, number, text } from '../shape';
import { timeOf, wholeSecondsOrNull } from './times';

type Row = Readonly<Record<string, unknown>>;

const DERIVED = new Set(['id', 'uid', 'startedAt']);

export const POD_ROW: ObjectShape = {
  kind: 'object',
  fields: [
    /** Null where it follows from namespace and name. */
    ['id', nullable(text)],
    /** Seconds after createdAt; else the text. */
    ['startedAfter', nullable(number)],
    ['startedAt', nullable(text)],
    /** Of names that begin with the owner's only the rest is kept. */
    ['nameIsRest', boolean],
    ...RECORDS.pods.fields.filter(([name]) => !DERIVED.has(name)),
  ],
  missing: RECORDS.pods.missing,
};

export function packPod(pod: PodRecord): Row {
  const { createdAt, startedAt } = pod;
  const created = createdAt === null ? null : wholeSecondsOrNull(createdAt);
  const started = startedAt === null ? null : wholeSecondsOrNull(startedAt);
  const relative = created === null || started === null ? null : started - created;
  const prefix = pod.owner === null ? null : `${pod.owner.name}-`;
  const nameIsRest = prefix !== null && pod.name.startsWith(prefix);
  return {
    ...pod,
    id: pod.id === podId(pod.namespace, pod.name) ? null : pod.id,
    startedAfter: relative,
    startedAt: relative === null ? startedAt : null,
    nameIsRest,
    name: nameIsRest ? pod.name.slice(prefix.length) : pod.name,
  };
}

export function unpackPod(row: Row): PodRecord {
  const { id, startedAfter, startedAt, nameIsRest, name: written, ...rest } = row as unknown as Packed;
  const name = nameIsRest ? `${rest.owner?.name ?? ''}-${written}` : written;
  const created = startedAfter === null || rest.createdAt === null ? null : wholeSecondsOrNull(rest.createdAt);
  return {
    ...rest,
    id: id ?? podId(rest.namespace, name),
    name,
    uid: '',
    startedAt: created === null || startedAfter === null ? startedAt : timeOf(created + startedAfter),
  };
}

type Packed = Omit<PodRecord, 'id' | 'uid'> & {
  readonly id: string | null;
  readonly startedAfter: number | null;
  readonly nameIsRest: boolean;
};
