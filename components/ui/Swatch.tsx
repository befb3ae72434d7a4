import { CLUSTER_NETWORK } from '../../lib/model/ids';
import type { AddressState } from '../../lib/model/vocabulary';
import { networkTone, type Tone } from '../../lib/layout/picture/tokens';
import { useRanks } from '../../lib/client/hooks';

/** A network's colour, drawn as a slot. */
export function NetworkSwatch({ network }: { readonly network: string }) {
  const rank = useRanks().get(network) ?? null;
  return <ColourSwatch rank={rank} />;
}

/** A colour of the palette by rank; null: the grey of the other networks, with a hole. */
export function ColourSwatch({ rank }: { readonly rank: number | null }) {
  const colour = `var(--c-${networkTone(rank)})`;
  return (
    <svg width="16" height="11" viewBox="0 0 16 11" aria-hidden className="inline-block shrink-0">
      <rect width="16" height="11" rx="2" fill={colour} />
      {rank === null && <circle cx="8" cy="5.5" r="2.2" fill="var(--c-surface)" />}
    </svg>
  );
}

/** The look of an address slot. */
export type SlotLook = AddressState | 'free';

interface SlotSwatchProps {
  readonly look: SlotLook;
  /** The network of the interface that holds it; absent: the cluster network. */
  readonly network?: string | undefined;
  /** A colour of the palette instead of the network's. */
  readonly tone?: Tone | undefined;
}

/** An address slot as drawn in the picture, in its network's colour. */
export function SlotSwatch({ look, network = CLUSTER_NETWORK, tone }: SlotSwatchProps) {
  const rank = useRanks().get(network) ?? null;
  const colour = `var(--c-${tone ?? networkTone(rank)})`;
  const frame = { x: 0.5, y: 0.5, width: 15, height: 10, rx: 2 };
  return (
    <svg width="16" height="11" viewBox="0 0 16 11" aria-hidden className="inline-block shrink-0">
      {look === 'primary' && (
        <>
          <rect width="16" height="11" rx="2" fill="var(--c-primary)" />
          <rect x="4.4" y="4.7" width="7.2" height="1.6" fill="var(--c-surface)" />
        </>
      )}
      {look === 'assigned' && (
        <>
          <rect width="16" height="11" rx="2" fill={colour} />
          {tone === undefined && rank === null && <circle cx="8" cy="5.5" r="2.2" fill="var(--c-surface)" />}
        </>
      )}
      {look === 'warm' && <rect {...frame} fill={colour} fillOpacity="0.22" stroke={colour} />}
      {look === 'cooling' && (
        <>
          <path d="M1 9 9 1M5 10l9-9M10.5 10 15 5.5" stroke={colour} strokeWidth="1.6" />
          <rect {...frame} fill="none" stroke={colour} />
        </>
      )}
      {look === 'free' && <circle cx="8" cy="5.5" r="1.3" fill="var(--c-edge)" />}
      {look === 'unclaimed' && <rect {...frame} fill="none" stroke="var(--c-edge)" />}
      {look === 'excluded' && (
        <>
          <rect {...frame} fill="none" stroke="var(--c-edge)" />
          <path d="M2 9.5 14 1.5" stroke="var(--c-edge)" />
        </>
      )}
      {look === 'unknown' && (
        <>
          <rect {...frame} fill="none" stroke="var(--c-edge)" strokeDasharray="2 2" />
          <text x="8" y="9" textAnchor="middle" fontSize="8" fill="var(--c-text2)">
            ?
          </text>
        </>
      )}
    </svg>
  );
}
