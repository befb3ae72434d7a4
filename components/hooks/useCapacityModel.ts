import { useMemo } from 'react';
import { capacitySteps, partsOf } from '../../lib/capacity/capacity';
import type { CapacityModel } from '../../lib/capacity/capacity-model';
import { useClient, useClientState } from '../../lib/client/hooks';
import { useThrottled } from './useThrottled';
import { useCalmInterval, useThrottledPass } from './useThrottledPass';
import { useSteps } from './useSteps';

/** Interval of following a live cluster, in ms. */
const CALM_MS = 2_000;

/** The capacity model of the record set; null while the set is loading. */
export function useCapacityModel(): CapacityModel | null {
  const { store } = useClient();
  const calm = useCalmInterval(CALM_MS);
  const revision = useThrottled(
    useClientState((state) => state.revision),
    calm,
  );
  const { values, complete } = useThrottledPass(partsOf, calm);
  // The replica is one mutable object: its revision changes with its content.
  const make = useMemo(
    () => (complete && revision > 0 ? () => capacitySteps(store.getState().replica, values) : null),
    [store, values, complete, revision],
  );
  return useSteps(make);
}
