import { NO_FILTER } from '../../lib/view/filter';
import { useFilterActions } from '../hooks/useFilterActions';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';

/** A button that removes the whole filter. */
export function ClearFilter() {
  const { change } = useFilterActions();
  return (
    <Button look="link" className="text-12!" aria-keyshortcuts="x" onClick={() => change(NO_FILTER)}>
      Clear the filter
    </Button>
  );
}

/** How many rows the filter hides, beside the count of a table. */
export function FilterNote({ hidden }: { readonly hidden: number }) {
  if (hidden <= 0) return null;
  return (
    <>
      {` · the filter hides ${hidden.toLocaleString('en')}. `}
      <ClearFilter />
    </>
  );
}

/** Replaces a table whose rows are all hidden by the filter. */
export function FilteredAway({ noun }: { readonly noun: string }) {
  return (
    <Empty title={`The filter hides all ${noun}`}>
      <ClearFilter />
    </Empty>
  );
}
