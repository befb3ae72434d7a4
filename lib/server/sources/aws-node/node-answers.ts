/** How the last read of each node ended, and what the source record says of that. */
import type { Outcome } from '../attempts';
import type { Target } from './schedule';

export class NodeAnswers {
  readonly #answered = new Set<string>();
  /** Node → why it did not answer. */
  readonly #silent = new Map<string, string>();
  /** Once every node has been read, nodes that join do not make the source start again. */
  #wasComplete = false;

  answered(node: string): void {
    this.#silent.delete(node);
    this.#answered.add(node);
  }

  silent(node: string, reason: string): void {
    this.#answered.delete(node);
    this.#silent.set(node, reason);
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
      return { kind: 'incomplete', reason: 'not every node was read yet' };
    const reason = this.#silenceWords();
    if (this.#answered.size > 0) return { kind: 'succeeded', reason };
    return reason === null ? null : { kind: 'failed', reason, waitMs: null };
  }

  #silenceWords(): string | null {
    const [example] = this.#silent;
    if (example === undefined) return null;
    const total = this.#answered.size + this.#silent.size;
    return `${this.#silent.size} of ${total} nodes do not answer (${example[0]}: ${example[1]})`;
  }
}
