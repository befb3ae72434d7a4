/** The answer to one question: a sentence, what it rests on, and what could change it. */
import type { Certainty } from '../../model/vocabulary';
import type { Subject } from './subject';
import type { FindingRecord } from '../../model/records';

/** One fact, in one sentence. */
export interface Evidence {
  /** The record that it is about; null for what is no record. */
  readonly id: string | null;
  readonly text: string;
}

/** What a question finds out; `explain` adds the question itself and the sources that are not live. */
export interface Reply {
  readonly sentence: string;
  /** `inferred`: more than what an API said. `unknown`: the records do not tell. */
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  /** What to do; null where there is nothing to do, or nothing known. */
  readonly advice?: string | null;
  /** A command to copy. */
  readonly command?: string | null;
}

/** A reply with the question that it answers. */
export interface Answer extends Required<Reply> {
  /** Id of the question, `address`. */
  readonly question: string;
  /** The question as a sentence, with what it is about: `Why does pod core/p1 have no address?` */
  readonly asked: string;
  /** Facts that were left out of `evidence`. */
  readonly more: number;
  /** Sources that are not live and could change the answer, with their state and reason. */
  readonly unsure: readonly string[];
}

/** Everything that was asked about one thing. */
export interface Explanation {
  readonly subject: Subject;
  readonly answers: readonly Answer[];
}

/** Facts in an answer at most. */
export const MAX_EVIDENCE = 50;

/** A piece of evidence; null as id when it is about no record. */
export const fact = (id: string | null, text: string): Evidence => ({ id, text });

type Replying = (sentence: string, evidence?: readonly Evidence[]) => Reply;

const replying =
  (certainty: Certainty): Replying =>
  (sentence, evidence = []) => ({ sentence, certainty, evidence });

/** A reply that APIs have reported. */
export const observed = replying('observed');
/** A reply that is concluded from several facts. */
export const inferred = replying('inferred');
/** A reply that the records do not hold. */
export const unknown = replying('unknown');

/** A finding of the rules as evidence: its title and what it is about. */
export const factOf = (finding: FindingRecord): Evidence =>
  fact(finding.id, `${finding.severity} ${finding.rule}: ${finding.detail}`);
