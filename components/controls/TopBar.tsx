import { lazy } from 'react';
import { useClientState, usePageState } from '../../lib/client/hooks';
import { exactTime } from '../../lib/view/age';
import type { CanvasHandle } from '../canvas/props';
import type { ShownFile } from '../../lib/view/shown-file';
import type { Sheet } from './sheet';
import { AfterPicture } from '../ui/AfterPicture';
import { Button } from '../ui/Button';

const SourceChip = lazy(() => import('./SourceChip'));

const Menus = lazy(() => import('./Menus'));

/** As wide as the chip of a cluster with only live sources, so that nothing moves when the chip arrives. */
const ChipPlace = () => <span className="h-8 w-42 shrink-0 rounded-md border border-line" />;

/** As wide as the menus without a filter, so that nothing moves when they arrive. */
const PLACES = 'h-8 shrink-0 rounded-md border border-line';
function MenuPlaces({ live }: { readonly live: boolean }) {
  const groups = usePageState((page) => page.view === 'topology');
  return (
    <>
      {groups && <span className={`${PLACES} w-16.5 md:w-18.5 lg:w-27`} />}
      <span className={`${PLACES} w-14.75 md:w-16.75 lg:w-25.5 xl:w-39.5`} />
      <span className={`${PLACES} w-17 md:w-19`} />
      <span className={`${PLACES} w-8.5`} />
      {live && <span className={`${PLACES} w-17 md:w-19 lg:w-28`} />}
    </>
  );
}

interface Props {
  readonly file: ShownFile | null;
  readonly onSheet: (sheet: Sheet) => void;
  readonly canvas: CanvasHandle | null;
  readonly onNavigation: () => void;
  readonly navigationOpen: boolean;
}

/** The top bar: cluster name, source chip, search and menus. */
export function TopBar({ file, onSheet, canvas, onNavigation, navigationOpen }: Props) {
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-2 border-b xl:flex-nowrap border-line bg-surface px-3 py-1.5 lg:gap-2.5 lg:pl-4">
      <Button
        look="plain"
        className="-ml-1 md:hidden"
        aria-label="Views and legends"
        aria-expanded={navigationOpen}
        onClick={onNavigation}
      >
        ☰
      </Button>
      <h1 className="shrink-0 text-14 font-bold max-md:sr-only md:w-20 xl:w-41">ifscope</h1>
      <ClusterName file={file} />
      <AfterPicture place={<ChipPlace />}>
        <SourceChip />
      </AfterPicture>
      <Button
        className="flex min-w-28 flex-1 items-center justify-between gap-2 overflow-hidden text-text3 xl:max-w-104"
        aria-keyshortcuts="/ Control+K Meta+K"
        onClick={() => onSheet('find')}
      >
        <span className="truncate">Find a pod, IP, MAC, ENI, instance…</span>
        <kbd aria-hidden className="rounded-sm border border-line px-1.5 font-sans text-12">
          /
        </kbd>
      </Button>
      <div className="ml-auto flex min-w-0 items-center gap-1.5 md:shrink-0 md:flex-wrap md:gap-2 lg:gap-2.5">
        <AfterPicture place={<MenuPlaces live={file === null} />}>
          <Menus canvas={canvas} onKeys={() => onSheet('keys')} live={file === null} />
        </AfterPicture>
      </div>
    </header>
  );
}

function ClusterName({ file }: { readonly file: ShownFile | null }) {
  const cluster = useClientState((state) => state.replica.cluster);
  const loaded = useClientState((state) => state.revision > 0);
  if (!loaded) return null;
  const where = [
    cluster.kubernetesVersion === null ? null : `Kubernetes ${cluster.kubernetesVersion}`,
    cluster.region,
    cluster.vpcId,
  ].filter((text) => text !== null);
  return (
    <div
      className={`flex min-w-0 items-center gap-2 ${file === null ? 'max-w-60' : 'max-w-120 max-md:flex-1 max-md:basis-40 max-md:flex-wrap'}`}
      title={where.join(' · ')}
    >
      <span className="truncate text-13 font-semibold">{cluster.name ?? 'cluster without a name'}</span>
      {cluster.demo && (
        <span
          className="rounded-sm border border-edge px-1.5 text-12 font-semibold text-text2"
          title="A simulated cluster: nothing here is real"
        >
          demo
        </span>
      )}
      {file !== null && (
        <span
          className="shrink-0 rounded-sm border border-edge px-1.5 text-12 font-semibold text-text2"
          title="Read from a file: nothing here is live"
        >
          {`${file.kind}, taken ${exactTime(file.takenAt) ?? 'at an unknown time'}`}
        </span>
      )}
    </div>
  );
}
