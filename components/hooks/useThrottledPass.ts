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
