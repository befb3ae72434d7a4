/**
 * Pods that wait for an address on their node, and the box above the cards where they stand. A pod that starts as it should never gets there: only one that a finding names, or that has waited so long
 * that something must be wrong. So a normal start moves nothing.
 */
import { byCodeUnit, byNaturalName } from '../../model/order';
import type { FindingRecord, InterfaceRecord, NodeRecord, PodRecord } from '../../model/records';
import { podsWithoutAddress } from '../../view/sparse';
import { recordsOf, type ViewSource } from '../../view/view-source';
import { CARD, ENI } from './geometry';
import type { Rect } from '../picture/rect';

/** From the kubelet's first word on a pod; a sandbox with its addresses takes a second or two. Milliseconds. */
export const WAITING_AFTER = 10_000;

export const WAITING_ROW = 21;
/** Rows of the box: two pods, or one and "n more". */
const WAITING_ROWS = 2;
/** The line with the likely cause. */
const CAUSE = 17;
export const WAITING_HEIGHT = CARD.height + 6 + WAITING_ROWS * WAITING_ROW + CAUSE + 6;

/** When a pod began to wait on its node; null when nobody has said. */
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

/**
 * Those of a node, the longest waiting first. `now`: the moment of the picture in milliseconds; null: that of no moment,
 * where only findings tell.
 */
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

/** A waiting pod in its row of the box, in layout units. */
export interface WaitingRow {
  readonly pod: PodRecord;
  readonly requested: InterfaceRecord | null;
  readonly rect: Rect;
}

export interface WaitingRows {
  /** Every pod that waits, also those without a row. */
  readonly pods: readonly PodRecord[];
  readonly rows: readonly WaitingRow[];
  /** The row that counts the others; null when every pod has one. */
  readonly more: Rect | null;
  /** Top of the lines with the likely cause. */
  readonly bottom: number;
}

/** Two pods, or one and a row that counts the others. */
export function waitingRows(source: ViewSource, node: NodeRecord, now: number | null, block: Rect): WaitingRows {
  const pods = waitingPods(source, node, now);
  const rect = (row: number): Rect => ({
    x: block.x + ENI.inset,
    y: block.y + CARD.height + 6 + row * WAITING_ROW,
    w: block.w - 2 * ENI.inset,
    h: WAITING_ROW,
  });
  const shown = pods.length > WAITING_ROWS ? pods.slice(0, WAITING_ROWS - 1) : pods;
  return {
    pods,
    rows: shown.map((pod, row) => ({ pod, requested: requestedInterface(source, pod), rect: rect(row) })),
    more: shown.length < pods.length ? rect(shown.length) : null,
    bottom: rect(Math.min(pods.length, WAITING_ROWS)).y,
  };
}
