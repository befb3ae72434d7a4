import { useMemo } from 'react';
import { capacitySteps, partsOf } from '../../lib/capacity/capacity';
import type { CapacityModel } from '../../lib/capacity/capacity-model';
import { useClient, useClientState } from '../../lib/client/hooks';
import { useThrottled } from './useThrottled';
import { useThrottledPass } from './useThrottledPass';
import { useSteps } from './useSteps';

/** Interval of following a live cluster, in ms; a large cluster takes longer to read. */
const CALM_MS = 2_000;
const CALM_LARGE_MS = 10_000;
const LARGE = 500;

/** The capacity model of the record set; null while the set is loading. */
export function useCapacityModel(): CapacityModel | null {
  const { store } = useClient();
  const isLarge = useClientState(({ replica }) => replica.records.nodes.size > LARGE);
  const calm = isLarge ? CALM_LARGE_MS : CALM_MS;
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
