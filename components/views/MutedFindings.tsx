/** Mutes with their reasons and the number of findings that each hides; each can be undone. */
import { counted } from '../../lib/model/counted';
import { useGo, usePageState } from '../../lib/client/hooks';
import { useMuted } from '../../lib/client/hooks-muted';
import { muteFor, mutesOf, withoutMute } from '../../lib/view/muted';
import { Button } from '../ui/Button';

/** The list of mutes; nothing without any. */
export function MutedFindings() {
  const texts = usePageState((page) => page.muted);
  const findings = useMuted();
  const go = useGo();
  const mutes = mutesOf(texts);
  if (mutes.size === 0) return null;
  return (
    <details className="shrink-0 border-t border-line px-4 py-2 text-12">
      <summary className="w-fit rounded-sm font-semibold">{`${findings.length.toLocaleString('en')} muted`}</summary>
      <ul className="scroll-thin mt-1 max-h-40 overflow-auto" tabIndex={0} aria-label="Muted findings">
        {[...mutes.values()].map((mute) => {
          const left = findings.filter((finding) => muteFor(mutes, finding) === mute);
          const [only] = left;
          const what = only !== undefined && only.id === mute.key ? only.title : mute.key;
          return (
            <li key={mute.key} className="flex flex-wrap items-baseline gap-x-3 border-t border-line py-1">
              <span className="font-semibold wrap-anywhere">{what}</span>
              <span className="wrap-anywhere text-text2">{mute.reason}</span>
              <span className="text-text3">{counted(left.length, 'finding', 'findings')}</span>
              <Button
                look="link"
                className="ml-auto text-12!"
                aria-label={`Restore ${what}`}
                onClick={() => go({ muted: withoutMute(texts, mute.key) })}
              >
                Restore
              </Button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
