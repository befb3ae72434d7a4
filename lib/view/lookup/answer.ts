/** The answer of a look-up as data, the same for the page, the HTTP API and the CLI. */
import { ADDRESS_STATES } from '../../model/vocabulary';
import type { Kind } from '../query/facts/keys';
import type { PathStep } from './owner-path';

/**
 * What was found: a pod interface's address, an ENI's slot by state, an ENI outside the cluster, a range without a
 * known holder, or the record itself.
 */
export const HIT_KINDS = [
  'interface',
  ...ADDRESS_STATES,
  'only-in-ipamd',
  'other-eni',
  'public',
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
  'finding',
  'record',
] as const;
export type HitKind = (typeof HIT_KINDS)[number];

/** How a query was interpreted. `query`: the query language of `lib/view/query`, as in `ns:core state:warm`. */
export const ASKED = ['address', 'range', 'mac', 'name', 'query'] as const;

/** One owner that was found. */
export interface Hit {
  readonly kind: HitKind;
  /** The record to select. */
  readonly id: string;
  readonly path: readonly PathStep[];
  /** The path as one line. */
  readonly text: string;
}

/** Records that have something in common; counted, not listed. */
export interface Group {
  readonly kind: Kind;
  /** The query that lists them (`lib/view/query`). */
  readonly query: string;
  /** Number of records, at least one. */
  readonly total: number;
  /** `348 interfaces named net1`. */
  readonly text: string;
}

export interface LookupAnswer {
  readonly query: string;
  readonly asked: (typeof ASKED)[number];
  /** Best first; empty when nothing known matches. */
  readonly hits: readonly Hit[];
  /** Number of hits before `hits` was cut to `MAX_HITS`. */
  readonly total: number;
  /** Further records that can be listed; empty when there are only hits. */
  readonly groups: readonly Group[];
  /** A remark about the query, such as "not in this VPC"; null without one. */
  readonly note: string | null;
  /** Sources that are not live and could change the answer, with state and reason. */
  readonly unsure: readonly string[];
}

/** Hits, possibly cut. */
export interface Found {
  readonly hits: readonly Hit[];
  readonly total: number;
}

/** Maximum number of hits in an answer. */
export const MAX_HITS = 50;

/** Makes a hit; its text is the path as one line. */
export const hit = (kind: HitKind, id: string, path: readonly PathStep[]): Hit => ({
  kind,
  id,
  path,
  text: path.map((step) => step.text).join(' · '),
});
