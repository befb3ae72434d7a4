/** Questions about the selection, each answered in one sentence with its evidence. */
import { useState } from 'react';
import { QUESTIONS, questionsAbout, type QuestionId, type SubjectKind } from '../../lib/explain/catalogue';
import { useExplanation } from '../../lib/client/hooks-explain';
import { kindOfId } from '../../lib/model/ids';
import { useIsDocument } from '../../lib/client/hooks-document';
import { Copy } from '../ui/Copy';
import { Grade } from '../ui/Grade';
import { LongText } from '../ui/LongText';
import { RecordLink, Section } from './parts';

/** The noun for the selection in a question. */
const THIS: Readonly<Record<SubjectKind, string>> = {
  pod: 'this pod',
  interface: 'this interface',
  node: 'this node',
  eni: 'this ENI',
  subnet: 'this subnet',
  network: 'this network',
  address: 'this address',
  mac: 'this MAC',
  finding: 'this finding',
};

interface AboutProps {
  readonly kind: SubjectKind;
  readonly id: string;
}

/**
 * Why a pod has no address, answered without a click. `seen`: what the page shows of it; a change requests the answer
 * again.
 */
export function WhyNoAddress({ id, seen }: { readonly id: string; readonly seen: string }) {
  return (
    <Section title="Why does this pod have no address?">
      <AnswerOf kind="pod" id={id} question="address" seen={seen} />
    </Section>
  );
}

/** The other questions about the selection; a click answers one. */
export function Questions({ kind, id, without }: AboutProps & { readonly without?: QuestionId }) {
  const isDocument = useIsDocument();
  const [open, setOpen] = useState<ReadonlySet<QuestionId>>(() => new Set(isDocument ? questionsAbout(kind) : []));
  const toggle = (question: QuestionId): void =>
    setOpen((before) =>
      before.has(question) ? new Set([...before].filter((one) => one !== question)) : new Set([...before, question]),
    );
  return (
    <Section title="Questions">
      <ul className="text-12">
        {questionsAbout(kind)
          .filter((question) => question !== without)
          .map((question) => (
            <li key={question} className="border-b border-line py-1.5 last:border-b-0">
              <button
                type="button"
                aria-expanded={open.has(question)}
                onClick={() => toggle(question)}
                className="flex w-full gap-1.5 rounded-sm text-left hover:underline"
              >
                <span aria-hidden className="text-text3">
                  {open.has(question) ? '▾' : '▸'}
                </span>
                {QUESTIONS[question].asked(THIS[kind])}
              </button>
              {open.has(question) && <AnswerOf kind={kind} id={id} question={question} seen="" />}
            </li>
          ))}
      </ul>
    </Section>
  );
}

type AnswerProps = AboutProps & { readonly question: QuestionId; readonly seen: string };

function AnswerOf({ kind, id, question, seen }: AnswerProps) {
  const isDocument = useIsDocument();
  const { data, error } = useExplanation(`${kind} ${id} ${question}`, seen);
  const answer = data?.[0];
  if (answer === undefined)
    return (
      <p className="mt-1 text-12 text-text2">
        {error !== null
          ? `No answer: ${error.message}`
          : data === undefined
            ? 'Asking the server …'
            : 'It is not in the server’s records any more.'}
      </p>
    );
  return (
    <div className="mt-1 text-12 break-words">
      <p>
        <LongText text={answer.sentence} />{' '}
        {answer.certainty !== 'observed' && (
          <span className="text-text2">
            (<Grade certainty={answer.certainty} />)
          </span>
        )}
      </p>
      {answer.evidence.length > 0 && (
        <details className="mt-1" open={isDocument}>
          <summary className="text-text2">Evidence · {answer.evidence.length + answer.more}</summary>
          <ul className="mt-1 list-disc pl-4 text-text2">
            {answer.evidence.map(({ id: about, text }, index) => (
              <li key={index}>
                <LongText text={text} />{' '}
                {about !== null && about !== id && kindOfId(about) !== null && <RecordLink id={about}>show</RecordLink>}
              </li>
            ))}
            {answer.more > 0 && <li>and {answer.more} more</li>}
          </ul>
        </details>
      )}
      {answer.advice !== null && <p className="mt-1">{answer.advice}</p>}
      {answer.command !== null && <Copy text={answer.command} label="Copy the command of this answer" />}
      {answer.unsure.map((reason) => (
        <p key={reason} className="mt-1 text-text2">
          Not certain: {reason}
        </p>
      ))}
    </div>
  );
}
