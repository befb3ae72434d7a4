import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useClient, useClientState, useSelect } from '../../lib/client/hooks';
import { useLabelTexts } from '../../lib/client/hooks-labels';
import { useLookup, useSettled } from '../../lib/client/hooks-lookup';
import { cx } from '../ui/classes';
import { useThrottled } from '../hooks/useThrottled';
import { findOptions, type FindOption } from './find-options';

interface Props {
  /** Id of the list; each option is `LIST-INDEX`. */
  readonly list: string;
  readonly typed: string;
  readonly options: readonly FindOption[];
  readonly active: number;
  /** The text for which `options` is complete. */
  readonly listed: string | null;
  /** `text`: the typed text once these are all its options; null before. */
  readonly onOptions: (options: readonly FindOption[], text: string | null) => void;
  readonly onPoint: (index: number) => void;
  readonly onChoose: (option: FindOption) => void;
}

/** Answers are kept for a minute after the dialog closes. */
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, gcTime: 60_000 } } });

const TYPING_MS = 120;
/** Minimum time between two searches for the same text while the cluster changes, in milliseconds. */
const AGAIN_MS = 1000;
/** A label is being typed. */
const LABEL_TYPED = /(^|\s)-?label:\S*$/i;
const NO_LABELS: ReadonlySet<string> = new Set();

/** Answers of `lookup`, commands and notes for the typed text. */
export default function FindAnswers(props: Props) {
  return (
    <QueryClientProvider client={queries}>
      <Answers {...props} />
    </QueryClientProvider>
  );
}

function Answers({ list, typed, options, active, listed, onOptions, onPoint, onChoose }: Props) {
  const client = useClient();
  const { show } = useSelect();
  const text = typed.trim();
  const asked = useSettled(text, TYPING_MS);
  const version = useClientState((state) => `${state.epoch}.${state.version}`);
  const { data, error, isFetching, isPlaceholderData } = useLookup(asked, useThrottled(version, AGAIN_MS));
  const answer = text === '' || data === undefined ? null : data;
  // The answer's query has control and bidi characters escaped, so it may differ from the typed text.
  const isCurrent = asked === text && (error !== null || !isPlaceholderData);
  const isAnswered = answer?.query === text || (isCurrent && (answer !== null || error !== null));
  const [labels, setLabels] = useState(NO_LABELS);
  const offered = useMemo(() => {
    // While the answer is pending, the previous hits stay; the previous lists are left out, because they are for
    // another text.
    const found = answer === null || isAnswered ? answer : { ...answer, groups: [] };
    return findOptions(client, typed, found, show, labels);
  }, [client, typed, answer, isAnswered, show, labels]);
  /** The text in whose list the pointer moves. */
  const [pointedIn, setPointedIn] = useState<string | null>(null);
  // Nothing moves under the pointer, or under the mark of the arrow keys: the next click or Enter means what is there.
  const isHeld = listed === text && (active > 0 || pointedIn === text);
  const tell = useEffectEvent(() => {
    if (isHeld) return;
    const marked = options[active]?.key;
    onOptions(offered, isAnswered ? text : null);
    // Marked before the answer came: the same line is marked in its new place.
    if (active > 0) onPoint(Math.max(0, offered.map(({ key }) => key).indexOf(marked ?? '')));
  });
  useEffect(() => tell(), [offered, isAnswered, text, isHeld]);
  return (
    <div role="group" aria-label="Answers and notes" tabIndex={0} className="scroll-thin min-h-0 overflow-auto p-2">
      {LABEL_TYPED.test(typed) && <LabelTexts onTexts={setLabels} />}
      <ul
        role="listbox"
        id={list}
        aria-label="Answers"
        aria-busy={text !== '' && listed !== text}
        onPointerMove={() => setPointedIn(text)}
        onPointerLeave={() => {
          setPointedIn(null);
          onPoint(0);
        }}
      >
        {options.map((option, index) => (
          <Option
            key={option.key}
            id={`${list}-${index}`}
            option={option}
            active={index === active}
            onPoint={() => onPoint(index)}
            onChoose={() => onChoose(option)}
          />
        ))}
      </ul>
      <div role="status" className="px-2 py-1.5 text-12 text-text2">
        {asked === '' && <Hints />}
        {asked !== '' && data === undefined && isFetching && `Searching for “${asked}”…`}
        {error !== null && `Search failed: ${error.message}`}
        {/* No record has that name, but there are commands with that word. */}
        {asked !== '' &&
          data !== undefined &&
          (data.asked !== 'name' || data.hits.length > 0 || options.length === 0) && (
            <p className="first-letter:uppercase">{data.note}</p>
          )}
        {data !== undefined && asked !== '' && data.total > data.hits.length && (
          <p>{`${(data.total - data.hits.length).toLocaleString('en')} more. Type more, or list them.`}</p>
        )}
        {asked !== '' &&
          data?.unsure.map((line) => <p key={line} className="mt-1 text-warn">{`Not certain: ${line}`}</p>)}
      </div>
    </div>
  );
}

/** Gathers the labels of pods. This reads all pods, so it is done only while the user types a label. */
function LabelTexts({ onTexts }: { readonly onTexts: (texts: ReadonlySet<string>) => void }) {
  const texts = useLabelTexts();
  useEffect(() => onTexts(texts), [onTexts, texts]);
  return null;
}

const EXAMPLES = ['ns:', 'node:', 'net:', 'eni:', 'ip:10.0.0.0/24', 'state:warm', 'finding:error', 'subnet free<5%'];

function Hints() {
  return (
    <>
      Type a name, an address or a part of it, a MAC, an id, a tag, a command, what you look for (unmanaged, full nodes,
      no address, leaked, same address, errors, changed), or{' '}
      {EXAMPLES.map((example) => (
        <span key={example}>
          <code className="font-mono whitespace-nowrap">{example}</code>{' '}
        </span>
      ))}
      · <code className="font-mono">-</code> negates
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly option: FindOption;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

function Option({ id, option: { kind, main, more }, active, onPoint, onChoose }: OptionProps) {
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      title={more === '' ? main : `${main} · ${more}`}
      ref={(row) => {
        if (active) row?.scrollIntoView({ block: 'nearest' });
      }}
      onPointerMove={active ? undefined : onPoint}
      onClick={onChoose}
      className={cx('flex gap-3 rounded-md px-2 py-1.5', active && 'bg-sunk')}
    >
      <span className="w-16 shrink-0 text-12 text-text3 sm:w-20">{kind}</span>
      <span className="flex min-w-0 flex-1 text-13">
        <b className="max-w-4/5 shrink-0 truncate font-semibold">{main}</b>
        {more !== '' && <span className="min-w-0 truncate text-text2">{`\u00a0· ${more}`}</span>}
      </span>
    </li>
  );
}
