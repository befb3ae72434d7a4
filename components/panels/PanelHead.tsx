import type { ReactNode } from 'react';
import { usePageState, useSelect } from '../../lib/client/hooks';
import { recordHref, useIsDocument } from '../../lib/client/hooks-document';
import { recordPath } from '../../lib/view/record-path';
import { labelOf } from '../../lib/view/record-label';
import { Button } from '../ui/Button';
import { LongText } from '../ui/LongText';

/** Maximum characters of a title; the longest sentence of a finding is shorter, a name may be longer. */
const LONG_TITLE = 180;

interface Props {
  /** The line above the title: `Pod · namespace core`. */
  readonly kind: string;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Title and actions of a panel, or the heading of a document. */
export const PanelHead = (props: Props) => (useIsDocument() ? <DocumentHead {...props} /> : <DetailsHead {...props} />);

/** The heading of a record's own page. */
const DocumentHead = ({ kind, title, children }: Props) => (
  <div>
    <p className="text-13 break-words text-text2">{kind}</p>
    <h1 className="text-20 font-bold wrap-anywhere">
      <LongText text={title} />
    </h1>
    {children !== undefined && <p className="mt-0.5 text-13 break-words text-text2">{children}</p>}
  </div>
);

function DetailsHead({ kind, title, children }: Props) {
  const stack = usePageState((page) => page.selection);
  const { back, close } = useSelect();
  const before = stack.at(-2);
  const entry = stack.at(-1) ?? '';
  return (
    <div>
      {before !== undefined && (
        <Button look="link" className="mb-2 max-w-full truncate text-12!" aria-keyshortcuts="Backspace" onClick={back}>
          ‹ Back to {labelOf(before)}
        </Button>
      )}
      <div className="flex items-baseline justify-between gap-3">
        <p className="min-w-0 text-12 break-words text-text2">{kind}</p>
        <Button
          look="plain"
          className="-mr-2 h-6! shrink-0 text-12! text-text2"
          aria-keyshortcuts="Escape"
          onClick={close}
        >
          <span aria-hidden>✕</span>
          <span className="sr-only">Close details,</span> Esc
        </Button>
      </div>
      {title.length <= LONG_TITLE ? (
        <h2 className="text-18 font-bold wrap-anywhere">{title}</h2>
      ) : (
        <>
          <h2 className="text-18 font-bold wrap-anywhere">{title.slice(0, LONG_TITLE)}…</h2>
          <div className="text-12 wrap-anywhere">
            <LongText text={title} beginning={false} />
          </div>
        </>
      )}
      {children !== undefined && <p className="mt-0.5 text-12 break-words text-text2">{children}</p>}
      {recordPath(entry) !== null && (
        <a
          href={recordHref(entry)}
          className="mt-0.5 inline-block rounded-sm text-12 text-text2 underline decoration-line underline-offset-3 hover:decoration-ink"
        >
          Open as a page
        </a>
      )}
    </div>
  );
}
