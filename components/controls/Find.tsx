'use client';
/** The front door: anything that has a name or a number is found here, and answered with the path to its owner. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent } from 'react';
import { useGo, usePageState, useSelect } from '../../lib/client/hooks';
import { useLookup, useSettled } from '../../lib/client/hooks-lookup';
import { kindWord } from '../../lib/client/selection';
import { kindOfId } from '../../lib/model/ids';
import type { Hit } from '../../lib/view/lookup/answer';
import { Dialog } from '../ui/Dialog';
import { cx } from '../ui/classes';

const TYPING_MS = 120;

/** Answers outlive the dialog for a minute. Made here, so that the first picture need not wait for the library. */
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, gcTime: 60_000 } } });

export function Find(props: { readonly onClose: () => void }) {
  return (
    <QueryClientProvider client={queries}>
      <Finder {...props} />
    </QueryClientProvider>
  );
}

function Finder({ onClose }: { readonly onClose: () => void }) {
  const typed = usePageState((page) => page.search);
  const go = useGo();
  const { show } = useSelect();
  const list = useId();
  const [active, setActive] = useState(0);
  const asked = useSettled(typed.trim(), TYPING_MS);
  const { data, error, isFetching } = useLookup(asked);
  const hits = asked === '' ? [] : (data?.hits ?? []);
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
      <div className="scroll-thin min-h-0 overflow-auto p-2">
        <ul role="listbox" id={list} aria-label="Answers">
          {hits.map((hit, index) => (
            <Answer
              key={`${hit.kind} ${hit.id} ${index}`}
              id={`${list}-${index}`}
              hit={hit}
              active={index === current}
              onPoint={() => setActive(index)}
              onChoose={() => choose(hit)}
            />
          ))}
        </ul>
        <div role="status" className="px-2 py-1.5 text-12 text-text2">
          {asked === '' && 'Type a name, an address, a range, a MAC, an ENI, an instance or a subnet.'}
          {asked !== '' && data === undefined && isFetching && `Asking the server for “${asked}” …`}
          {error !== null && `No answer: ${error.message}`}
          {asked !== '' && data?.note}
          {data !== undefined && asked !== '' && data.total > hits.length && (
            <p>{`${data.total - hits.length} more; type more of the name.`}</p>
          )}
          {asked !== '' &&
            data?.unsure.map((line) => <p key={line} className="mt-1 text-warn">{`Not sure: ${line}`}</p>)}
        </div>
      </div>
    </Dialog>
  );
}

interface AnswerProps {
  readonly id: string;
  readonly hit: Hit;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

function Answer({ id, hit, active, onPoint, onChoose }: AnswerProps) {
  const kind = kindOfId(hit.id);
  const [first, ...rest] = hit.path;
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      ref={(row) => {
        if (active) row?.scrollIntoView({ block: 'nearest' });
      }}
      onPointerMove={active ? undefined : onPoint}
      onClick={onChoose}
      className={cx('flex gap-3 rounded-md px-2 py-1.5', active && 'bg-sunk')}
    >
      <span className="w-20 shrink-0 text-12 text-text3">{kind === null ? '' : kindWord(kind)}</span>
      <span className="min-w-0 text-13">
        <b className="font-semibold break-all">{first?.text ?? hit.id}</b>
        {rest.map((step, index) => (
          <span key={index} className="text-text2">
            {' · '}
            {step.text}
          </span>
        ))}
      </span>
    </li>
  );
}
