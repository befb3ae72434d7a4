/** The muted findings, which are left out of the page. */
import type { FindingRecord, Table } from '../model/records';
import type { ClientState } from './client-state';
import { useDerived } from './hooks';

const TABLES: readonly Table[] = ['findings'];
const NONE: readonly FindingRecord[] = [];
const read = ({ replica }: ClientState): readonly FindingRecord[] =>
  replica.muted === undefined ? NONE : [...replica.muted.values()];

/** The currently muted findings. */
export const useMuted = (): readonly FindingRecord[] => useDerived(TABLES, read);
