'use client';
/** The query of the filter, with what can be typed next. */
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useClient, usePageState } from '../../lib/client/hooks';
import { complete, type Completion } from '../../lib/view/query/complete';
import { useFilterActions } from '../hooks/useFilterActions';
import { cx } from '../ui/classes';

const TYPING_MS = 250;
const NONE: readonly Completion[] = [];

export function FilterText() {
  const { store } = useClient();
  const text = usePageState((page) => page.filter.text);
  const [typed, setTyped] = useState(text);
  const [offered, setOffered] = useState(NONE);
  /** Null: none is chosen, and Enter takes the text as it is. */
  const [active, setActive] = useState<number | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const { change } = useFilterActions();
  /** What the filter was last told from here, and what it was last: a change from elsewhere replaces what is typed. */
  const [sent, setSent] = useState(text);
  const [seen, setSeen] = useState(text);
  if (seen !== text) {
    setSeen(text);
    if (text !== sent) {
      setSent(text);
      setTyped(text);
    }
  }
  const send = (said: string): void => {
    setSent(said);
    change({ text: said });
  };
  const sendLater = useEffectEvent(send);
  useEffect(() => {
    if (typed === sent) return;
    const timer = setTimeout(() => sendLater(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, sent]);

  const offer = (said: string, caret: number): void => {
    const { replica } = store.getState();
    setOffered(complete(said, caret, replica, replica.sparse?.namespaces.keys()));
    setActive(null);
  };
  const take = ({ text: said, caret }: Completion): void => {
    setTyped(said);
    offer(said, caret);
    const field = input.current;
    field?.focus();
    requestAnimationFrame(() => field?.setSelectionRange(caret, caret));
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = active === null ? undefined : offered[active];
    if (step !== undefined && offered.length > 0) {
      event.preventDefault();
      setActive(
        active === null ? (step > 0 ? 0 : offered.length - 1) : (active + step + offered.length) % offered.length,
      );
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (chosen !== undefined) take(chosen);
      else {
        setOffered(NONE);
        send(typed);
      }
    } else if (event.key === 'Escape' && offered.length > 0) {
      // The first press closes the list, the next one the menu.
      event.preventDefault();
      event.stopPropagation();
      setOffered(NONE);
    }
  };
  return (
    <div className="relative">
      <label className="block">
        <span className="mb-1 block text-12 text-text3">
          Query: words, or <code className="font-mono">ns:core</code> <code className="font-mono">node:8-6-52</code>{' '}
          <code className="font-mono">eni managed:no</code> <code className="font-mono">node room:0</code>{' '}
          <code className="font-mono">subnet free&lt;5%</code>, <code className="font-mono">-</code> negates
        </span>
        <input
          ref={input}
          type="search"
          role="combobox"
          aria-label="Query"
          aria-expanded={offered.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={active === null ? undefined : `${list}-${active}`}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            offer(target.value, target.selectionStart ?? target.value.length);
          }}
          onFocus={({ target }) => offer(target.value, target.selectionStart ?? target.value.length)}
          onBlur={() => setOffered(NONE)}
          onKeyDown={onKey}
          spellCheck={false}
          autoComplete="off"
          className="h-8 w-full rounded-md border border-edge bg-surface px-2 text-13"
          placeholder="eni managed:no"
        />
      </label>
      <ul
        id={list}
        role="listbox"
        aria-label="What can be typed next"
        hidden={offered.length === 0}
        className="scroll-thin absolute inset-x-0 z-10 mt-1 max-h-64 overflow-auto rounded-md border border-edge bg-surface p-1 shadow-md"
      >
        {offered.map((one, index) => (
          <li
            key={one.label}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === active}
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(one)}
            className={cx('flex gap-2 rounded-sm px-2 py-1 text-12', index === active ? 'bg-sunk' : 'hover:bg-sunk')}
          >
            <code className="shrink-0 font-mono font-semibold">{one.label}</code>
            <span className="min-w-0 truncate text-text3">{one.about}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
