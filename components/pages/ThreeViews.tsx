/**
 * The addresses of each ENI of a node, or of a pod's interfaces, according to EC2, ipamd and the pods, side by side.
 */
import { useCallback } from 'react';
import { useDerived } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import type { EniRecord, Table } from '../../lib/model/records';
import { addressesIn } from '../../lib/view/eni-outline';
import { threeViews } from '../../lib/view/three-views';
import { recordsOf } from '../../lib/view/view-source';
import { RecordLink, Section, Unknown } from '../panels/parts';

const TABLES: readonly Table[] = ['enis', 'interfaces'];

const place = ({ card, deviceIndex, role }: EniRecord): string =>
  deviceIndex === null ? role : `${card === null || card === 0 ? '' : `card ${card} · `}dev ${deviceIndex}`;

/** The ENIs of a record: a node's, or those of a pod's interfaces. */
function enisOf({ replica: { indexes, records } }: ClientState, id: string): readonly EniRecord[] {
  const found = id.startsWith('pod:')
    ? recordsOf(indexes.interfacesByPod, id, records.interfaces).flatMap(({ eni }) =>
        eni === null ? [] : (records.enis.get(eni) ?? []),
      )
    : recordsOf(indexes.enisByNode, id, records.enis);
  return [...new Map(found.map((eni) => [eni.id, eni])).values()].sort(
    (a, b) =>
      (a.card ?? 99) - (b.card ?? 99) || (a.deviceIndex ?? 999) - (b.deviceIndex ?? 999) || (a.id < b.id ? -1 : 1),
  );
}

/** `id`: a node or a pod. */
export function ThreeViews({ id }: { readonly id: string }) {
  const read = useCallback((state: ClientState) => enisOf(state, id), [id]);
  const enis = useDerived(TABLES, read);
  if (enis.length === 0) return null;
  return (
    <Section title="EC2 · ipamd · pods, by ENI">
      <div className="scroll-thin overflow-x-auto">
        <table className="w-full border-collapse text-12">
          <thead>
            <tr className="border-b border-line text-left text-text2">
              {['ENI', 'EC2 has', 'ipamd has', 'Pods hold', 'Differs'].map((title) => (
                <th key={title} scope="col" className="py-1.5 pr-4 font-normal">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {enis.map((eni) => (
              <Line key={eni.id} eni={eni} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const NOTHING_READ: NonNullable<EniRecord['ipamd']> = {
  known: true,
  addresses: null,
  assigned: 0,
  unheld: [],
  unheldBy: [],
  taken: [],
  missing: [],
  extra: [],
};

function Line({ eni }: { readonly eni: EniRecord }) {
  const { inEc2, inIpamd, heldByPods, differences } = threeViews(eni, eni.ipamd ?? NOTHING_READ);
  const unclear = addressesIn(eni, 'unknown');
  return (
    <tr className="border-b border-line align-baseline last:border-b-0">
      <th scope="row" className="py-1.5 pr-4 text-left font-normal">
        <RecordLink id={eni.id} /> <span className="whitespace-nowrap text-text2">{place(eni)}</span>
      </th>
      <td className="py-1.5 pr-4">{inEc2}</td>
      <td className="py-1.5 pr-4">
        {eni.ipamd !== null ? (
          inIpamd
        ) : eni.management.state === 'managed' ? (
          <Unknown>not read</Unknown>
        ) : (
          <span className="text-text2">leaves it alone</span>
        )}
      </td>
      <td className="py-1.5 pr-4">
        {heldByPods}
        {unclear > 0 && <span className="text-text3">, {unclear} not known</span>}
      </td>
      <td className="py-1.5">
        {differences.length === 0 ? (
          <span className="text-text3">{eni.ipamd === null ? '' : 'no'}</span>
        ) : (
          differences.map(([name, text]) => (
            <div key={name} className="break-words">
              <b className="font-semibold text-warn">{name}:</b> {text}
            </div>
          ))
        )}
      </td>
    </tr>
  );
}
