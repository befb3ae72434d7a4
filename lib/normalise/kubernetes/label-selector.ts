/** metav1.LabelSelector. Parts of the wrong type are left out. */
import type { LabelSelector } from '../../model/facts';
import { fields, objectOrNull, readEach, text } from '../guards';
import { internStringMap } from '../intern';

/** Null where there is no selector; `{}` selects everything. */
export function labelSelector(value: unknown): LabelSelector | null {
  const selector = objectOrNull(value);
  if (selector === null) return null;
  return {
    matchLabels: internStringMap(selector['matchLabels']),
    matchExpressions: readEach(selector['matchExpressions'], (item) => {
      const expression = fields(item);
      const key = text(expression['key']);
      const operator = text(expression['operator']);
      if (key === null || operator === null) return null;
      return {
        key,
        operator,
        values: readEach(expression['values'], (one) => (typeof one === 'string' ? one : null)),
      };
    }),
  };
}
