import { useClientState, useRanks, useSelect } from '../../lib/client/hooks';
import { kindOfId } from '../../lib/model/ids';
import { Wiring } from '../canvas/Wiring';
import { useTheme } from '../hooks/useTheme';

interface Props {
  readonly pod: string;
  /** The highlighted interface. */
  readonly chosen: string | null;
}

/** The pod's network namespace with its interfaces and their links. A click selects an interface or opens a record. */
export function PodWiring({ pod, chosen }: Props) {
  const replica = useClientState((state) => state.replica);
  const revision = useClientState((state) => state.revision);
  const ranks = useRanks();
  const theme = useTheme();
  const { push, replaceTop } = useSelect();
  return (
    <div className="mt-3">
      <Wiring
        replica={replica}
        revision={revision}
        networkRanks={ranks}
        theme={theme}
        pod={pod}
        chosen={chosen}
        onPick={(id) => {
          if (kindOfId(id) === 'interface') replaceTop(id);
          else if (id !== pod) push(id);
        }}
      />
    </div>
  );
}
