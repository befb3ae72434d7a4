/** The link diagram of one node: pods, their interfaces, ENIs, cards. */
import { useEffect } from 'react';
import { useClient, useClientState, useGo, usePageState, useRecord, useSelect } from '../../lib/client/hooks';
import { hasArrived } from '../../lib/view/partial-set';
import { readEntry } from '../../lib/view/selection';
import { useAbsence } from '../hooks/useLimited';
import { usePictured } from '../hooks/usePictured';
import { FocusView } from '../canvas/FocusView';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';

/** The diagram of a node, or a message while it is loading or if it does not exist. */
export default function NodeFocusView({ node }: { readonly node: string }) {
  const record = useRecord('nodes', node);
  const pictured = usePictured();
  const here = useClientState((state) => hasArrived(state.replica, node));
  const { lookAt } = useClient();
  useEffect(() => lookAt(new Set([node])), [lookAt, node]);
  const entry = usePageState((page) => page.selection.at(-1) ?? null);
  const absence = useAbsence();
  const go = useGo();
  const { open } = useSelect();
  return (
    <>
      <div className="flex h-10 shrink-0 items-center gap-3 px-4">
        <Button look="plain" className="-ml-2 h-7!" aria-keyshortcuts="g" onClick={() => go({ focus: null })}>
          ‹ Back to the topology
        </Button>
        {record !== null && (
          <Button look="plain" className="h-7! min-w-0 truncate" onClick={() => open(node)}>
            Details of {record.name}
          </Button>
        )}
      </div>
      {record === null ? (
        <Empty title="This node was not found">{absence}</Empty>
      ) : !here ? (
        <Empty title="Loading">The pods and addresses of this node are being loaded.</Empty>
      ) : (
        <div className="min-h-0 flex-1">
          <FocusView
            {...pictured}
            node={node}
            selection={entry === null ? null : (readEntry(entry)?.id ?? null)}
            onSelect={open}
          />
        </div>
      )}
    </>
  );
}
