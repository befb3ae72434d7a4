/**
 * A picture as SVG in the page. `layout/svg` escapes text from the cluster; `data-id` lets one listener serve all
 * marks.
 */
import { memo, useId, type MouseEvent, type ReactNode } from 'react';
import type { Picture } from '../../lib/layout/picture/mark';
import { toSvg } from '../../lib/layout/picture/svg';
import type { Theme } from '../../lib/layout/picture/tokens';

interface Props {
  readonly picture: Picture;
  readonly theme: Theme;
  /** The record under the pointer; null: none. */
  readonly onPoint?: (id: string | null, event: MouseEvent) => void;
  readonly onPick?: (id: string) => void;
  readonly children?: ReactNode;
}

const idAt = (target: EventTarget): string | null =>
  target instanceof Element ? (target.closest('[data-id]')?.getAttribute('data-id') ?? null) : null;

/** Memoised, so that a pointer move does not write the markup again. */
const Markup = memo(function Markup({ svg }: { readonly svg: string }) {
  return (
    <div
      className="[&>svg]:[font-variant-ligatures:none] [&>svg]:whitespace-pre"
      dangerouslySetInnerHTML={{ __html: svg }}
    />
  );
});

/** A picture as SVG with parts that can be hovered and selected. */
export function Diagram({ picture, theme, onPoint, onPick, children }: Props) {
  const prefix = `d${useId().replace(/[^a-z0-9]/gi, '')}-`;
  const svg = toSvg(picture, { theme, ground: null, prefix });
  return (
    <div
      className="relative normal-nums"
      style={{ width: picture.width, height: picture.height }}
      onPointerMove={onPoint && ((event) => onPoint(idAt(event.target), event))}
      onPointerLeave={onPoint && ((event) => onPoint(null, event))}
      onClick={
        onPick &&
        ((event) => {
          const id = idAt(event.target);
          if (id !== null) onPick(id);
        })
      }
    >
      <Markup svg={svg} />
      {children}
    </div>
  );
}
