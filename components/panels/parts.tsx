/** The building blocks of the details panels. */
import { useState, type ReactNode } from 'react';
import { kindOfId } from '../../lib/model/ids';
import { useNodeName, useServerNow, useSelect } from '../../lib/client/hooks';
import { recordHref, useDocument, useIsDocument } from '../../lib/client/hooks-document';
import { recordPath } from '../../lib/view/record-path';
import { ageOf, exactTime } from '../../lib/view/age';
import { labelOf } from '../../lib/view/record-label';
import type { Certainty } from '../../lib/model/records';
import type { NamedFact } from '../../lib/view/record-facts';
import { Button } from '../ui/Button';
import { cx } from '../ui/classes';
import { Grade, GradeMeanings } from '../ui/Grade';
import { LongText } from '../ui/LongText';

/** A section of a panel; in a document, a chapter. */
export function Section({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  const isDocument = useIsDocument();
  return (
    <section className={isDocument ? 'mt-7 break-inside-avoid-page' : 'mt-5'}>
      {isDocument ? (
        <h2 className="mb-1.5 border-b border-line pb-1 text-14 font-semibold">{title}</h2>
      ) : (
        <h3 className="mb-1 text-13 font-semibold">{title}</h3>
      )}
      {children}
    </section>
  );
}

/** A missing value is a word, never an empty cell. */
export function Unknown({ children = 'not known' }: { readonly children?: string }) {
  return <span className="text-text3">{children}</span>;
}

/** A list of facts. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="text-12">{children}</dl>;
}

interface FactProps {
  readonly name: string;
  /** Null and the empty string are shown as "not known". */
  readonly children: ReactNode;
  readonly mono?: boolean;
}

/** A fact; without a value it is shown as "not known". */
export function Fact({ name, children, mono = false }: FactProps) {
  const isDocument = useIsDocument();
  const missing = children === null || children === undefined || children === '';
  return (
    <div
      className={cx(
        'grid gap-x-3 border-b border-line py-1.5 last:border-b-0',
        isDocument ? 'grid-cols-[92px_1fr] md:grid-cols-[160px_1fr]' : 'grid-cols-[92px_1fr]',
      )}
    >
      <dt className="text-text2">{name}</dt>
      <dd className={mono && !missing ? 'min-w-0 font-mono break-words' : 'min-w-0 break-words'}>
        {missing ? <Unknown /> : typeof children === 'string' ? <LongText text={children} /> : children}
      </dd>
    </div>
  );
}

/** Each fact with its lines. */
export function NamedFacts({ facts }: { readonly facts: readonly NamedFact[] }) {
  return facts.map(({ name, lines }) => (
    <Fact key={name} name={name}>
      {lines.map((line) => (
        <div key={line} className="wrap-anywhere">
          <LongText text={line} />
        </div>
      ))}
    </Fact>
  ));
}

/** A fact in the font of addresses, ids and commands. */
export const MonoFact = (props: FactProps) => <Fact {...props} mono />;

/** Maximum length of a link's label; its title has the full text. */
const LONG_LABEL = 253;

/** Opens another record and keeps the way back; in a document, a link. Null is shown as "not known". */
export function RecordLink({ id, children }: { readonly id: string | null; readonly children?: ReactNode }) {
  const { push } = useSelect();
  const nodeName = useNodeName();
  const document = useDocument();
  if (id === null) return <Unknown />;
  // The map shows the shared part of node names once; a document does not.
  const label = kindOfId(id) === 'node' && document === null ? nodeName(id) : labelOf(id);
  const short = label.length > LONG_LABEL ? `${label.slice(0, LONG_LABEL)}…` : label;
  // A workload has no record to open.
  if (kindOfId(id) === null) return <>{children ?? short}</>;
  // A document does not link to itself.
  if (document !== null && recordPath(id) === recordPath(document)) return <>{children ?? short}</>;
  if (document !== null)
    return (
      <a
        href={recordHref(id)}
        title={children === undefined ? id : undefined}
        className="rounded-sm wrap-anywhere underline decoration-line underline-offset-3 hover:decoration-ink"
      >
        {children ?? short}
      </a>
    );
  return (
    <Button
      look="link"
      className="max-w-full text-12! wrap-anywhere whitespace-normal!"
      title={children === undefined ? id : undefined}
      onClick={() => push(id)}
    >
      {children ?? short}
    </Button>
  );
}

