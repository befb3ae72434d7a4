/** The theme, and a link to the list of keys. Loaded when the menu is opened. */
import { useGo, usePageState } from '../../lib/client/hooks';
import { THEME_CHOICES, type ThemeChoice } from '../../lib/view/page-state';
import { Button } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { closePopover } from '../ui/Popover';

const WORDS: Readonly<Record<ThemeChoice, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

/** Chooses the theme and opens the list of keys. */
export default function ThemeBody({ onKeys }: { readonly onKeys: () => void }) {
  const theme = usePageState((page) => page.theme);
  const go = useGo();
  return (
    <div className="w-44">
      <Choice
        legend="Theme"
        value={theme}
        options={THEME_CHOICES.map((value) => ({ value, label: WORDS[value] }))}
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
  );
}
