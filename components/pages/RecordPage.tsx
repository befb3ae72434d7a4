/** The page of one record: the full content of its panel, with events and links. It stays live and can be printed. */
import { useEffect, useMemo, useState } from 'react';
import { ClientContext, useClient, useClientState, usePageState, useSelect } from '../../lib/client/hooks';
import { DocumentContext, inMapHref, useDocumentClient } from '../../lib/client/hooks-document';
import type { ClientState } from '../../lib/client/client-state';
import { kindOfId, type RecordKind } from '../../lib/model/ids';
import { exactTime } from '../../lib/view/age';
import { arrivalWords } from '../../lib/view/arrival-words';
import { sentence } from '../../lib/view/full-stop';
import { recordPath } from '../../lib/view/record-path';
import { kindWord, labelOf } from '../../lib/view/record-label';
import { readEntry } from '../../lib/view/selection';
import type { ShownFile } from '../../lib/view/shown-file';
import { recordsOf } from '../../lib/view/view-source';
import { FocusView } from '../canvas/FocusView';
import Notices from '../controls/Notices';
import SourceChip from '../controls/SourceChip';
import { useAbsence } from '../hooks/useLimited';
import { usePictured } from '../hooks/usePictured';
import { useThemeOnPage } from '../hooks/useTheme';
import { PanelBody } from '../panels/PanelBody';
import { PanelHead } from '../panels/PanelHead';
import { Section } from '../panels/parts';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import MissingParts from '../views/MissingParts';
import { Events } from './Events';
import { ThreeViews } from './ThreeViews';

interface Props {
  /** Record id. */
  readonly id: string;
  readonly file: ShownFile | null;
}

/** A record’s own page: its panel as a document. */
export default function RecordPage({ id, file }: Props) {
  const client = useDocumentClient(useClient(), id);
  useThemeOnPage();
  return (
    <ClientContext value={client}>
      <DocumentContext value={id}>
        <div className="scroll-thin h-dvh overflow-auto print:h-auto print:overflow-visible" tabIndex={-1}>
          <Bar id={id} file={file} />
          <Notices />
          <main className="mx-auto max-w-220 px-6 pt-6 pb-16 text-13 print:max-w-none print:px-0">
            <MissingParts />
            <Document id={id} />
          </main>
        </div>
      </DocumentContext>
    </ClientContext>
  );
}

function Bar({ id, file }: Props) {
  const cluster = useClientState((state) => state.replica.cluster);
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-surface px-4 py-1.5 print:border-0 print:px-0">
      <span className="text-14 font-bold">ifscope</span>
      <span className="min-w-0 truncate text-13 font-semibold">
        {cluster.name ?? 'cluster without a name'}
        {cluster.demo && <span className="ml-2 font-normal text-text2">demo: nothing here is real</span>}
      </span>
      {file === null ? (
        <span className="print:hidden">
          <SourceChip />
        </span>
      ) : (
        <span className="text-12 text-text2">{`${file.kind}, taken ${exactTime(file.takenAt) ?? 'at an unknown time'}`}</span>
      )}
      <span className="ml-auto flex items-center gap-3 print:hidden">
        <a
          className="rounded-sm underline decoration-line underline-offset-3 hover:decoration-ink"
          href={inMapHref(id)}
        >
          Show in the map
        </a>
        <Button onClick={() => window.print()}>Print</Button>
      </span>
    </header>
  );
}

const TABLE = { pod: 'pods', node: 'nodes', eni: 'enis', network: 'networks', subnet: 'subnets' } as const;
/** Kinds of records that come with the chunk of their node. */
const LATER: ReadonlySet<RecordKind | null> = new Set<RecordKind>(['pod', 'eni']);

/** When the record disappeared, epoch ms of the server's clock; null while it exists, and before it was seen. */
function useGoneAt(here: boolean, loaded: boolean): number | null {
  const { store } = useClient();
  const [seen, setSeen] = useState(false);
  const [goneAt, setGoneAt] = useState<number | null>(null);
  if (here && !seen) setSeen(true);
  if (here && goneAt !== null) setGoneAt(null);
  if (loaded && !here && seen && goneAt === null) setGoneAt(store.getState().lastChange.at ?? 0);
  return goneAt;
}

function Document({ id }: { readonly id: string }) {
  const loaded = useClientState((state) => state.revision > 0);
  const phase = useClientState((state) => state.phase);
  const reason = useClientState((state) => state.reason);
  const kind = kindOfId(id);
  const here = useClientState(({ replica }: ClientState) => {
    const table = TABLE[kind as keyof typeof TABLE];
    return (replica.records[table] as ReadonlyMap<string, unknown>).has(id);
  });
  const goneAt = useGoneAt(here, loaded);
  // An interface of the pod may be selected.
  const chosen = usePageState(({ selection }) => {
    const entry = selection.at(-1) ?? id;
    return kindOfId(entry) === 'interface' && recordPath(entry) === recordPath(id) ? entry : id;
  });
  const { lookAt, store } = useClient();
  // The shown record is loaded before others while a set arrives.
  useEffect(() => {
    const node = kind === 'node' ? id : store.getState().replica.partial?.nodeOf(id);
    if (typeof node === 'string') lookAt(new Set([node]));
  }, [id, kind, lookAt, store, loaded]);
  if (!loaded)
    return (
      <Empty title={phase === 'failed' ? 'The server refused this page' : 'Loading the record set…'}>
        {reason === null ? undefined : sentence(reason)}
      </Empty>
    );
  const selected = readEntry(chosen) ?? readEntry(id);
  return (
    <>
      {selected !== null && <PanelBody selected={selected} gone={<NotHere id={id} goneAt={goneAt} />} />}
      {here && <Beside id={id} />}
    </>
  );
}

function NotHere({ id, goneAt }: { readonly id: string; readonly goneAt: number | null }) {
  const arriving = useClientState(({ replica }) => arrivalWords(replica.partial));
  const absence = useAbsence();
  const isLate = arriving !== null && LATER.has(kindOfId(id));
  const when = goneAt === null || goneAt === 0 ? null : exactTime(new Date(goneAt).toISOString());
  return (
    <div role="status">
      <PanelHead kind={kindWord(kindOfId(id) ?? 'node')} title={labelOf(id)}>
        {isLate
          ? `It is not loaded yet; so far: ${arriving}. It appears here when it is.`
          : goneAt !== null
            ? `It no longer exists${when === null ? '' : `: it was here until ${when}`}. It appears here if it is created again.`
            : absence}
      </PanelHead>
    </div>
  );
}

/** Content that the panel leaves to other views. */
function Beside({ id }: { readonly id: string }) {
  const kind = kindOfId(id);
  const interfaces = useClientState(({ replica: { indexes } }) =>
    kind === 'pod' ? [...(indexes.interfacesByPod.get(id) ?? [])].sort().join(' ') : '',
  );
  const subjects = useMemo(() => [id, ...interfaces.split(' ').filter((one) => one !== '')], [id, interfaces]);
  return (
    <>
      {kind === 'node' && <Wires id={id} />}
      {(kind === 'node' || kind === 'pod') && <ThreeViews id={id} />}
      <Events subjects={subjects} />
    </>
  );
}

/** The link diagram of a node. */
function Wires({ id }: { readonly id: string }) {
  const pictured = usePictured();
  const count = useClientState(
    ({ replica: { indexes, records } }) => recordsOf(indexes.interfacesByNode, id, records.interfaces).length,
  );
  const { push } = useSelect();
  if (count === 0) return null;
  return (
    <Section title="Wiring">
      <FocusView {...pictured} node={id} selection={null} onSelect={push} />
    </Section>
  );
}
