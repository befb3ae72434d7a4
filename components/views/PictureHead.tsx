'use client';
/** The line above the picture: what all node names share, how much has arrived, and the level of detail. */
import { useCommonName } from '../../lib/client/hooks';
import type { CanvasHandle, CanvasView } from '../canvas/props';
import { Arriving } from './Arriving';
import { LevelSwitch } from './LevelSwitch';

interface Props {
  readonly view: CanvasView;
  readonly canvas: CanvasHandle | null;
}

export function PictureHead({ view, canvas }: Props) {
  return (
    <>
      <CommonName />
      <Arriving />
      <LevelSwitch view={view} canvas={canvas} />
    </>
  );
}

/** What all names of nodes have in common; names in the picture leave it out. */
function CommonName() {
  const common = useCommonName();
  return (
    <p className="min-w-0 truncate">
      {common !== null && (
        <>
          <span className="max-md:sr-only">Node names are </span>
          <code className="font-mono">
            {common.prefix}
            <b className="font-bold text-ink">…</b>
            <span className="max-md:sr-only">{common.suffix}</span>
          </code>
        </>
      )}
    </p>
  );
}
