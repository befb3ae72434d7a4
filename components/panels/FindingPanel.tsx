import type { ReactNode } from 'react';
import { useClientState, useNodeName, useRecord, useSelect } from '../../lib/client/hooks';
import { kindWord, labelOf } from '../../lib/view/record-label';
import { kindOfId } from '../../lib/model/ids';
import { Button } from '../ui/Button';
import { Questions } from './Explanation';
import { Finding } from './FindingsSection';
import { Muted, Muting } from './Muting';
import { PanelHead } from './PanelHead';
import { More, RecordLink, Section, Since } from './parts';

/** A finding with its evidence and remedy; `gone`: shown if it does not exist. */
export function FindingPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const shown = useRecord('findings', id);
  const muted = useClientState(({ replica }) => replica.muted?.get(id) ?? null);
  const finding = shown ?? muted;
  const { show } = useSelect();
  const nodeName = useNodeName();
  if (finding === null) return gone;
  const subject = finding.subjects[0];
  return (
    <>
      <PanelHead kind={`Finding · ${finding.severity} · ${finding.rule}`} title={finding.title}>
        {finding.since === null ? undefined : (
          <>
            first seen <Since at={finding.since} />
          </>
        )}
      </PanelHead>
      <div className="flex flex-wrap gap-x-2">
        {subject !== undefined && kindOfId(subject) !== null && (
          <Button
            className="mt-3 h-auto! min-h-8 max-w-full py-1 text-left wrap-anywhere whitespace-normal!"
            onClick={() => show(subject)}
          >
            Show {kindOfId(subject) === 'node' ? nodeName(subject) : labelOf(subject)} in the picture
          </Button>
        )}
        {shown === null ? <Muted finding={finding} /> : <Muting finding={finding} />}
      </div>
      <Section title="Finding">
        <Finding finding={finding} />
      </Section>
      <Questions kind="finding" id={id} />
      <Section title="Affected records">
        <More items={finding.subjects} keyOf={(entry) => entry} none="None.">
          {(entry) => {
            const kind = kindOfId(entry);
            return (
              <>
                <RecordLink id={entry} />
                <span className="shrink-0 text-text2">{kind === null ? '' : kindWord(kind)}</span>
              </>
            );
          }}
        </More>
      </Section>
    </>
  );
}
