/**
 * Search by any name, address, id, value or query; the answer is the path to its owner, or a list. The input is in the
 * first bundle, so that no key typed after `/` is lost; the answers are loaded later.
 */
import { lazy, Suspense, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useGo, usePageState } from '../../lib/client/hooks';
import { Dialog } from '../ui/Dialog';
import type { FindOption } from './find-options';

/** Loads the list of answers, which the first page does not need. */
export const loadAnswers = () => import('./FindAnswers');
const FindAnswers = lazy(loadAnswers);

const NONE: readonly FindOption[] = [];

/** The search input, with answers below it while the user types. */
export function Find({ onClose }: { readonly onClose: () => void }) {
  const typed = usePageState((page) => page.search);
  const go = useGo();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [options, setOptions] = useState(NONE);
  const [active, setActive] = useState(0);
  /** The text that the current options answer completely; null before. */
  const [answered, setAnswered] = useState<string | null>(null);
  /** Enter was pressed before the answer arrived. */
  const [waiting, setWaiting] = useState(false);
  const isAnswered = typed.trim() === '' || answered === typed.trim();
  const current = Math.min(active, Math.max(0, options.length - 1));

  const type = (text: string): void => {
    setWaiting(false);
    setActive(0);
    go({ search: text });
  };
  const choose = (option: FindOption | undefined): void => {
    if (option === undefined) return;
    if (option.then !== null) {
      type(option.then);
      field.current?.focus();
      return;
    }
    go({ search: '' });
    onClose();
    option.run();
  };
  const receive = (next: readonly FindOption[], text: string | null): void => {
    setOptions(next);
    setAnswered(text);
    if (!waiting || text === null || text !== typed.trim()) return;
    setWaiting(false);
    choose(next[0]);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(options.length - 1, current + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // The first option may not be an answer yet, unless the user chose it with the arrow keys.
      if (current === 0 && !isAnswered) setWaiting(true);
      else choose(options[current]);
    }
  };

  return (
    <Dialog
      label="Find"
      onClose={() => {
        go({ search: '' });
        onClose();
      }}
    >
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label="Find a name, address, range, MAC, id, tag, query or command"
        aria-expanded={options.length > 0}
        aria-controls={list}
        aria-activedescendant={options.length > 0 ? `${list}-${current}` : undefined}
        aria-autocomplete="list"
        autoFocus
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKey}
        placeholder="10.0.1.77, 10.0.1., net1, eni-…, m5.large, node room:0, group by zone"
        className="h-12 w-full shrink-0 border-b border-line bg-surface px-4 text-14 text-ellipsis outline-none"
      />
      <Suspense fallback={<p className="px-4 py-3 text-12 text-text2">Loading…</p>}>
        <FindAnswers
          list={list}
          typed={typed}
          options={options}
          active={current}
          listed={answered}
          onOptions={receive}
          onPoint={setActive}
          onChoose={choose}
        />
      </Suspense>
    </Dialog>
  );
}
