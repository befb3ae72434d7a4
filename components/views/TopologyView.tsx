/** The picture, below a line with the shared part of node names and the level of detail. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import {
  useClient,
  useClientState,
  useDerived,
  useFilterResult,
  useGo,
  usePageState,
  useRanks,
  useReveal,
  useSelect,
  useServerNow,
} from '../../lib/client/hooks';
import { oldData } from '../../lib/view/missing';
import { readEntry, slotEntry } from '../../lib/view/selection';
import type { ClientState } from '../../lib/client/client-state';
import type { Table } from '../../lib/model/records';
import type { Theme } from '../../lib/layout/picture/tokens';
import { Canvas } from '../canvas/Canvas';
import type { CanvasHandle, CanvasProps, CanvasView, Stale } from '../canvas/props';
import { usePaint } from '../hooks/usePaint';
import { AfterPicture } from '../ui/AfterPicture';

const PictureHead = lazy(() => import('./PictureHead'));
const Causes = lazy(() => import('./Causes'));
const FoldedGroups = lazy(() => import('./FoldedGroups'));
const EmptyView = lazy(() => import('./EmptyView'));
const NodeFocusView = lazy(() => import('./NodeFocusView'));

/** The props of every view. */
export interface ViewProps {
  readonly theme: Theme;
  /** The canvas element for the topology's minimap. */
  readonly minimap: HTMLCanvasElement | null;
  /** Called with the handle of the view's canvas, if it has one; null when it is removed. */
  readonly onCanvas: (handle: CanvasHandle | null) => void;
}

/** The picture of the cluster, or the link diagram of the focused node. */
export function TopologyView(props: OverviewProps) {
  const focus = usePageState((page) => page.focus);
  const nodes = useClientState((state) => state.replica.records.nodes.size);
  const enis = useClientState((state) => state.replica.records.enis.size);
  if (focus !== null) return <NodeFocusView node={focus} />;
  if (nodes + enis === 0)
    return (
      <EmptyView view="topology" title="This cluster has no nodes">
        A node appears here as soon as it registers.
      </EmptyView>
    );
  return <Overview {...props} />;
}

const SOURCES: readonly Table[] = ['sources'];
const readSources = (state: ClientState) => new Map(state.replica.records.sources);
/** Update interval of the age of old data, in ms; shorter would only redraw the picture. */
const MINUTE = 60_000;

/** Outdated data in the picture, in words. */
function useStale(): Stale | null {
  const sources = useDerived(SOURCES, readSources);
  const ages = useClientState((state) => state.ages);
  const lags = useClientState((state) => state.lags);
  const old = oldData(sources, ages, lags, useServerNow(MINUTE));
  const asOf = old?.asOf ?? null;
  const badge = old?.badge ?? null;
  // Memoised by its text: a new object would redraw the same picture.
  return useMemo(() => (asOf === null || badge === null ? null : { asOf, badge }), [asOf, badge]);
}

/** Interval of checking for pods that have waited too long for an address, in ms. */
const WAITING_TICK = 10_000;

interface OverviewProps extends ViewProps {
  /** Without the lines above the picture, for displays without input. */
  readonly bare?: boolean;
  /** What another view draws above the boxes. */
  readonly above?: CanvasProps['above'];
  /** Replaces the causes of findings. */
  readonly children?: ReactNode;
}

/** The whole picture, also used beside the list of another view. */
export function Overview({ theme, minimap, onCanvas, bare = false, above = null, children }: OverviewProps) {
  const client = useClient();
  const replica = useClientState((state) => state.replica);
  const revision = useClientState((state) => state.revision);
  const grouping = usePageState((page) => page.group);
  const order = usePageState((page) => page.order);
  const folded = usePageState((page) => page.folded);
  const paint = usePaint(usePageState((page) => page.colour));
  const entry = usePageState((page) => page.selection.at(-1) ?? null);
  const [initialView] = useState(() => {
    const { camera } = client.location.getState();
    return camera === null ? null : { x: camera.x, y: camera.y, scale: camera.k };
  });
  const [view, setView] = useState<CanvasView | null>(null);
  const [handle, setHandle] = useState<CanvasHandle | null>(null);
  const go = useGo();
  const { open } = useSelect();
  const stale = useStale();

  const onHandle = useCallback(
    (next: CanvasHandle | null) => {
      setHandle(next);
      onCanvas(next);
    },
    [onCanvas],
  );
  const onViewChange = useCallback(
    (next: CanvasView) => {
      setView(next);
      client.level.set(next.level);
      // The whole picture is the default: a link to it fits the recipient's window.
      go({ camera: next.whole ? null : { x: next.x, y: next.y, k: next.scale } });
    },
    [go, client],
  );
  useEffect(() => () => client.level.set(null), [client]);

  return (
    <>
      {!bare && (
        <>
          {/* Both are loaded after the picture; their heights are reserved, so that nothing moves when they arrive. */}
          <div className="flex h-10 shrink-0 items-center justify-between gap-4 px-4 text-12 text-text2 [@media(max-height:560px)]:h-8">
            {view !== null && (
              <Suspense fallback={null}>
                <PictureHead view={view} canvas={handle} />
              </Suspense>
            )}
          </div>
          <div className="flex h-8 shrink-0 items-center gap-3 px-4 pb-1 text-12 [@media(max-height:560px)]:hidden">
            {view !== null && <Suspense fallback={null}>{children ?? <Causes />}</Suspense>}
          </div>
        </>
      )}
      <AfterPicture>{folded.length > 0 && <FoldedGroups />}</AfterPicture>
      {/* On paper, the bitmap of the screen fills the width. */}
      <div className="relative min-h-0 flex-1 print:aspect-16/10 print:flex-none">
        <Canvas
          ref={onHandle}
          replica={replica}
          revision={revision}
          changesSince={client.store.changesSince}
          theme={theme}
          grouping={grouping}
          order={order}
          folded={folded}
          networkRanks={useRanks()}
          paint={paint}
          filter={useFilterResult()}
          selection={entry === null ? null : (readEntry(entry)?.id ?? null)}
          stale={stale}
          now={useServerNow(WAITING_TICK)}
          viewTarget={useReveal()}
          initialView={initialView}
          onSelect={(id, detail) => {
            if (id === null || detail === null || !id.startsWith('eni-')) open(id);
            else open(slotEntry(id, detail.ip));
          }}
          onOpenNode={(node) => go({ view: 'topology', focus: node })}
          onFoldGroup={bare ? undefined : (key) => go({ folded: [...folded, key], camera: null })}
          onViewChange={onViewChange}
          onSight={client.lookAt}
          above={above}
          minimap={minimap}
        />
      </div>
    </>
  );
}
