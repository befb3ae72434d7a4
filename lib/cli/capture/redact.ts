/**
 * Replaces data that identifies a cluster: names, labels, tags, ids, MACs and addresses. Within a capture each is
 * always replaced with the same substitute, so that all links between records stay.
 *
 * Public vocabulary is kept: names and keys of Kubernetes and AWS, kinds, states, plugin types. Free text keeps its
 * other words.
 */
import { isObject, type Fields } from '../../model/is-object';
import { PrivateNames } from './redact-names';
import { TextRedactor } from './redact-text';
import { PUBLIC } from './redact-words';

/** Descriptions that the VPC CNI writes. */
const CNI_DESCRIPTION = /^(aws-K8S-|aws-k8s-|$)/;

export class Redactor {
  readonly #names = new PrivateNames();
  readonly #texts: TextRedactor;

  /** `key`: random for each capture, so that captures cannot be correlated and names cannot be guessed. */
  constructor(key: string) {
    this.#texts = new TextRedactor(key, this.#names);
  }

  /** Learns the names of an object, to be replaced wherever they occur. Call it for all objects before `value`. */
  learn(object: unknown): void {
    this.#names.learn(object);
  }

  /** Learns the names of the pods in an answer of ipamd. */
  learnAssigned(answer: unknown): void {
    this.#names.learnAssigned(answer);
  }

  /** Redacts free text: metrics, file names. */
  text(text: string): string {
    return this.#texts.text(text);
  }

  /** Redacts a JSON value, including its keys. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    return isObject(value) ? this.#fields(value) : value;
  }

  #fields(fields: Fields): Fields {
    const { Key, Value, Description } = fields;
    const isPrivateTag = typeof Key === 'string' && typeof Value === 'string' && !PUBLIC.test(Key);
    if (isPrivateTag) return { Key: Key === 'Name' ? Key : this.#texts.name(Key), Value: this.#texts.name(Value) };
    const entries = Object.entries(fields).map(([key, item]) => {
      const isImage = key === 'image' && typeof item === 'string';
      return [this.text(key), isImage ? this.#texts.image(item) : this.value(item)] as const;
    });
    // Nothing reads a description, and any word in it may be private.
    const isPrivate = typeof Description === 'string' && !CNI_DESCRIPTION.test(Description);
    return { ...Object.fromEntries(entries), ...(isPrivate ? { Description: this.#texts.name(Description) } : {}) };
  }
}
