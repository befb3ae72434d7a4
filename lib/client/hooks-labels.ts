/** The labels of all pods, gathered a few milliseconds at a time: for completion and for columns. */
import { useMemo } from 'react';
import { labelText } from '../view/query/facts/names';
import { useChunkPass } from './hooks-pass';
import type { ChunkRecords } from './set/chunk';

/** The distinct labels of a chunk's pods; pods of a workload share the object. */
const labelsIn = ({ pods }: ChunkRecords): readonly string[] => [
  ...new Set(
    [...new Set([...pods.values()].map(({ labels }) => labels))].flatMap(
      (labels) => labelText(labels)?.split('\n') ?? [],
    ),
  ),
];

/** Every pod label as `app=web`, for the pods that have been read. */
export function useLabelTexts(): ReadonlySet<string> {
  const { values } = useChunkPass(labelsIn);
  return useMemo(() => new Set(values.flat()), [values]);
}
