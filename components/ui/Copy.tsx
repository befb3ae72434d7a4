import { useState } from 'react';
import { Button } from './Button';

/** Text with a copy button; if clipboard access is not permitted, the text can be selected by hand. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState<'' | 'Copied' | 'Select the text to copy it'>('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Select the text to copy it');
    }
  };
  return (
    <div className="mt-1.5 rounded-md border border-line bg-surface">
      <pre
        className="scroll-thin overflow-x-auto px-2 py-1.5 font-mono text-12 wrap-anywhere whitespace-pre-wrap"
        tabIndex={0}
      >
        {text}
      </pre>
      <div className="flex items-center justify-end gap-2 border-t border-line px-1 text-12 text-text2">
        <span role="status">{said}</span>
        <Button look="plain" className="h-6! text-12" aria-label={label} onClick={() => void copy()}>
          Copy
        </Button>
      </div>
    </div>
  );
}
