/**
 * Pods that wait for an address on their node, and their line below its cards. The line is always reserved, so that a
 * waiting pod moves nothing. Pods that start normally never appear there: only pods with a finding, or those that have
 * waited too long.
 */
import { byCodeUnit, byNaturalName } from '../../model/order';
import type { FindingRecord, InterfaceRecord, NodeRecord, PodRecord } from '../../model/records';
import { podsWithoutAddress } from '../../view/partial-set';
import { recordsOf, type ViewSource } from '../../view/view-source';
import { SLOT } from './geometry';
import type { Rect } from '../picture/rect';

/**
 * Measured from the kubelet's first status of the pod; normally a sandbox has its addresses within a second or two.
 * Milliseconds.
 */
export const WAITING_AFTER = 10_000;

/** When a pod started to wait on its node; null if no source reports it. */
export const waitsSince = (pod: PodRecord): string | null => pod.startedAt ?? pod.createdAt;

/** Findings about a pod, those with the pod as first subject first. */
const findingsOf = (source: ViewSource, pod: PodRecord): readonly FindingRecord[] =>
  recordsOf(source.indexes.findingsBySubject, pod.id, source.records.findings)
    .filter(({ severity }) => severity !== 'info')
    .sort((a, b) => Number(b.subjects[0] === pod.id) - Number(a.subjects[0] === pod.id) || byCodeUnit(a.id, b.id));

function waits(source: ViewSource, pod: PodRecord, now: number | null): boolean {
  if (pod.hostNetwork || pod.ips.length > 0 || pod.node === null || pod.deleting || pod.phase !== 'Pending')
    return false;
  if (findingsOf(source, pod).length > 0) return true;
  const since = waitsSince(pod);
  return now !== null && since !== null && now - Date.parse(since) >= WAITING_AFTER;
}

/**
 * The waiting pods of a node, longest waiting first. `now`: time of the picture in milliseconds; null: no time, so only
 * findings decide.
 */
export const waitingPods = (source: ViewSource, node: NodeRecord, now: number | null): readonly PodRecord[] =>
  [...podsWithoutAddress(source, node.id)]
    .filter((pod) => waits(source, pod, now))
    .sort((a, b) => byCodeUnit(waitsSince(a) ?? '~', waitsSince(b) ?? '~') || byNaturalName(a.id, b.id));

/** Pods that start to count as waiting after `from`, up to `to`: the only ones that time alone can move. */
export function waitingBetween(source: ViewSource, from: number | null, to: number): readonly string[] {
  const found: string[] = [];
  for (const pod of podsWithoutAddress(source, null))
    if (waits(source, pod, to) && !waits(source, pod, from)) found.push(pod.id);
  return found;
}

/** Why a pod waits, according to its findings; null when none explains it. */
export function waitingCause(source: ViewSource, pod: PodRecord): string | null {
  const finding = findingsOf(source, pod)[0];
  if (finding === undefined) return null;
  const because = /most likely because (.+?)\.?$/.exec(finding.detail)?.[1];
  return because ?? finding.title;
}

/** The requested cluster interface of a waiting pod; null without a record of it. */
const requestedInterface = (source: ViewSource, pod: PodRecord): InterfaceRecord | null =>
  recordsOf(source.indexes.interfacesByPod, pod.id, source.records.interfaces).find(
    (record) => record.network === 'cluster' && record.ips.length === 0,
  ) ?? null;

/** The line of waiting pods in a node's box. */
export interface WaitingLine {
  /** All waiting pods, longest waiting first; the one slot represents all of them. */
  readonly pods: readonly PodRecord[];
  readonly requested: InterfaceRecord | null;
  /** In layout units. */
  readonly slot: Rect;
}

/** The line of a node's waiting pods; null if no pod waits. */
export function waitingLine(source: ViewSource, node: NodeRecord, now: number | null, block: Rect): WaitingLine | null {
  const pods = waitingPods(source, node, now);
  const first = pods[0];
  if (first === undefined) return null;
  const slot = { x: block.x, y: block.y + (block.h - SLOT.h) / 2, w: SLOT.w, h: SLOT.h };
  return { pods, requested: requestedInterface(source, first), slot };
}
