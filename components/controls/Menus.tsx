'use client';
/** The menus of the bar above the page, with the button that pauses it: loaded after the picture. */
import type { CanvasHandle } from '../canvas/props';
import { ExportMenu } from './ExportMenu';
import { FilterMenu } from './FilterMenu';
import { GroupMenu } from './GroupMenu';
import { LivePause } from './LivePause';
import { ThemeMenu } from './ThemeMenu';

interface Props {
  readonly canvas: CanvasHandle | null;
  readonly onKeys: () => void;
  /** Whether there is a cluster behind the page that can be paused. */
  readonly live: boolean;
}

export function Menus({ canvas, onKeys, live }: Props) {
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
