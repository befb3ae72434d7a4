/** Remarks about the change, worst first. */
import type { Remark } from '../../../lib/capacity/words';
import { useNodeName, useSelect } from '../../../lib/client/hooks';
import { sentence } from '../../../lib/view/full-stop';
import { Button } from '../../ui/Button';
import { SeverityIcon } from '../../ui/SeverityIcon';

/** Maximum number of nodes named in a remark. */
const MOST_NAMED = 6;

interface Props {
  readonly remarks: readonly Remark[];
  /** An unknown name in the URL. */
  readonly wrong: string | null;
  readonly nothing: boolean;
  readonly filtered: boolean;
}

/** The effects of the change, worst first. */
export function Remarks({ remarks, wrong, nothing, filtered }: Props) {
  const all: readonly Remark[] = [
    ...(wrong === null
      ? []
      : [{ severity: 'error' as const, text: `Nothing is changed. ${sentence(wrong)}`, nodes: [] }]),
    ...remarks,
    ...(filtered
      ? [{ severity: 'info' as const, text: 'The filter has no effect here: nodes share their subnets.', nodes: [] }]
      : []),
  ];
  return (
    <div role="status" className="text-13">
      {nothing && (
        <p className="text-text2">
          This is the cluster as it is. Change a value above: each figure then shows before → after.
        </p>
      )}
      {all.length > 0 && (
        <ul className="mt-1 flex flex-col gap-1">
          {all.map((remark) => (
            <li key={remark.text} className="flex items-start gap-2">
              <span className="pt-px">
                <SeverityIcon severity={remark.severity} />
              </span>
              <span className="min-w-0">
                {remark.text} <Nodes ids={remark.nodes} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Links to existing nodes; nodes that a roll would create do not exist yet. */
function Nodes({ ids }: { readonly ids: readonly string[] }) {
  const { open } = useSelect();
  const nodeName = useNodeName();
  const there = ids.filter((id) => !id.endsWith(' new'));
  return (
    <>
      {there.slice(0, MOST_NAMED).map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <Button look="link" onClick={() => open(id)}>
            {nodeName(id)}
          </Button>
        </span>
      ))}
      {there.length > MOST_NAMED && ` and ${(there.length - MOST_NAMED).toLocaleString('en')} more`}
    </>
  );
}
