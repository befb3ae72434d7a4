'use client';
/**
 * Search by any name, address or id; the answer is the path to its owner. The box is in the first bundle, so that no key
 * typed after `/` is lost; the answers are loaded later.
 */
import { lazy, Suspense, useId, useState, type KeyboardEvent } from 'react';
import { useGo, usePageState, useSelect } from '../../lib/client/hooks';
import type { Hit } from '../../lib/view/lookup/answer';
import { Dialog } from '../ui/Dialog';

export const loadAnswers = () => import('./FindAnswers');
const FindAnswers = lazy(() => loadAnswers().then((m) => ({ default: m.FindAnswers })));

const NONE: readonly Hit[] = [];

export function Find({ onClose }: { readonly onClose: () => void }) {
  const typed = usePageState((page) => page.search);
  const go = useGo();
  const { show } = useSelect();
  const list = useId();
  const [hits, setHits] = useState(NONE);
  const [active, setActive] = useState(0);
  const current = Math.min(active, Math.max(0, hits.length - 1));

  const close = (): void => {
    go({ search: '' });
    onClose();
  };
  const choose = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    close();
    show(hit.id);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(hits.length - 1, current + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(hits[current]);
    }
  };

  return (
    <Dialog label="Find" onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-label="Find a name, address, range, MAC, ENI or instance"
        aria-expanded={hits.length > 0}
        aria-controls={list}
        aria-activedescendant={hits.length > 0 ? `${list}-${current}` : undefined}
        aria-autocomplete="list"
        autoFocus
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setActive(0);
          go({ search: event.target.value });
        }}
        onKeyDown={onKey}
        placeholder="10.0.1.77, 02:5e:18:a2:0c:44, eni-…, i-…, pod, node, network"
        className="h-12 w-full shrink-0 border-b border-line bg-surface px-4 text-14 outline-none"
      />
      <Suspense fallback={<p className="px-4 py-3 text-12 text-text2">Loading…</p>}>
        <FindAnswers
          list={list}
          typed={typed}
          active={current}
          onHits={setHits}
          onPoint={setActive}
          onChoose={choose}
        />
      </Suspense>
    </Dialog>
  );
}
