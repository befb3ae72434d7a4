/** Saves the link diagram of a node as a file. */
import { useState } from 'react';
import { saveFile, stampedName } from '../../lib/client/download';
import { useClient, useClientState, useRanks } from '../../lib/client/hooks';
import { hasArrived } from '../../lib/view/partial-set';
import { useTheme } from '../hooks/useTheme';
import { Button } from '../ui/Button';

const FORMATS = ['SVG', 'PNG'] as const;

/** Saves the diagram of a node; disabled while its pods are loading. */
export function NodeFiles({ id, name }: { readonly id: string; readonly name: string }) {
  const { store } = useClient();
  const here = useClientState((state) => hasArrived(state.replica, id));
  const ranks = useRanks();
  const theme = useTheme();
  const [failed, setFailed] = useState<string | null>(null);
  const save = async (format: (typeof FORMATS)[number]): Promise<void> => {
    try {
      const { replica } = store.getState();
      const { nodeFile } = await import('../canvas/node-files');
      const short = name.split('.')[0] ?? name;
      saveFile(
        await nodeFile(replica, ranks, id, theme, format),
        stampedName(replica.cluster, short, format.toLowerCase(), new Date()),
      );
      setFailed(null);
    } catch (error) {
      setFailed(`The picture could not be made: ${error instanceof Error ? error.message : 'unknown reason'}`);
    }
  };
  return (
    <>
      {FORMATS.map((format) => (
        <Button key={format} className="mt-3 ml-2" disabled={!here} onClick={() => void save(format)}>
          <span className="sr-only">Save the diagram of this node as </span>
          {format}
        </Button>
      ))}
      {failed !== null && (
        <p role="alert" className="mt-1 text-12 text-err">
          {failed}
        </p>
      )}
    </>
  );
}
