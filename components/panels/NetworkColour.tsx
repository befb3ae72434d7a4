/** Chooses a network's colour. The URL stores the choice, so that a colleague sees the same. */
import { useGo, usePageState, useRanks } from '../../lib/client/hooks';
import { CLUSTER_NETWORK } from '../../lib/model/ids';
import { labelOf } from '../../lib/view/record-label';
import { chooseRank, networkAt } from '../../lib/view/colour-choice';
import { NAD_COLOURS } from '../../lib/view/network-colours';
import { Button } from '../ui/Button';
import { cx } from '../ui/classes';
import { ColourSwatch } from '../ui/Swatch';
import { Section } from './parts';

/** The colours `net0` … `net7` of the palette in words. */
const NAMES = ['blue', 'orange', 'teal', 'violet', 'mauve', 'olive', 'cyan', 'brown'] as const;

/** Chooses the colour of a network; a colour in use is swapped. */
export function NetworkColour({ network }: { readonly network: string }) {
  const ranks = useRanks();
  const chosen = usePageState((page) => page.ranks.length > 0);
  const go = useGo();
  const own = ranks.get(network) ?? null;
  if (network === CLUSTER_NETWORK) return null;
  return (
    <Section title="Colour">
      <div className="flex flex-wrap items-center gap-1.5">
        {Array.from({ length: NAD_COLOURS }, (_, index) => {
          const rank = index + 1;
          const holder = networkAt(ranks, rank);
          const name = NAMES[rank] ?? '';
          const pressed = rank === own;
          return (
            <button
              key={rank}
              type="button"
              aria-pressed={pressed}
              aria-label={pressed || holder === null ? name : `${name}, now used by ${labelOf(holder)}`}
              title={pressed || holder === null ? name : `Swap with ${labelOf(holder)}`}
              onClick={() => go({ ranks: chooseRank(ranks, network, rank) })}
              className={cx(
                'flex h-6 w-8 items-center justify-center rounded-sm border',
                pressed ? 'border-sel' : 'border-line hover:border-edge',
              )}
            >
              <ColourSwatch rank={rank} />
            </button>
          );
        })}
        {chosen && (
          <Button look="link" className="text-12!" onClick={() => go({ ranks: [] })}>
            Default colours
          </Button>
        )}
      </div>
      {own === null && (
        <p className="mt-1 text-12 text-text2">All colours are used by other networks. Choose one to swap.</p>
      )}
    </Section>
  );
}
