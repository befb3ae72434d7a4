import type { ReactNode } from 'react';

/** Why a view is empty, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div role="status" className="mx-auto max-w-120 px-6 py-16 text-center">
      <p className="text-14 font-semibold text-ink">{title}</p>
      {children !== undefined && <div className="mt-2 text-13 text-text2">{children}</div>}
    </div>
  );
}
