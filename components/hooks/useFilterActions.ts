import { useClient } from '../../lib/client/hooks';
import type { Filter } from '../../lib/view/filter';

type ListKey = { [K in keyof Filter]: Filter[K] extends readonly string[] ? K : never }[keyof Filter];

interface FilterActions {
  readonly toggle: <K extends ListKey>(facet: K, value: Filter[K][number]) => void;
  readonly change: (change: Partial<Filter>) => void;
}

/** Changes one facet of the filter and leaves the others as they are. */
export function useFilterActions(): FilterActions {
  const { location } = useClient();
  const change = (part: Partial<Filter>): void => location.go({ filter: { ...location.getState().filter, ...part } });
  return {
    change,
    toggle: (facet, value) => {
      const values: readonly string[] = location.getState().filter[facet];
      change({ [facet]: values.includes(value) ? values.filter((entry) => entry !== value) : [...values, value] });
    },
  };
}
