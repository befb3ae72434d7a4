import { useClientState, useDerived, useFilterProblem, useFilterResult, usePageState } from '../../lib/client/hooks';
import { arrivalWords } from '../../lib/view/arrival-words';
import type { ClientState } from '../../lib/client/client-state';
import { counted } from '../../lib/model/counted';
import { byNaturalName } from '../../lib/model/order';
import type { Table } from '../../lib/model/records';
import { SEVERITIES } from '../../lib/model/vocabulary';
import { NO_FILTER } from '../../lib/view/filter';
import { ruleWords } from '../../lib/view/cause-words';
import { Button } from '../ui/Button';
import { Check } from '../ui/Check';
import { SeverityIcon } from '../ui/SeverityIcon';
import { useFilterActions } from '../hooks/useFilterActions';
import { FilterText } from './FilterText';

const TABLES: readonly Table[] = ['pods'];
const readNamespaces = ({ replica }: ClientState): readonly (readonly [string, number])[] => {
  return [...(replica.partial?.namespaces ?? [])].sort(([a], [b]) => byNaturalName(a, b));
};

/** The facets that are not in the legend, and how many interfaces each part of the filter hides. */
export default function FilterBody() {
  const filter = usePageState((page) => page.filter);
  const result = useFilterResult();
  const problem = useFilterProblem();
  const namespaces = useDerived(TABLES, readNamespaces);
  const arriving = useClientState(({ replica }) => arrivalWords(replica.partial));
  const { toggle, change } = useFilterActions();
  return (
    <div className="flex flex-col gap-3">
      <FilterText />
      <fieldset>
        <legend className="mb-1 text-12 text-text3">Findings on the interface, its pod, ENI or node</legend>
        {SEVERITIES.map((severity) => (
          <Check
            key={severity}
            checked={filter.severities.includes(severity)}
            onChange={() => toggle('severities', severity)}
          >
            <SeverityIcon severity={severity} label={false} /> {`with ${severity} findings`}
          </Check>
        ))}
        {filter.rules.map((rule) => (
          <Check key={rule} checked onChange={() => toggle('rules', rule)}>
            {ruleWords(rule)}
          </Check>
        ))}
      </fieldset>
      <fieldset>
        <legend className="mb-1 text-12 text-text3">
          Namespace{arriving === null ? '' : ` · so far: ${arriving}`}
        </legend>
        <div className="scroll-thin max-h-48 overflow-auto">
          {namespaces.map(([namespace, pods]) => (
            <Check
              key={namespace}
              checked={filter.namespaces.includes(namespace)}
              onChange={() => toggle('namespaces', namespace)}
            >
              <span className="min-w-0 flex-1 truncate">{namespace}</span>
              <span className="text-12 text-text3">{counted(pods, 'pod')}</span>
            </Check>
          ))}
        </div>
      </fieldset>
      <p className="text-12 text-text3">Choose networks and slot states in the legend.</p>
      {problem !== null && (
        <div className="border-t border-line pt-2 text-12" role="status">
          <p className="font-semibold text-err">{`Nothing is filtered. ${problem}`}</p>
          <Button className="mt-2" onClick={() => change(NO_FILTER)}>
            Clear the filter
          </Button>
        </div>
      )}
      {result !== null && (
        <div className="border-t border-line pt-2 text-12" role="status">
          <p className="font-semibold">
            {result.share < 1
              ? `Searching: ${Math.floor(result.share * 100)} % of the records searched`
              : `${(result.total - result.hides).toLocaleString('en')} of ${result.total.toLocaleString('en')} ${result.counted} match, the rest are dimmed`}
          </p>
          <ul className="mt-1 text-text2">
            {result.parts.map((part) => (
              <li key={part.label} className="flex justify-between gap-3">
                <span className="truncate">{part.label}</span>
                {result.share === 1 && (
                  <span className="whitespace-nowrap">hides {part.hides.toLocaleString('en')}</span>
                )}
              </li>
            ))}
          </ul>
          <Button className="mt-2" onClick={() => change(NO_FILTER)}>
            Clear the filter
          </Button>
        </div>
      )}
    </div>
  );
}
