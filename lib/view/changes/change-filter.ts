/** Which changes match the page's filter. A removed record is in no filter result; its node decides. */
import { idParts, kindOfId } from '../../model/ids';
import type { Table } from '../../model/records';
import type { Filter, FilterResult } from '../filter';
import type { DescribedChange } from './described-change';

const IDS: Readonly<Partial<Record<Table, (result: FilterResult) => ReadonlySet<string>>>> = {
  nodes: ({ nodes }) => nodes,
  enis: ({ enis }) => enis,
  subnets: ({ subnets }) => subnets,
  networks: ({ networks }) => networks,
  pods: ({ pods }) => pods,
  interfaces: ({ shown }) => shown,
  findings: ({ findings }) => findings,
};

/** Returns a predicate: whether a change matches the filter. */
export function changeFilter(result: FilterResult, { namespaces }: Filter): (change: DescribedChange) => boolean {
  const isLeft = ({ table, id, kind, node }: Pick<DescribedChange, 'table' | 'id' | 'kind' | 'node'>): boolean => {
    const subject = table === 'signals' ? id.slice('sig:'.length, id.lastIndexOf('/')) : '';
    if (kindOfId(subject) === 'pod') return isLeft({ table: 'pods', id: subject, kind, node });
    const ids = IDS[table]?.(result);
    if (ids !== undefined && (kind !== 'went' || ids.has(id))) return ids.has(id);
    const namespaced = table === 'pods' || table === 'interfaces';
    if (namespaced && namespaces.length > 0 && !namespaces.includes(idParts(id)[0] ?? '')) return false;
    return node !== null && result.nodes.has(node);
  };
  return isLeft;
}
