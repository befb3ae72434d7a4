'use client';
import { useGo, usePageState } from '../../lib/client/hooks';
import { THEMES, type Theme } from '../../lib/view/page-state';
import { Button } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { closePopover, Popover } from '../ui/Popover';

const WORDS: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

export function ThemeMenu({ onKeys }: { readonly onKeys: () => void }) {
  const theme = usePageState((page) => page.theme);
  const go = useGo();
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
      {() => (
        <div className="w-44">
          <Choice
            legend="Theme"
            value={theme}
            options={THEMES.map((value) => ({ value, label: WORDS[value] }))}
            onChoose={(value) => go({ theme: value })}
          />
          <div className="mt-2 border-t border-line pt-2">
            <Button
              look="plain"
              className="w-full text-left"
              aria-keyshortcuts="?"
              onClick={(event) => {
                closePopover(event);
                onKeys();
              }}
            >
              Keyboard shortcuts
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
