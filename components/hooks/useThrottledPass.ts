import { useClientState } from '../../lib/client/hooks';
import { useChunkPass } from '../../lib/client/hooks-pass';
import type { ChunkRecords } from '../../lib/client/set/chunk';
import type { PassResult } from '../../lib/client/set/chunk-pass';
import { useThrottled } from './useThrottled';

/**
 * A value of every chunk that is computed and changes at most once per `ms`, but immediately when it becomes complete.
 * `compute` must be stable.
 */
export function useThrottledPass<R>(compute: (records: ChunkRecords) => R, ms: number): PassResult<R> {
  const pass = useChunkPass(compute, ms);
  const calm = useThrottled(pass, ms);
  return pass.complete && !calm.complete ? pass : calm;
}

const LARGE = 500;
const CALM_LARGE_MS = 10_000;

/** The interval, in ms, of values that read every record: `ms`, or longer with more than 500 nodes. */
export const useCalmInterval = (ms: number): number =>
  useClientState(({ replica }) => (replica.records.nodes.size > LARGE ? CALM_LARGE_MS : ms));
