import type { Certainty } from '../../lib/model/records';

const WORD: Readonly<Record<Certainty, string>> = { observed: 'observed', inferred: '~ inferred', unknown: 'unknown' };

/** The certainty of a fact; starts every line of "How we know". */
export function Grade({ certainty }: { readonly certainty: Certainty }) {
  return <span className={certainty === 'observed' ? 'font-semibold text-ink' : 'text-text2'}>{WORD[certainty]}</span>;
}
