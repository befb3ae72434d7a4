/** The query of the filter, with suggestions for the next word. */
import { useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useClient, usePageState } from '../../lib/client/hooks';
import { useLabelTexts } from '../../lib/client/hooks-labels';
import { complete, type Completion } from '../../lib/view/query/complete';
import { useFilterActions } from '../hooks/useFilterActions';
import { cx } from '../ui/classes';

/**
 * Delay after the last key; longer while a key of the query is being typed, which is not a search word yet.
 * Milliseconds.
 */
const TYPING_MS = 250;
const TYPING_KEY_MS = 900;
const NONE: readonly Completion[] = [];

const NO_NAMESPACES: ReadonlyMap<string, number> = new Map();

interface Typed {
  readonly text: string;
  readonly type: (text: string) => void;
  /** Applies the text immediately. */
  readonly send: (text: string) => void;
}

/**
 * The typed text becomes the filter's text after a delay; a change of the filter from elsewhere replaces the typed
 * text.
 */
function useTypedText(waitMs: number): Typed {
  const text = usePageState((page) => page.filter.text);
  const { change } = useFilterActions();
  const [typed, setTyped] = useState(text);
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
    const timer = setTimeout(() => sendLater(typed), waitMs);
    return () => clearTimeout(timer);
  }, [typed, sent, waitMs]);
  return { text: typed, type: setTyped, send };
}

/** The filter as text, with suggestions for the next word. */
export function FilterText() {
  const { store } = useClient();
  const [offered, setOffered] = useState(NONE);
  /** Null: none is highlighted, and Enter applies the text as typed. */
  const [active, setActive] = useState<number | null>(null);
  const { text, type, send } = useTypedText(
    offered.some(({ label }) => label.endsWith(':')) ? TYPING_KEY_MS : TYPING_MS,
  );
  const input = useRef<HTMLInputElement>(null);
  /** Position of the caret with the next text; null: unchanged. */
  const caretAt = useRef<number | null>(null);
  const list = useId();
  const labels = useLabelTexts();

  const offer = (said: string, caret: number): void => {
    const { replica } = store.getState();
    setOffered(complete(said, caret, replica, { namespaces: replica.partial?.namespaces ?? NO_NAMESPACES, labels }));
    setActive(null);
  };
  const take = ({ text: said, caret }: Completion): void => {
    type(said);
    offer(said, caret);
    caretAt.current = caret;
    input.current?.focus();
  };
  // Together with the text, not a frame later: otherwise a key typed in between would be inserted behind the caret.
  useLayoutEffect(() => {
    if (caretAt.current === null) return;
    input.current?.setSelectionRange(caretAt.current, caretAt.current);
    caretAt.current = null;
  });
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = active === null ? undefined : offered[active];
    if (step !== undefined && offered.length > 0) {
      event.preventDefault();
      const { length } = offered;
      setActive(active === null ? (step > 0 ? 0 : length - 1) : (active + step + length) % length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (chosen !== undefined) take(chosen);
      else {
        setOffered(NONE);
        send(text);
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
        <QueryHelp />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Query"
          aria-expanded={offered.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={active === null ? undefined : `${list}-${active}`}
          value={text}
          onChange={({ target }) => {
            type(target.value);
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
      <Offered id={list} offered={offered} active={active} onTake={take} />
    </div>
  );
}

const EXAMPLES = ['ns:core', 'node:8-6-52', 'eni managed:no', 'node room:0', 'subnet free<5%'];

function QueryHelp() {
  return (
    <span className="mb-1 block text-12 text-text3">
      Words, or{' '}
      {EXAMPLES.map((example) => (
        <span key={example}>
          <code className="font-mono whitespace-nowrap">{example}</code>
          {', '}
        </span>
      ))}
      <code className="font-mono">-</code> negates
    </span>
  );
}

interface OfferedProps {
  readonly id: string;
  readonly offered: readonly Completion[];
  readonly active: number | null;
  readonly onTake: (completion: Completion) => void;
}

function Offered({ id, offered, active, onTake }: OfferedProps) {
  return (
    <ul
      id={id}
      role="listbox"
      aria-label="What can be typed next"
      hidden={offered.length === 0}
      className="scroll-thin absolute inset-x-0 z-10 mt-1 max-h-64 overflow-auto rounded-md border border-edge bg-surface p-1 shadow-md"
    >
      {offered.map((one, index) => (
        <li
          key={one.label}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(one)}
          className={cx('flex gap-2 rounded-sm px-2 py-1 text-12', index === active ? 'bg-sunk' : 'hover:bg-sunk')}
        >
          <code className="shrink-0 font-mono font-semibold">{one.label}</code>
          <span className="min-w-0 truncate text-text3">{one.about}</span>
        </li>
      ))}
    </ul>
  );
}
