/** Networks by node: the carrier of each network on every node where a pod requests it, and where it is missing. */
import { CLUSTER_NETWORK, isDeviceClass } from '../model/ids';
import type { AttachmentRecord, Certainty, InterfaceRecord } from '../model/records';
import { keptFor } from '../model/remembered';
import { labelOf } from './record-label';
import { shortId } from './selection';

export interface MatrixCell {
  readonly node: string;
  readonly network: string;
  /** The ENI or host NIC that carries the network; null when there is none or it is not known. */
  readonly carrier: string | null;
  readonly certainty: Certainty;
  /** Possible carriers when the carrier is not known. */
  readonly candidates: readonly string[];
  /** Number of pod interfaces on the node, and how many of them are requested but missing. */
  readonly interfaces: number;
  readonly missing: number;
}

interface Part {
  readonly interfaces: ReadonlyMap<string, InterfaceRecord>;
  readonly attachments: ReadonlyMap<string, AttachmentRecord>;
}

const NAD = (network: string): boolean => network !== CLUSTER_NETWORK && !isDeviceClass(network);

/** The cells of the nodes in a part of the record set, which must be complete for these nodes. */
export function matrixCells({ interfaces, attachments }: Part): readonly MatrixCell[] {
  const counts = new Map<string, { node: string; network: string; all: number; missing: number }>();
  for (const { node, network, state } of interfaces.values()) {
    if (node === null || !NAD(network)) continue;
    const count = keptFor(counts, `${node} ${network}`, () => ({ node, network, all: 0, missing: 0 }));
    count.all += 1;
    if (state === 'requested') count.missing += 1;
  }
  const attached = new Map([...attachments.values()].map((one) => [`${one.node} ${one.network}`, one]));
  return [...counts].map(([key, { node, network, all, missing }]) => {
    const on = attached.get(key);
    return {
      node,
      network,
      carrier: on?.eni ?? on?.hostNic ?? null,
      certainty: on?.certainty ?? 'unknown',
      candidates: on?.candidates ?? [],
      interfaces: all,
      missing,
    };
  });
}

/** The carrier in words, with `~` when inferred. */
function carrierWords({ carrier, certainty, candidates }: MatrixCell): string {
  if (carrier === null) return candidates.length > 0 ? `one of ${candidates.length}` : 'no known link';
  const name = carrier.startsWith('eni-') ? shortId(carrier) : labelOf(carrier);
  return `${certainty === 'inferred' ? '~' : ''}${name}`;
}

/** `1 missing · eni-0d3e…44 × 3`; empty when no pod of the node requests the network. */
export function matrixWords(cell: MatrixCell | undefined): string {
  if (cell === undefined) return '';
  const there = cell.interfaces - cell.missing;
  const lacks = cell.missing === 0 ? '' : `${cell.missing} missing`;
  if (there === 0) return lacks;
  // The column may cut the end.
  return `${lacks === '' ? '' : `${lacks} · `}${carrierWords(cell)} × ${there}`;
}
