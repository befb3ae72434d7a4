import type { SourceTone } from '../../lib/view/source-health';

/** Dot, clock or cross: the shape shows the state, not only the colour. */
export function SourceStateIcon({ tone }: { readonly tone: SourceTone }) {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden
      className="inline-block shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
    >
      {tone === 'ok' && <circle cx="6" cy="6" r="3" fill="currentColor" stroke="none" />}
      {tone === 'quiet' && <circle cx="6" cy="6" r="3.2" strokeDasharray="2 1.6" />}
      {tone === 'warn' && <path d="M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8ZM6 3v3.2l2 1.3" />}
      {tone === 'err' && <path d="m2 2 8 8m0-8-8 8" />}
    </svg>
  );
}
