import type { Severity } from '../../lib/model/records';

/**
 * Octagon ×, triangle !, circle i, 14 px: distinct by shape, not only by colour. `label`: false beside text with the
 * same meaning.
 */
export function SeverityIcon({ severity, label = true }: { readonly severity: Severity; readonly label?: boolean }) {
  const named = label ? ({ role: 'img', 'aria-label': severity } as const) : ({ 'aria-hidden': true } as const);
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" className="inline-block shrink-0 align-[-2px]" {...named}>
      {severity === 'error' && (
        <>
          <path d="M4.3.5h5.4l3.8 3.8v5.4l-3.8 3.8H4.3L.5 9.7V4.3z" fill="var(--c-err)" />
          <path d="m4.7 4.7 4.6 4.6m0-4.6L4.7 9.3" stroke="var(--c-surface)" strokeWidth="1.6" strokeLinecap="round" />
        </>
      )}
      {severity === 'warning' && (
        <>
          <path d="M7 .8 13.6 13H.4z" fill="var(--c-warnFill)" strokeLinejoin="round" />
          <path d="M7 5v3.6m0 2v.4" stroke="var(--c-surface)" strokeWidth="1.6" strokeLinecap="round" />
        </>
      )}
      {severity === 'info' && (
        <>
          <circle cx="7" cy="7" r="6.2" fill="none" stroke="var(--c-text2)" strokeWidth="1.3" />
          <path d="M7 6.4v3.8m0-6.4v.4" stroke="var(--c-text2)" strokeWidth="1.5" strokeLinecap="round" />
        </>
      )}
    </svg>
  );
}
