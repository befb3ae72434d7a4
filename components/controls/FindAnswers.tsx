'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useClientState } from '../../lib/client/hooks';
import { useLookup, useSettled } from '../../lib/client/hooks-lookup';
import { kindWord } from '../../lib/view/selection';
import { kindOfId } from '../../lib/model/ids';
import type { Hit } from '../../lib/view/lookup/answer';
import { cx } from '../ui/classes';
import { useCalm } from '../hooks/useCalm';

interface Props {
  /** Id of the list; each answer is `LIST-INDEX`. */
  readonly list: string;
  readonly typed: string;
  readonly active: number;
  readonly onHits: (hits: readonly Hit[]) => void;
  readonly onPoint: (index: number) => void;
  readonly onChoose: (hit: Hit) => void;
}

/** Answers are kept for a minute after the dialog closes. */
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, gcTime: 60_000 } } });

const TYPING_MS = 120;
/** Least time between two searches for the same text while the cluster changes. */
const AGAIN_MS = 1000;
const NONE: readonly Hit[] = [];

export function FindAnswers(props: Props) {
  return (
    <QueryClientProvider client={queries}>
      <Answers {...props} />
    </QueryClientProvider>
  );
}

function Answers({ list, typed, active, onHits, onPoint, onChoose }: Props) {
  const asked = useSettled(typed.trim(), TYPING_MS);
  const version = useClientState((state) => `${state.epoch}.${state.version}`);
  const { data, error, isFetching } = useLookup(asked, useCalm(version, AGAIN_MS));
  const hits = asked === '' ? NONE : (data?.hits ?? NONE);
  useEffect(() => onHits(hits), [hits, onHits]);
  return (
    <div role="group" aria-label="Answers and notes" tabIndex={0} className="scroll-thin min-h-0 overflow-auto p-2">
      <ul role="listbox" id={list} aria-label="Answers">
        {hits.map((hit, index) => (
          <Answer
            key={`${hit.kind} ${hit.id} ${index}`}
            id={`${list}-${index}`}
            hit={hit}
            active={index === active}
            onPoint={() => onPoint(index)}
            onChoose={() => onChoose(hit)}
          />
        ))}
      </ul>
      <div role="status" className="px-2 py-1.5 text-12 text-text2">
        {asked === '' && 'Type a name, an address, a range, a MAC, an ENI, an instance or a subnet.'}
        {asked !== '' && data === undefined && isFetching && `Searching for “${asked}”…`}
        {error !== null && `Search failed: ${error.message}`}
        {asked !== '' && data?.note}
        {data !== undefined && asked !== '' && data.total > hits.length && (
          <p>{`${data.total - hits.length} more. Type more to narrow the list.`}</p>
        )}
        {asked !== '' &&
          data?.unsure.map((line) => <p key={line} className="mt-1 text-warn">{`Not certain: ${line}`}</p>)}
      </div>
    </div>
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
