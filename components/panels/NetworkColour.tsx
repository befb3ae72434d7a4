'use client';
/** Which colour a network has: a choice of the user's, kept in the address, so that a colleague sees the same. */
import { useGo, usePageState, useRanks } from '../../lib/client/hooks';
import { labelOf } from '../../lib/view/selection';
import { rankOf, withRank } from '../../lib/view/network-colours';
import { Button } from '../ui/Button';
import { cx } from '../ui/classes';
import { NetworkSwatch } from '../ui/Swatch';
import { Section } from './parts';

/** The tokens `net1` … `net7` in words (visual.md, "Colour tokens"). */
const NAMES = ['blue', 'orange', 'teal', 'violet', 'mauve', 'olive', 'cyan', 'brown'] as const;

export function NetworkColour({ network }: { readonly network: string }) {
  const ranks = useRanks();
  const chosen = usePageState((page) => page.ranks.length > 0);
  const go = useGo();
  const own = rankOf(ranks, network);
  if (network === 'cluster' || ranks.length < 2) return null;
  return (
    <Section title="Colour">
      <div className="flex flex-wrap items-center gap-1.5">
        {ranks.slice(1).map((holder, index) => {
          const rank = index + 1;
          const name = NAMES[rank] ?? '';
          const pressed = rank === own;
          return (
            <button
              key={rank}
              type="button"
              aria-pressed={pressed}
              aria-label={pressed ? name : `${name}, now of ${labelOf(holder)}`}
              title={pressed ? `It is ${name}` : `Take ${name} from ${labelOf(holder)}`}
              onClick={() => go({ ranks: withRank(ranks, network, rank).slice(1) })}
              className={cx(
                'flex h-6 w-8 items-center justify-center rounded-sm border',
                pressed ? 'border-sel' : 'border-line hover:border-edge',
              )}
            >
              <NetworkSwatch network={holder} />
            </button>
          );
        })}
        {chosen && (
          <Button look="link" className="text-12!" onClick={() => go({ ranks: [] })}>
            By interface count
          </Button>
        )}
      </div>
      {own === null && (
        <p className="mt-1 text-12 text-text2">
          {`It has no colour of its own: seven other networks ${chosen ? 'were given them' : 'have more interfaces'}.`}
        </p>
      )}
    </Section>
  );
}
