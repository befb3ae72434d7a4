/**
 * The page on a wall display (`?kiosk`): the picture, the findings and their age, without controls. It runs for days:
 * its content never jumps, and it reloads when its server is another version.
 */
import { counted } from '../../lib/model/counted';
import { useEffect, useRef, useState } from 'react';
import { useClient, useClientState, useDerived, useServerNow } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import { sourceNow } from '../../lib/model/lag';
import type { Table } from '../../lib/model/records';
import { duration } from '../../lib/view/age';
import { causeWords, foremostCauses } from '../../lib/view/cause-words';
import { sentence } from '../../lib/view/full-stop';
import { noFindingsWords, silentSources } from '../../lib/view/silent-sources';
import { summarizeSources, worstWords } from '../../lib/view/source-health';
import { PATIENCE_MS } from '../controls/Notices';
import { useCauses } from '../hooks/useCauses';
import { useStaysFor } from '../hooks/useStaysFor';
import { useTheme, useThemeOnPage } from '../hooks/useTheme';
import { SeverityIcon } from '../ui/SeverityIcon';
import MissingParts from '../views/MissingParts';
import { TopologyView } from '../views/TopologyView';
import { useComeBack, useUpgrade, useWakeLock } from './days';

const nobody = (): void => undefined;

/** The page for a wall display: the picture and the findings, without controls. */
export default function Wall() {
  const theme = useTheme();
  useThemeOnPage();
  useWakeLock();
  useComeBack();
  useUpgrade();
  useRefit();
  const loaded = useClientState((state) => state.revision > 0);
  return (
    <div className="flex h-dvh cursor-none flex-col overflow-hidden">
      <Head />
      <MissingParts />
      {loaded ? (
        <main className="relative flex min-h-0 flex-1 flex-col">
          <div inert className="flex min-h-0 flex-1 flex-col">
            <TopologyView bare theme={theme} minimap={null} onCanvas={nobody} />
          </div>
          <Lost />
        </main>
      ) : (
        <p className="p-8 text-18 text-text2">Waiting for the first record set…</p>
      )}
    </div>
  );
}

const SOURCES: readonly Table[] = ['sources'];
const readSources = ({ replica }: ClientState) => [...replica.records.sources.values()];

function Head() {
  const cluster = useClientState((state) => state.replica.cluster);
  const { causes, all, nodes } = useCauses();
  const nothing = useClientState(({ replica }) => noFindingsWords(replica.records.sources));
  const partial = useClientState(({ replica }) => silentSources(replica.records.sources).length > 0);
  const pods = useClientState(({ replica }) => replica.records.pods.size);
  const sources = useDerived(SOURCES, readSources);
  const ages = useClientState((state) => state.ages);
  const lags = useClientState((state) => state.lags);
  const now = useServerNow();
  const then = useClientState(({ phase }) => phase === 'live') ? '' : ' at last contact';
  const health = summarizeSources(
    sources.map((source) => sourceNow(source, ages, lags)),
    now,
  );
  const worst = worstWords(health);
  const { shown, rest } = foremostCauses(causes);
  return (
    // As high as the causes usually need, so that another cause does not move the picture.
    <header className="flex min-h-14 max-xl:min-h-19 shrink-0 items-center gap-x-6 gap-y-1 border-b border-line bg-surface px-6 text-14 max-md:flex-wrap max-md:px-4 max-md:py-2">
      <h1 className="shrink-0 text-18 font-bold">{cluster.name ?? 'ifscope'}</h1>
      {cluster.demo && <span className="rounded-sm border border-edge px-1.5 font-semibold text-text2">demo</span>}
      <p className="shrink-0 text-text2 tabular-nums">
        {counted(nodes, 'node')} · {counted(pods, 'pod')}
      </p>
      <ul
        aria-label="Findings by cause"
        className="flex min-w-0 flex-1 flex-wrap items-center gap-x-5 py-1.5 max-md:order-last max-md:basis-full"
      >
        {shown.map((cause) => (
          <li key={`${cause.severity} ${cause.rule}`} className="flex min-w-0 items-center gap-1.5">
            <SeverityIcon severity={cause.severity} />
            <span className="wrap-anywhere">{causeWords(cause, nodes)}</span>
          </li>
        ))}
        {rest > 0 && <li className="shrink-0 text-text3">{rest} more</li>}
        {all.length === 0 && <li className="text-text3">{nothing}</li>}
        {all.length > 0 && partial && <li className="shrink-0 text-text3">Not all rules ran</li>}
        {causes.length < all.length && (
          <li className="shrink-0 text-text3">{`the filter hides ${all.length - causes.length}`}</li>
        )}
      </ul>
      <p className="text-right text-text2 tabular-nums max-md:basis-full max-md:text-left">
        {worst !== null && <b className="font-semibold text-ink">{worst} · </b>}
        {`${health.live} of ${health.counted} sources live${then}`}
      </p>
      {!Number.isNaN(now) && (
        <p className="shrink-0 text-18 font-semibold tabular-nums">{new Date(now).toISOString().slice(11, 16)} UTC</p>
      )}
    </header>
  );
}

/** The page's own connection, over the picture so that it moves nothing; while it is lost, the picture is outdated. */
function Lost() {
  const isLive = useClientState(({ phase }) => phase === 'live');
  const reason = useClientState((state) => state.reason);
  const now = useServerNow();
  const [since, setSince] = useState(now);
  const isShown = useStaysFor(!isLive, PATIENCE_MS);
  if (isLive && since !== now) setSince(now);
  if (!isShown) return null;
  return (
    <p
      role="alert"
      className="absolute inset-x-0 bottom-0 border-t border-warn-fill bg-warn-bg px-6 py-2 text-14 text-warn tabular-nums"
    >
      <b className="font-semibold">{`The picture is not updating: last contact ${duration(now - since)} ago.`}</b>{' '}
      {sentence(reason ?? 'The connection to the server was lost')}
    </p>
  );
}

/** How long the picture keeps its scale after a node has come or gone, in ms. */
const REFIT_MS = 60_000;

/** Fits the whole into the window again when nodes have come or gone, at most once a minute. */
function useRefit(): void {
  const { revealer } = useClient();
  const nodes = useClientState((state) => state.replica.records.nodes.size);
  const timer = useRef(0);
  useEffect(() => {
    // A timer that started again with every node would never end in a cluster that grows and shrinks all the time.
    if (nodes === 0 || timer.current !== 0) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      revealer.set({ to: 'fit' });
    }, REFIT_MS);
  }, [nodes, revealer]);
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
      timer.current = 0;
    },
    [],
  );
}
