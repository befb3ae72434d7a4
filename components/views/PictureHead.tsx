/** The line above the picture: the shared part of node names, loading progress, and the level of detail. */
import { useCommonName } from '../../lib/client/hooks';
import type { CanvasHandle, CanvasView } from '../canvas/props';
import { Arriving } from './Arriving';
import { LevelSwitch } from './LevelSwitch';

interface Props {
  readonly view: CanvasView;
  readonly canvas: CanvasHandle | null;
}

/** The line above the picture. */
export default function PictureHead({ view, canvas }: Props) {
  return (
    <>
      <CommonName />
      <Arriving />
      <LevelSwitch view={view} canvas={canvas} />
    </>
  );
}

/** The shared part of all node names, which names in the picture leave out. */
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
