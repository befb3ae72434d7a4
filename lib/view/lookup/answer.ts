/** The answer of a lookup, as data: the page, the HTTP API and the command show the same. */
import { ADDRESS_STATES } from '../../model/vocabulary';
import type { PathStep } from './owner-path';

/**
 * What was found: the address of a pod interface, an address slot of an ENI by its state, a range without a known holder,
 * or the record itself.
 */
export const HIT_KINDS = [
  'interface',
  ...ADDRESS_STATES,
  'free-in-prefix',
  'prefix',
  'pool-allocation',
  'reserved',
  'subnet',
  'range',
  'node',
  'pod',
  'eni',
  'host-nic',
  'network',
  'record',
] as const;
export type HitKind = (typeof HIT_KINDS)[number];

/** What a query is taken for. */
export const ASKED = ['address', 'range', 'mac', 'name'] as const;

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
  readonly asked: (typeof ASKED)[number];
  /** Best first; empty when nothing known matches. */
  readonly hits: readonly Hit[];
  /** How many hits there are before `hits` was cut to `MOST_HITS`. */
  readonly total: number;
  /** A remark beside the hits, such as "not in this VPC"; null when there is none. */
  readonly note: string | null;
  /** Sources that are not live and could change the answer, with their state and reason. */
  readonly unsure: readonly string[];
}

/** Hits in an answer at most. */
export const MOST_HITS = 50;

export const hit = (kind: HitKind, id: string, path: readonly PathStep[]): Hit => ({
  kind,
  id,
  path,
  text: path.map((step) => step.text).join(' · '),
});
