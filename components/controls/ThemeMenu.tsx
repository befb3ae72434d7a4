import { lazy } from 'react';
import { Popover } from '../ui/Popover';

const ThemeBody = lazy(() => import('./ThemeBody'));

/** The theme menu; its content is loaded when it is opened. */
export function ThemeMenu({ onKeys }: { readonly onKeys: () => void }) {
  return (
    <Popover
      label="Theme and help"
      buttonLabel="Theme and help"
      align="end"
      buttonClass="border-line bg-surface px-2! hover:border-edge"
      button={
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden className="block">
          <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
        </svg>
      }
    >
      <ThemeBody onKeys={onKeys} />
    </Popover>
  );
}
