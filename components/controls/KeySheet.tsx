import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { KEYS } from './keys';

/** The list of keyboard shortcuts. */
export default function KeySheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label="Keyboard shortcuts" onClose={onClose} className="p-5">
      <div className="flex items-center justify-between">
        <h2 className="text-18 font-semibold">Keyboard shortcuts</h2>
        <Button look="plain" onClick={onClose}>
          Close <span className="text-12 text-text3">Esc</span>
        </Button>
      </div>
      <dl className="mt-3 grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 overflow-auto">
        {KEYS.map(([key, what]) => (
          <div key={key} className="contents">
            <dt className="font-mono text-12 font-semibold">{key}</dt>
            <dd className="text-text2">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
