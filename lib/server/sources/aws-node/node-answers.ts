/** How the last read of each node ended, and what the source record says of that. */
import type { Outcome } from '../attempts';
import { ours, reason, type Reason } from '../reason';
import type { Target } from './schedule';

export class NodeAnswers {
  readonly #answered = new Set<string>();
  /** Node → why it did not answer. */
  readonly #silent = new Map<string, Reason>();
  /** Once every node has been read, nodes that join do not make the source start again. */
  #wasComplete = false;

  answered(node: string): void {
    this.#silent.delete(node);
    this.#answered.add(node);
  }

  silent(node: string, why: Reason): void {
    this.#answered.delete(node);
    this.#silent.set(node, why);
  }

  /** False when nothing was known of this node. */
  forget(node: string): boolean {
    const hadAnswered = this.#answered.delete(node);
    return this.#silent.delete(node) || hadAnswered;
  }

  clear(): void {
    this.#answered.clear();
    this.#silent.clear();
  }

  /**
   * Null when nothing is known. Whoever waits for `live` (a capture, a snapshot) waits for every node: until then the
   * outcome is `incomplete`, and the facts come all the same.
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
    // The name of a node is in the records that everybody sees.
    return reason`${this.#silent.size} of ${total} nodes do not answer (${ours(example[0])}: ${example[1]})`;
  }
}
