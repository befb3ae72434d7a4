'use client';
import { NO_FILTER } from '../../lib/view/filter';
import { useFilterActions } from '../hooks/useFilterActions';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';

function Clear() {
  const { change } = useFilterActions();
  return (
    <Button look="link" className="text-12!" aria-keyshortcuts="x" onClick={() => change(NO_FILTER)}>
      Clear the filter
    </Button>
  );
}

/** Beside the count of a table: how many rows the filter leaves out. */
export function FilterNote({ hidden }: { readonly hidden: number }) {
  if (hidden <= 0) return null;
  return (
    <>
      {` · the filter hides ${hidden.toLocaleString('en')}. `}
      <Clear />
    </>
  );
}

/** In place of a table of which the filter leaves nothing. */
export function FilteredAway({ noun }: { readonly noun: string }) {
  return (
    <Empty title={`The filter hides all ${noun}`}>
      <Clear />
    </Empty>
  );
}
