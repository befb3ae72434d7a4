import { useDerived } from '../../lib/client/hooks';
import { missingParts } from '../../lib/view/missing-parts';
import type { ClientState } from '../../lib/client/client-state';
import type { Table } from '../../lib/model/records';
import { SeverityIcon } from '../ui/SeverityIcon';

const TABLES: readonly Table[] = ['sources'];
const read = (state: ClientState) => missingParts(state.replica.records.sources);

/** The missing parts of the picture with their reasons, one line each. */
export default function MissingParts() {
  const parts = useDerived(TABLES, read);
  if (parts.length === 0) return null;
  return (
    <ul
      aria-label="What is missing"
      className="mx-4 my-2 shrink-0 rounded-md border border-line bg-surface px-3 py-1 text-12"
    >
      {parts.map((part) => (
        <li key={part.text} className="flex items-start gap-2 py-0.5 text-text2">
          <SeverityIcon severity={part.severity} />
          <span className="min-w-0 break-words">{part.text}</span>
        </li>
      ))}
    </ul>
  );
}
