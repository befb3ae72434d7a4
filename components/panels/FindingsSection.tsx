import { useCallback, useMemo } from 'react';
import { useClient, useDerived } from '../../lib/client/hooks';
import { useMuted } from '../../lib/client/hooks-muted';
import type { ClientState } from '../../lib/client/client-state';
import type { FindingRecord, Severity, Table } from '../../lib/model/records';
import { SEVERITY_RANK } from '../../lib/model/vocabulary';
import { nodesOfFinding } from '../../lib/view/troubles';
import { recordsOf } from '../../lib/view/view-source';
import { LongText } from '../ui/LongText';
import { Copy } from '../ui/Copy';
import { SeverityIcon } from '../ui/SeverityIcon';
import { RecordLink, Section } from './parts';

const TABLES: readonly Table[] = ['findings', 'interfaces'];

const worstFirst = (findings: readonly FindingRecord[]): readonly FindingRecord[] =>
  [...findings].sort((a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] || (a.id < b.id ? -1 : 1));

/** The findings about any of these records, worst first, without duplicates. `subjects` must be stable. */
export function useFindings(subjects: readonly string[]): readonly FindingRecord[] {
  const read = useCallback(
    ({ replica }: ClientState) => {
      const found = new Map<string, FindingRecord>();
      for (const subject of subjects)
        for (const finding of recordsOf(replica.indexes.findingsBySubject, subject, replica.records.findings))
          found.set(finding.id, finding);
      return worstFirst([...found.values()]);
    },
    [subjects],
  );
  return useDerived(TABLES, read);
}

/** The findings about any of the records, muted ones last. */
export function FindingsSection({ subjects }: { readonly subjects: readonly string[] }) {
  const about = useCallback(
    (finding: FindingRecord) => subjects.some((id) => finding.subjects.includes(id)),
    [subjects],
  );
  return <FindingsList findings={useFindings(subjects)} muted={useMuted().filter(about)} />;
}

/** The findings about one record, muted ones last. */
export function FindingsAbout({ id }: { readonly id: string }) {
  return <FindingsSection subjects={useMemo(() => [id], [id])} />;
}

/** The findings counted by the node's mark in the picture, and those that it shares with many other nodes. */
export function FindingsOfNode({ id }: { readonly id: string }) {
  const read = useCallback(
    ({ replica }: ClientState) =>
      worstFirst([...replica.records.findings.values()].filter((finding) => nodesOfFinding(replica, finding).has(id))),
    [id],
  );
  const { replica } = useClient().store.getState();
  const muted = useMuted().filter((finding) => nodesOfFinding(replica, finding).has(id));
  return <FindingsList findings={useDerived(TABLES, read)} muted={muted} />;
}

interface ListProps {
  readonly findings: readonly FindingRecord[];
  readonly muted: readonly FindingRecord[];
}

function FindingsList({ findings, muted }: ListProps) {
  if (findings.length + muted.length === 0) return null;
  return (
    <Section title={`Findings · ${findings.length}${muted.length === 0 ? '' : `, ${muted.length} muted`}`}>
      <div className="flex flex-col gap-2">
        {findings.map((finding) => (
          <Finding key={finding.id} finding={finding} />
        ))}
        {muted.map(({ id, title }) => (
          <RecordLink key={id} id={id}>
            {title}
          </RecordLink>
        ))}
      </div>
    </Section>
  );
}

const GROUND: Readonly<Record<Severity, string>> = {
  error: 'border-err bg-err-bg',
  warning: 'border-warn-fill bg-warn-bg',
  info: 'border-edge bg-sunk',
};

/** A finding: the problem, the evidence, and one remedy. */
export function Finding({ finding }: { readonly finding: FindingRecord }) {
  return (
    <article className={`rounded-r-md border-l-3 px-3 py-2 text-12 ${GROUND[finding.severity]}`}>
      <div className="flex gap-2">
        <span className="pt-px">
          <SeverityIcon severity={finding.severity} />
        </span>
        <div className="min-w-0 flex-1 break-words">
          <div>
            <b className="font-semibold">
              <LongText text={`${finding.title.replace(/\.$/, '')}.`} />
            </b>{' '}
            <LongText text={finding.detail} />
          </div>
          {finding.evidence.length > 0 && (
            <ul className="mt-1 list-disc pl-4 text-text2">
              {finding.evidence.map((line) => (
                <li key={line}>
                  <LongText text={line} />
                </li>
              ))}
            </ul>
          )}
          <p className="mt-1">{finding.advice}</p>
          {finding.command !== null && <Copy text={finding.command} label={`Copy the command for ${finding.rule}`} />}
          <code className="mt-1 block font-mono text-text2">{finding.rule}</code>
        </div>
      </div>
    </article>
  );
}