/** The age of a time, kept up to date. */
export function Since({ at }: { readonly at: string | null }) {
  const now = useServerNow();
  const age = ageOf(at, now);
  if (age === null) return <Unknown />;
  return <span title={exactTime(at) ?? undefined}>{age} ago</span>;
}

/** How a fact is known, and its certainty. */
export interface KnownLine {
  readonly certainty: Certainty;
  readonly text: string;
  /** Records that remain possible, or that contradict the fact. */
  readonly candidates?: readonly string[];
}

/** "How we know": each line starts with its certainty. */
export function Known({ lines }: { readonly lines: readonly KnownLine[] }) {
  return (
    <>
      <ul className="text-12">
        {lines.map((line) => (
          <li key={`${line.certainty} ${line.text}`} className="grid grid-cols-[72px_1fr] gap-x-2 py-0.5">
            <Grade certainty={line.certainty} />
            <span className="min-w-0 break-words text-text2">
              <LongText text={line.text} />
              {line.candidates !== undefined && line.candidates.length > 0 && (
                <span className="block">
                  Possible:{' '}
                  {line.candidates.map((id, index) => (
                    <span key={id}>
                      {index > 0 && ', '}
                      <RecordLink id={id} />
                    </span>
                  ))}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <GradeMeanings certainties={lines.map(({ certainty }) => certainty)} />
    </>
  );
}

const SHOWN_FIRST = 5;
/** A document is complete, because it may be printed. */
const SHOWN_IN_DOCUMENT = 1000;
/** Number of items added per step: a finding may concern thousands of records, each of them a button. */
const STEP = 100;

interface MoreProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
  readonly none: string;
  readonly first?: number;
}

/** The first items, then more on demand; the remaining ones are counted. */
export function More<T>({ items, keyOf, children, none, first = SHOWN_FIRST }: MoreProps<T>) {
  const [steps, setSteps] = useState(0);
  const isDocument = useIsDocument();
  if (items.length === 0) return <p className="text-12 text-text3">{none}</p>;
  const wanted = (isDocument ? SHOWN_IN_DOCUMENT : first) + steps * STEP;
  const shown = items.length <= wanted + 1 ? items : items.slice(0, wanted);
  const rest = items.length - shown.length;
  return (
    <>
      <ul className="text-12">
        {shown.map((item) => (
          <li
            key={keyOf(item)}
            className="flex items-baseline justify-between gap-3 border-b border-line py-1 last:border-b-0"
          >
            {children(item)}
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Button look="link" className="mt-1 text-12!" onClick={() => setSteps(steps + 1)}>
          {rest > STEP + 1 ? `Show ${STEP} of ${rest.toLocaleString('en')} more` : `Show ${rest} more`}
        </Button>
      )}
    </>
  );
}

interface TagsProps {
  readonly title?: string;
  /** Null if unknown. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** The EC2 tags or Kubernetes labels of a record. */
export function Tags({ title = 'Tags', tags }: TagsProps) {
  const entries = Object.entries(tags ?? {});
  const none = tags === null ? 'Not known.' : `No ${title.toLowerCase()}.`;
  return (
    <Section title={tags === null ? title : `${title} · ${entries.length}`}>
      <More items={entries} keyOf={([key]) => key} none={none} first={8}>
        {([key, value]) => (
          <>
            <code className="min-w-0 font-mono text-text2">{key}</code>
            <code className="min-w-0 text-right font-mono">{value === '' ? '(empty)' : value}</code>
          </>
        )}
      </More>
    </Section>
  );
}

/** `yes`, `no` or `not known`. */
export function YesNo({ value }: { readonly value: boolean | null }) {
  return value === null ? <Unknown /> : value ? 'yes' : 'no';
}

/** Parts of a record that could not be read. */
export function Problems({ problems }: { readonly problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <Section title={`Problems · ${problems.length}`}>
      <ul className="list-disc pl-4 text-12 break-words text-text2">
        {problems.map((problem) => (
          <li key={problem}>
            <LongText text={problem} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
