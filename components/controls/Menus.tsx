/** The menus of the top bar, with the pause button: loaded after the picture. */
import type { CanvasHandle } from '../canvas/props';
import { ExportMenu } from './ExportMenu';
import { FilterMenu } from './FilterMenu';
import { GroupMenu } from './GroupMenu';
import { LivePause } from './LivePause';
import { ThemeMenu } from './ThemeMenu';

interface Props {
  readonly canvas: CanvasHandle | null;
  readonly onKeys: () => void;
  /** Whether the page is connected to a cluster that can be paused. */
  readonly live: boolean;
}

/** The menus of the top bar. */
export default function Menus({ canvas, onKeys, live }: Props) {
  return (
    <>
      <GroupMenu />
      <FilterMenu />
      <ExportMenu canvas={canvas} />
      <ThemeMenu onKeys={onKeys} />
      {live && <LivePause />}
    </>
  );
}
