import { lazy } from 'react';
import type { CanvasHandle } from '../canvas/props';
import { Popover } from '../ui/Popover';

const ExportList = lazy(() => import('./ExportList'));

/** The export menu; its list is loaded when it is opened. */
export function ExportMenu({ canvas }: { readonly canvas: CanvasHandle | null }) {
  return (
    <Popover
      label="Export"
      align="end"
      panelClass="w-72 p-1.5!"
      button={
        <>
          Export <span aria-hidden>▾</span>
        </>
      }
    >
      <ExportList canvas={canvas} />
    </Popover>
  );
}
