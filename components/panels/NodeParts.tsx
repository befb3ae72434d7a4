import { useCallback } from 'react';
import type { ClientState } from '../../lib/client/client-state';
import { useDerived } from '../../lib/client/hooks';
import { byNaturalName } from '../../lib/model/order';
import type { PodRecord, Table } from '../../lib/model/records';
import { hasArrived, currentEnisUnder } from '../../lib/view/partial-set';
import { recordsOf } from '../../lib/view/view-source';
import { More, RecordLink, Section } from './parts';

const TABLES: readonly Table[] = ['enis', 'pods', 'networkCards', 'hostNics'];

/** The network cards, ENIs, host NICs and pods of a node. */
export function NodeParts({ id }: { readonly id: string }) {
  const read = useCallback(
    ({ replica }: ClientState) => ({
      here: hasArrived(replica, id),
      enis: currentEnisUnder(replica, 'enisByNode', id).sort(
        (a, b) =>
          (a.card ?? 0) - (b.card ?? 0) || (a.deviceIndex ?? 999) - (b.deviceIndex ?? 999) || byNaturalName(a.id, b.id),
      ),
      pods: recordsOf(replica.indexes.podsByNode, id, replica.records.pods).sort((a, b) => byNaturalName(a.id, b.id)),
      cards: recordsOf(replica.indexes.cardsByNode, id, replica.records.networkCards).sort((a, b) => a.index - b.index),
      nics: recordsOf(replica.indexes.hostNicsByNode, id, replica.records.hostNics).sort((a, b) =>
        byNaturalName(a.name, b.name),
      ),
    }),
    [id],
  );
  const { here, enis, pods, cards, nics } = useDerived(TABLES, read);
  return (
    <>
      {cards.length > 1 && (
        <Section title={`Network cards · ${cards.length}`}>
          <More items={cards} keyOf={(card) => card.id} none="">
            {(card) => (
              <>
                <RecordLink id={card.id} />
                <span className="text-text2">{card.performance ?? 'bandwidth not known'}</span>
              </>
            )}
          </More>
        </Section>
      )}
      <Section title={`ENIs · ${enis.length}`}>
        <More items={enis} keyOf={(eni) => eni.id} none="No known ENIs.">
          {(eni) => (
            <>
              <span className="whitespace-nowrap">
                {eni.deviceIndex === null ? eni.role : `dev ${eni.deviceIndex}`} · <RecordLink id={eni.id} />
              </span>
              <span className="text-text2">
                {eni.management.rule === 'no-manage-tag' ? 'no_manage' : eni.management.state}
              </span>
            </>
          )}
        </More>
      </Section>
      {nics.length > 0 && (
        <Section title={`Host NICs · ${nics.length}`}>
          <More items={nics} keyOf={(nic) => nic.id} none="">
            {(nic) => (
              <>
                <RecordLink id={nic.id}>{`${nic.certainty === 'inferred' ? '~' : ''}${nic.name}`}</RecordLink>
                <span className="text-text2">{nic.up === null ? '' : nic.up ? 'up' : 'down'}</span>
              </>
            )}
          </More>
        </Section>
      )}
      {here ? <Pods pods={pods} /> : <Section title="Pods">Loading.</Section>}
    </>
  );
}

function Pods({ pods }: { readonly pods: readonly PodRecord[] }) {
  return (
    <Section title={`Pods · ${pods.length}`}>
      <More items={pods} keyOf={(pod) => pod.id} none="No pods.">
        {(pod) => (
          <>
            <RecordLink id={pod.id} />
            <span className="shrink-0 text-text2">{pod.hostNetwork ? 'host network' : pod.phase}</span>
          </>
        )}
      </More>
    </Section>
  );
}
