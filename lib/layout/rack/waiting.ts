/**
 * Pods that wait for an address on their node, and their line below its cards. The line is always kept, so that a pod that
 * waits moves nothing. A pod that starts as it should never gets there: only one that a finding names, or that has waited
 * so long that something must be wrong.
 */
import { byCodeUnit, byNaturalName } from '../../model/order';
import type { FindingRecord, InterfaceRecord, NodeRecord, PodRecord } from '../../model/records';
import { podsWithoutAddress } from '../../view/sparse';
import { recordsOf, type ViewSource } from '../../view/view-source';
import { SLOT } from './geometry';
import type { Rect } from '../picture/rect';

/** From the kubelet's first word on a pod; a sandbox with its addresses takes a second or two. Milliseconds. */
export const WAITING_AFTER = 10_000;

/** When a pod began to wait on its node; null if no source reports it. */
export const waitsSince = (pod: PodRecord): string | null => pod.startedAt ?? pod.createdAt;

/** Findings that concern a pod, those whose wrong record it is first. */
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

/** Those of a node, longest waiting first. `now`: the moment of the picture in ms; null: no moment, where only findings tell. */
export const waitingPods = (source: ViewSource, node: NodeRecord, now: number | null): readonly PodRecord[] =>
  [...podsWithoutAddress(source, node.id)]
    .filter((pod) => waits(source, pod, now))
    .sort((a, b) => byCodeUnit(waitsSince(a) ?? '~', waitsSince(b) ?? '~') || byNaturalName(a.id, b.id));

/** Pods that begin to count as waiting after `from`, up to `to`: the only ones that time alone can move. */
export function waitingBetween(source: ViewSource, from: number | null, to: number): readonly string[] {
  const found: string[] = [];
  for (const pod of podsWithoutAddress(source, null))
    if (waits(source, pod, to) && !waits(source, pod, from)) found.push(pod.id);
  return found;
}

/** Why a pod waits, as far as a finding says; null when none does. */
export function waitingCause(source: ViewSource, pod: PodRecord): string | null {
  const finding = findingsOf(source, pod)[0];
  if (finding === undefined) return null;
  const because = /most likely because (.+?)\.?$/.exec(finding.detail)?.[1];
  return because ?? finding.title;
}

/** The requested cluster interface of a pod that waits; null where there is no record of it. */
const requestedInterface = (source: ViewSource, pod: PodRecord): InterfaceRecord | null =>
  recordsOf(source.indexes.interfacesByPod, pod.id, source.records.interfaces).find(
    (record) => record.network === 'cluster' && record.ips.length === 0,
  ) ?? null;

/** The line of waiting pods in a node's box. */
export interface WaitingLine {
  /** Every pod that waits, the longest waiting first: its slot stands for all. */
  readonly pods: readonly PodRecord[];
  readonly requested: InterfaceRecord | null;
  /** In layout units. */
  readonly slot: Rect;
}

/** Null if no pod waits. */
export function waitingLine(source: ViewSource, node: NodeRecord, now: number | null, block: Rect): WaitingLine | null {
  const pods = waitingPods(source, node, now);
  const first = pods[0];
  if (first === undefined) return null;
  const slot = { x: block.x, y: block.y + (block.h - SLOT.h) / 2, w: SLOT.w, h: SLOT.h };
  return { pods, requested: requestedInterface(source, first), slot };
}
