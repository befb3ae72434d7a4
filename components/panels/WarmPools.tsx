import { useServerNow } from '../../lib/client/hooks';
import type { NodeRecord, Pool } from '../../lib/model/records';
import { nextSentence, noPoolSentence, poolArithmetic, targetSentence } from '../../lib/view/sentences';
import { Grade } from '../ui/Grade';
import { Fact, Facts, Section } from './parts';

/** The warm pool of each network card; for a node without one, the reason. */
export function WarmPools({ node }: { readonly node: NodeRecord }) {
  return (
    <Section title="Warm pool">
      {node.pools.length === 0 ? (
        <p className="text-12 text-text2">{noPoolSentence(node)}</p>
      ) : (
        node.pools.map((pool) => (
          <div key={pool.card} className="mb-2">
            {node.pools.length > 1 && <h4 className="text-12 font-semibold">Card {pool.card}</h4>}
            <PoolFacts pool={pool} node={node} />
          </div>
        ))
      )}
    </Section>
  );
}

/** A pool with its arithmetic, not only the result. */
export function PoolFacts({ pool, node }: { readonly pool: Pool; readonly node: NodeRecord }) {
  const now = useServerNow();
  return (
    <Facts>
      <Fact name="Addresses">{poolArithmetic(pool, node.cni?.cooldownSeconds ?? null, now)}</Fact>
      <Fact name="Target">{targetSentence(pool)}</Fact>
      <Fact name="Next">{nextSentence(pool)}</Fact>
      <Fact name="Certainty">
        <Grade certainty={pool.certainty} />
      </Fact>
    </Facts>
  );
}
