import { useMemo } from 'react';
import type { ClientState } from '../../lib/client/client-state';
import { useClient, useDerived, useFilterResult } from '../../lib/client/hooks';
import type { Table } from '../../lib/model/records';
import { causesLeft } from '../../lib/view/causes-left';
import { findTroubles, type Cause } from '../../lib/view/troubles';

const TABLES: readonly Table[] = ['findings', 'nodes'];
const read = ({ replica }: ClientState) => ({
  all: findTroubles(replica).causes,
  nodes: replica.records.nodes.size,
});

interface Causes {
  /** The causes of the findings that pass the filter. */
  readonly causes: readonly Cause[];
  readonly all: readonly Cause[];
  readonly nodes: number;
}

/** Findings by cause. */
export function useCauses(): Causes {
  const { store } = useClient();
  const whole = useDerived(TABLES, read);
  const result = useFilterResult();
  return useMemo(() => {
    const { replica } = store.getState();
    return { ...whole, causes: result === null ? whole.all : causesLeft(replica, result.findings) };
  }, [store, whole, result]);
}
