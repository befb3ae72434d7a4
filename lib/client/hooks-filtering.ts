import { isEmptyFilter } from '../view/filter';
import { useClient, useClientState, usePageState } from './hooks';

/** Whether a filter is set that has no result yet: its code or the records are being loaded. */
export function useIsFiltering(): boolean {
  const { filtered } = useClient();
  const isSet = !isEmptyFilter(usePageState((page) => page.filter));
  const isPending = useClientState((state) => {
    const { result, problem } = filtered(state);
    return result === null && problem === null;
  });
  return isSet && isPending;
}
