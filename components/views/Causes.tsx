/**
 * Findings by cause, in a line above the picture: errors first, then causes that many nodes share. A click filters
 * picture and findings.
 */
import { useClientState, useFilterResult, useGo, usePageState } from '../../lib/client/hooks';
import type { Severity } from '../../lib/model/records';
import { causeWords, foremostCauses } from '../../lib/view/cause-words';
import { noFindingsWords, silentSources } from '../../lib/view/silent-sources';
import { useCauses } from '../hooks/useCauses';
import { useFilterActions } from '../hooks/useFilterActions';
import { Button } from '../ui/Button';
import { SeverityIcon } from '../ui/SeverityIcon';
import { cx } from '../ui/classes';
import { ClearFilter } from './FilterNote';

const TONE: Readonly<Record<Severity, string>> = { error: 'text-err', warning: 'text-warn', info: 'text-text2' };

/** Findings by cause above the picture. */
export default function Causes() {
  const { causes, all, nodes } = useCauses();
  const nothing = useClientState(({ replica }) => noFindingsWords(replica.records.sources));
  const silent = useClientState(({ replica }) => silentSources(replica.records.sources).join(', '));
  const chosen = usePageState((page) => page.filter.rules);
  const muted = useClientState(({ replica }) => replica.muted?.size ?? 0);
  const { toggle } = useFilterActions();
  const { shown, rest } = foremostCauses(causes);
  const before = foremostCauses(all);
  const hidden = before.shown.length + before.rest - shown.length - rest;
  const result = useFilterResult();
  const isAllHidden = result?.share === 1 && result.nodes.size === 0 && result.enis.size === 0;
  if (isAllHidden)
    return (
      <p className="flex min-w-0 items-center gap-1.5 text-text2">
        Nothing in the picture matches the filter.
        <ClearFilter />
      </p>
    );
  if (all.length === 0 && muted === 0)
    return (
      <p className="min-w-0 truncate text-text3" title={silent}>
        {nothing}
      </p>
    );
  return (
    <>
      {/* If not all fit, the line scrolls; the padding keeps the last one clear of the fade. */}
      {shown.length > 0 && (
        <ul
          aria-label="Findings by cause"
          className="-my-1 flex min-w-0 items-center gap-1.5 overflow-x-auto py-1 pr-6 [mask-image:linear-gradient(to_left,transparent,black_24px)] [scrollbar-width:none]"
        >
          {shown.map((cause) => (
            <li key={`${cause.severity} ${cause.rule}`} className="shrink-0">
              <button
                type="button"
                aria-pressed={chosen.includes(cause.rule)}
                title={`${causeWords(cause, nodes)}: show only these`}
                onClick={() => toggle('rules', cause.rule)}
                className={cx(
                  'flex h-6 pointer-coarse:h-7 items-center -outline-offset-2 gap-1.5 rounded-md border px-2',
                  chosen.includes(cause.rule)
                    ? 'border-ink bg-sunk font-semibold'
                    : 'border-line bg-surface hover:border-edge',
                )}
              >
                <SeverityIcon severity={cause.severity} />
                <span className={cx('whitespace-nowrap', TONE[cause.severity])}>{causeWords(cause, nodes)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {rest > 0 && <ToFindings>{rest === 1 ? '1 more cause' : `${rest} more causes`}</ToFindings>}
      {hidden > 0 && (
        <p className="flex shrink-0 items-center gap-1.5 text-text3">
          {hidden === 1 ? '1 cause hidden' : `${hidden} causes hidden`}
          <span className="max-md:hidden">
            <ClearFilter />
          </span>
        </p>
      )}
      {silent !== '' && (
        <span className="shrink-0 text-text3 max-md:sr-only" title={`Rules that need ${silent} did not run`}>
          Not all rules ran
        </span>
      )}
      {muted > 0 && <ToFindings>{`${muted.toLocaleString('en')} muted`}</ToFindings>}
    </>
  );
}

function ToFindings({ children }: { readonly children: string }) {
  const go = useGo();
  return (
    <Button look="link" className="shrink-0 text-12!" onClick={() => go({ view: 'findings', focus: null, sort: '' })}>
      {children}
    </Button>
  );
}
