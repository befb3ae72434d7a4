/** The facts of each kind, by key. To add a key, declare it in `keys.ts` and in each kind that has it. */
import type { RecordByTable } from '../../../model/records';
import { KINDS, type Key, type Kind } from './keys';
import { eniFacts } from './eni';
import type { KindFacts } from './fact';
import { findingFacts } from './finding';
import { interfaceFacts } from './interface';
import { networkFacts } from './network';
import { nodeFacts } from './node';
import { podFacts } from './pod';
import { subnetFacts } from './subnet';

/** Kind → record type. */
export type RecordOfKind = { readonly [K in Kind]: RecordByTable[`${K}s`] };

/** The keys of each kind. */
export const FACTS: { readonly [K in Kind]: KindFacts<RecordOfKind[K]> } = {
  interface: interfaceFacts,
  pod: podFacts,
  node: nodeFacts,
  eni: eniFacts,
  subnet: subnetFacts,
  network: networkFacts,
  finding: findingFacts,
};

/** Whether records of a kind have a key. */
export const hasKey = (kind: Kind, key: Key): boolean => Object.hasOwn(FACTS[kind].keys, key);

/** The kinds that have a key. */
export const kindsWith = (key: Key): readonly Kind[] => KINDS.filter((kind) => hasKey(kind, key));
