/**
 * Findings by cause, most important first: errors, then causes that concern the most nodes. A click filters the page by
 * the rule.
 */
import { useMemo } from 'react';
import { useGo, usePageState } from '../../lib/client/hooks';
import { kindOfId, type RecordKind } from '../../lib/model/ids';
import type { FindingRecord } from '../../lib/model/records';
import { ageOf } from '../../lib/view/age';
import { causeWords } from '../../lib/view/cause-words';
import type { Cause } from '../../lib/view/troubles';
import { useCauses } from '../hooks/useCauses';
import { useFilterActions } from '../hooks/useFilterActions';
import { Button } from '../ui/Button';
import { SeverityIcon } from '../ui/SeverityIcon';
import { cx } from '../ui/classes';

const keyOf = ({ severity, rule }: Pick<Cause, 'severity' | 'rule'>): string => `${severity} ${rule}`;

/** The start of the newest finding of each cause. */
function newestOf(findings: readonly FindingRecord[]): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const finding of findings) {
    const { since } = finding;
    if (since !== null && since > (newest.get(keyOf(finding)) ?? '')) newest.set(keyOf(finding), since);
  }
  return newest;
}

/** Kinds of records that the picture shows. */
const DRAWN: readonly (RecordKind | null)[] = ['node', 'pod', 'interface', 'eni'];

/** The causes of findings about records that the picture shows. */
const drawnCauses = (findings: readonly FindingRecord[]): ReadonlySet<string> =>
  new Set(findings.filter(({ subjects }) => subjects.some((id) => DRAWN.includes(kindOfId(id)))).map(keyOf));

interface Props {
  /** The findings listed in the table below. */
  readonly findings: readonly FindingRecord[];
  /** Epoch ms, for ages. */
  readonly now: number;
}

/** Findings by cause above their table. */
export function FindingCauses({ findings, now }: Props) {
  const { causes, nodes } = useCauses();
  const chosen = usePageState((page) => page.filter.rules);
  const newest = useMemo(() => newestOf(findings), [findings]);
  const drawn = useMemo(() => drawnCauses(findings), [findings]);
  const { toggle, change } = useFilterActions();
  const go = useGo();
  if (causes.length === 0) return null;
  return (
    <section
      aria-label="Findings by cause"
      tabIndex={0}
      className="scroll-thin max-h-[38%] shrink-0 overflow-auto border-t border-line px-2 py-1.5 text-12"
    >
      <ul>
        {causes.map((cause) => (
          <li key={keyOf(cause)} className="flex items-center gap-2 rounded-md pr-2 hover:bg-sunk">
            <button
              type="button"
              aria-pressed={chosen.includes(cause.rule)}
              title="Show only these"
              onClick={() => toggle('rules', cause.rule)}
              className={cx(
                'flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded-md px-2 py-1 text-left',
                chosen.includes(cause.rule) && 'bg-sunk font-semibold',
              )}
            >
              <SeverityIcon severity={cause.severity} />
              <span className="min-w-0">{causeWords(cause, nodes)}</span>
              <span className="ml-auto shrink-0 text-text3 tabular-nums">
                {cause.findings === 1 ? '1 finding' : `${cause.findings.toLocaleString('en')} findings`}
                <Newest at={newest.get(keyOf(cause)) ?? null} now={now} />
              </span>
            </button>
            <Button
              look="link"
              // The space is reserved, so that the figures of all causes are aligned.
              className={cx('shrink-0 text-12! max-md:hidden', !drawn.has(keyOf(cause)) && 'invisible')}
              onClick={() => {
                change({ rules: [cause.rule] });
                go({ view: 'topology', focus: null, sort: '' });
              }}
            >
              In the picture
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Newest({ at, now }: { readonly at: string | null; readonly now: number }) {
  const age = ageOf(at, now);
  return age === null ? null : <span className="max-lg:hidden">{` · newest ${age} ago`}</span>;
}
