import { useCallback, type ReactNode } from 'react';
import { useDerived, useRecord } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import type { Table } from '../../lib/model/records';
import { currentEnisUnder } from '../../lib/view/partial-set';
import { FindingsAbout } from './FindingsSection';
import { PanelHead } from './PanelHead';
import { Fact, Facts, More, RecordLink, Section } from './parts';
import { PoolFacts } from './WarmPools';

const TABLES: readonly Table[] = ['networkCards', 'enis'];

/** A network card with its ENIs; `gone`: shown if it does not exist. */
export function CardPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const card = useRecord('networkCards', id);
  const node = useRecord('nodes', card?.node ?? null);
  const read = useCallback(
    ({ replica }: ClientState) => {
      const found = replica.records.networkCards.get(id);
      if (found === undefined) return [];
      return currentEnisUnder(replica, 'enisByNode', found.node)
        .filter((eni) => eni.card === found.index)
        .sort((a, b) => (a.deviceIndex ?? 999) - (b.deviceIndex ?? 999));
    },
    [id],
  );
  const enis = useDerived(TABLES, read);
  if (card === null) return gone;
  const pool = node?.pools.find((entry) => entry.card === card.index);
  const { limit, used, free } = card.eniSlots;
  return (
    <>
      <PanelHead kind="Network card" title={`card ${card.index}`}>
        <RecordLink id={card.node}>{`node ${node?.name ?? card.node}`}</RecordLink>
      </PanelHead>
      <Section title="Card">
        <Facts>
          <Fact name="Bandwidth">
            {card.performance === null ? null : `${card.performance}, shared by all its ENIs`}
          </Fact>
          <Fact name="ENIs">
            {used === null || limit === null
              ? null
              : `${used} of ${limit} attached${free === null ? '' : `, ${free} more can attach`}`}
          </Fact>
          <Fact name="VPC CNI">
            {card.managed === null ? null : card.managed ? 'manages this card' : 'does not manage this card'}
          </Fact>
        </Facts>
      </Section>
      {node !== null && pool !== undefined && (
        <Section title="Warm pool">
          <PoolFacts pool={pool} node={node} />
        </Section>
      )}
      <Section title={`ENIs · ${enis.length}`}>
        <More items={enis} keyOf={(eni) => eni.id} none="No known ENIs." first={16}>
          {(eni) => (
            <>
              <span>
                dev {eni.deviceIndex ?? '?'} · <RecordLink id={eni.id} />
              </span>
              <span className="text-text2">{eni.role}</span>
            </>
          )}
        </More>
      </Section>
      <FindingsAbout id={id} />
    </>
  );
}
