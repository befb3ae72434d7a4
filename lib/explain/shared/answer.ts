/** The answer to one question: a sentence, its evidence, and what could change it. */
import type { Certainty } from '../../model/vocabulary';
import type { Subject } from './subject';
import type { FindingRecord } from '../../model/records';

/** One fact, as a sentence. */
export interface Evidence {
  /** The record that it is about; null if it is about no record. */
  readonly id: string | null;
  readonly text: string;
}

/** The result of a question; `explain` adds the question itself and the sources that are not live. */
export interface Reply {
  readonly sentence: string;
  /** `inferred`: more than an API has reported. `unknown`: the records do not show it. */
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  /** What to do; null if there is nothing to do, or nothing known. */
  readonly advice?: string | null;
  /** A command to copy. */
  readonly command?: string | null;
}

/** A reply with the question that it answers. */
export interface Answer extends Required<Reply> {
  /** Id of the question, for example `address`. */
  readonly question: string;
  /** The question as a sentence, including its subject: `Why does pod core/p1 have no address?` */
  readonly asked: string;
  /** Number of facts left out of `evidence`. */
  readonly more: number;
  /** Sources that are not live and could change the answer, with their state and reason. */
  readonly unsure: readonly string[];
}

/** All answers about one subject. */
export interface Explanation {
  readonly subject: Subject;
  readonly answers: readonly Answer[];
}

/** Maximum number of facts in an answer. */
export const MAX_EVIDENCE = 50;

/** A piece of evidence; `id` is null if it is about no record. */
export const fact = (id: string | null, text: string): Evidence => ({ id, text });

type Replying = (sentence: string, evidence?: readonly Evidence[]) => Reply;

const replying =
  (certainty: Certainty): Replying =>
  (sentence, evidence = []) => ({ sentence, certainty, evidence });

/** A reply that APIs have reported. */
export const observed = replying('observed');
/** A reply that is inferred from several facts. */
export const inferred = replying('inferred');
/** A reply that the records do not contain. */
export const unknown = replying('unknown');

/** A finding as evidence: its title and subject. */
export const factOf = (finding: FindingRecord): Evidence =>
  fact(finding.id, `${finding.severity} ${finding.rule}: ${finding.detail}`);
