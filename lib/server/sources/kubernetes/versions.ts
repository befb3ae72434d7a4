/**
 * Compares resource versions of one resource. They are decimal numbers of any length (specified since Kubernetes 1.35,
 * and in practice true of every server on etcd before); other values are not compared.
 */
const NUMBER = /^[1-9]\d*$/;

/** Whether `a` is no later than `b`; null when one of them is not a number. */
export function isReached(a: string, b: string): boolean | null {
  if (a === b) return true;
  if (!NUMBER.test(a) || !NUMBER.test(b)) return null;
  return a.length === b.length ? a < b : a.length < b.length;
}

/** Whether `a` is earlier than `b`; false when one of them is not a number. */
export const isBefore = (a: string, b: string): boolean => isReached(b, a) === false;
