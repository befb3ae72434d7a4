/** What a mark is, beside it after a moment; never over its own path. */
import { useLayoutEffect, useRef } from 'react';
import type { Description } from '../../lib/view/describe';

interface Props {
  readonly description: Description;
  /** The mark on screen. */
  readonly at: DOMRect;
}

const GAP = 8;

export function Tooltip({ description, at }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    const below = at.bottom + GAP + height <= window.innerHeight;
    const left = Math.max(GAP, Math.min(window.innerWidth - width - GAP, at.left));
    const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height);
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    element.style.visibility = 'visible';
  }, [at, description]);
  return (
    <div
      ref={box}
      aria-hidden="true"
      className="pointer-events-none fixed top-0 left-0 z-30 max-w-90 rounded-md border border-edge bg-surface px-3 py-2 text-12 leading-[17px] text-text2 shadow-lg"
      style={{ visibility: 'hidden' }}
    >
      <p className="font-semibold break-all text-ink">{description.title}</p>
      {description.lines.map((line, index) => (
        <p key={index} className="break-words">
          {line}
        </p>
      ))}
    </div>
  );
}
