/** metav1.LabelSelector. An unreadable part is kept as one that matches nothing: dropping it would make the selector match more. */
import type { LabelSelector } from '../../model/facts';
import { fields, items, objectOrNull, readEach, text } from '../read/guards';
import { internStringMap } from '../read/intern';

type Expression = LabelSelector['matchExpressions'][number];

/** An operator unknown to Kubernetes: matches nothing. */
const unreadable = (key: string): Expression => ({ key, operator: '', values: [] });

/** Null without a selector; `{}` selects everything. */
export function labelSelector(value: unknown): LabelSelector | null {
  if (value === undefined || value === null) return null;
  const selector = objectOrNull(value);
  if (selector === null) return { matchLabels: internStringMap(null), matchExpressions: [unreadable('')] };
  const labels = fields(selector['matchLabels']);
  return {
    matchLabels: internStringMap(labels),
    matchExpressions: [
      ...Object.keys(labels).flatMap((key) => (typeof labels[key] === 'string' ? [] : [unreadable(key)])),
      ...items(selector['matchExpressions']).map((item): Expression => {
        const expression = fields(item);
        const key = text(expression['key']);
        const operator = text(expression['operator']);
        if (key === null || operator === null) return unreadable(key ?? '');
        return {
          key,
          operator,
          values: readEach(expression['values'], (one) => (typeof one === 'string' ? one : null)),
        };
      }),
    ],
  };
}
