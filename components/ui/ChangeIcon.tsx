import { ICON_BOX, iconLayers } from '../../lib/layout/picture/icons';
import type { ChangeKind } from '../../lib/model/vocabulary';

/** The sign of a change, as in the picture; `label`: false beside text with the same meaning. */
export function ChangeIcon({ kind, label = true }: { readonly kind: ChangeKind; readonly label?: boolean }) {
  const named = label ? ({ role: 'img', 'aria-label': kind } as const) : ({ 'aria-hidden': true } as const);
  const colour = (tone: string): string => `var(--c-${tone})`;
  return (
    <svg
      width="13"
      height="13"
      viewBox={`0 0 ${ICON_BOX} ${ICON_BOX}`}
      className="inline-block shrink-0 align-[-2px]"
      {...named}
    >
      {iconLayers({ icon: kind, tone: 'ink', inner: 'surface' }).map(({ d, fill, stroke }) => (
        <path
          key={d}
          d={d}
          fill={fill === null ? 'none' : colour(fill)}
          stroke={stroke === null ? 'none' : colour(stroke.tone)}
          strokeWidth={stroke?.width}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      ))}
    </svg>
  );
}
