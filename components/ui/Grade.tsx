import type { Certainty } from '../../lib/model/records';

const WORD: Readonly<Record<Certainty, string>> = {
  observed: 'observed',
  inferred: '~\u00a0inferred',
  unknown: 'unknown',
};

const MEANS: Readonly<Record<Certainty, string>> = {
  observed: 'reported by an API',
  inferred: 'concluded from the evidence by a rule',
  unknown: 'nothing reports it, or several answers remain',
};

/** The certainty of a fact; starts every line of "How we know". */
export function Grade({ certainty }: { readonly certainty: Certainty }) {
  return (
    <span
      title={`${certainty}: ${MEANS[certainty]}`}
      className={certainty === 'observed' ? 'font-semibold text-ink' : 'text-text2'}
    >
      {WORD[certainty]}
    </span>
  );
}

/** Explains the certainty words shown above it. */
export function GradeMeanings({ certainties }: { readonly certainties: readonly Certainty[] }) {
  const used = (['observed', 'inferred', 'unknown'] as const).filter((one) => certainties.includes(one));
  if (used.length === 0) return null;
  return <p className="mt-1 text-12 text-text3">{`${used.map((one) => `${one}: ${MEANS[one]}`).join(' · ')}.`}</p>;
}
