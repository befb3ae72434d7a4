import type { ReactNode } from 'react';

interface Props {
  readonly checked: boolean;
  readonly onChange: () => void;
  readonly children: ReactNode;
}

/** A labelled checkbox in a menu. */
export function Check({ checked, onChange, children }: Props) {
  return (
    <label className="flex items-center gap-2 rounded-sm px-1 py-1 hover:bg-sunk">
      <input type="checkbox" checked={checked} onChange={onChange} className="accent-(--c-sel)" />
      {children}
    </label>
  );
}
