import { useChunkPass } from '../../lib/client/hooks-pass';
import type { ChunkRecords } from '../../lib/client/set/chunk';
import type { PassResult } from '../../lib/client/set/chunk-pass';
import { useCalm } from './useCalm';

/** A value of every chunk that changes at most once per `ms`, but is shown as soon as it is complete. `compute` must be stable. */
export function useCalmPass<R>(compute: (records: ChunkRecords) => R, ms: number): PassResult<R> {
  const pass = useChunkPass(compute);
  const calm = useCalm(pass, ms);
  return pass.complete && !calm.complete ? pass : calm;
}
