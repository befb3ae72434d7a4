/**
 * Resource versions of one resource, compared. They are decimal numbers of any length (declared so since Kubernetes 1.35, and
 * true of every server on etcd before); of anything else nothing is said.
 */
const NUMBER = /^[1-9]\d*$/;

/** Whether `a` is no later than `b`; null when one of them is no number. */
export function isReached(a: string, b: string): boolean | null {
  if (a === b) return true;
  if (!NUMBER.test(a) || !NUMBER.test(b)) return null;
  return a.length === b.length ? a < b : a.length < b.length;
}

/** Whether `a` is earlier than `b`; false when one of them is no number. */
export const isBefore = (a: string, b: string): boolean => isReached(b, a) === false;
