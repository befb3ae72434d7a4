/** Tracks the result of each node's last read, and derives the source record's state. */
import type { Outcome } from '../attempts';
import { ours, reason, type Reason } from '../reason';
import type { Target } from './schedule';

/** The last result of each node. */
export class NodeAnswers {
  readonly #answered = new Set<string>();
  /** Node → reason why it did not answer. */
  readonly #silent = new Map<string, Reason>();
  /** Once every node has been read, nodes that join do not make the source incomplete again. */
  #wasComplete = false;

  answered(node: string): void {
    this.#silent.delete(node);
    this.#answered.add(node);
  }

  silent(node: string, why: Reason): void {
    this.#answered.delete(node);
    this.#silent.set(node, why);
  }

  /** Forgets a node; returns false if it was unknown. */
  forget(node: string): boolean {
    const hadAnswered = this.#answered.delete(node);
    return this.#silent.delete(node) || hadAnswered;
  }

  clear(): void {
    this.#answered.clear();
    this.#silent.clear();
  }

  /**
   * The outcome for the source; null when nothing is known. It is `incomplete` until every node was tried, so that a
   * capture or snapshot, which waits for `live`, waits for all nodes; facts are sent in any case.
   */
  outcome(targets: readonly Target[] | null): Outcome | null {
    const isSettled = ({ node }: Target): boolean => this.#answered.has(node) || this.#silent.has(node);
    this.#wasComplete ||= targets?.every(isSettled) === true;
    if (!this.#wasComplete && this.#answered.size > 0)
      return { kind: 'incomplete', reason: reason`not every node was read yet` };
    const words = this.#silenceWords();
    if (this.#answered.size > 0) return { kind: 'succeeded', reason: words };
    return words === null ? null : { kind: 'failed', reason: words, waitMs: null };
  }

  #silenceWords(): Reason | null {
    const [example] = this.#silent;
    if (example === undefined) return null;
    const total = this.#answered.size + this.#silent.size;
    // Node names may be shown: all viewers see them in the records.
    return reason`${this.#silent.size} of ${total} nodes do not answer (${ours(example[0])}: ${example[1]})`;
  }
}
