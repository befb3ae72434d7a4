/** What a lookup answers, as data: the page, the HTTP interface and the command show the same. */
import type { AddressState } from '../../model/vocabulary';
import type { PathStep } from './owner-path';

/**
 * What the asked-for thing is: a pod interface's address, an address slot of an ENI by its state, a place that nothing
 * holds, or the record of that kind itself.
 */
export type HitKind =
  | 'interface'
  | AddressState
  | 'free-in-prefix'
  | 'prefix'
  | 'pool-allocation'
  | 'reserved'
  | 'subnet'
  | 'range'
  | 'node'
  | 'pod'
  | 'eni'
  | 'host-nic'
  | 'network'
  | 'record';

export interface Hit {
  readonly kind: HitKind;
  /** The record to select. */
  readonly id: string;
  readonly path: readonly PathStep[];
  /** The path as one line. */
  readonly text: string;
}

export interface LookupAnswer {
  readonly query: string;
  readonly asked: 'address' | 'range' | 'mac' | 'name';
  /** Best first; empty when nothing known holds or is what was asked for. */
  readonly hits: readonly Hit[];
  /** How many there are, when `hits` was cut. */
  readonly total: number;
  /** What is to be said beside the hits: "not in this VPC"; null when there is nothing to say. */
  readonly note: string | null;
  /** Sources that are not live and could have changed the answer, with the reason. */
  readonly unsure: readonly string[];
}

/** Hits shown at most; `total` says how many there are. */
export const MOST_HITS = 50;

export const hit = (kind: HitKind, id: string, path: readonly PathStep[]): Hit => ({
  kind,
  id,
  path,
  text: path.map((step) => step.text).join(' · '),
});
