/** Muted findings, each with a reason: all findings of a rule, or one finding. Stored in the URL as `KEY=reason`. */
import type { FindingRecord } from '../model/records';

/** A rule or a finding that is muted. */
export interface Mute {
  /** A rule id or a finding id. */
  readonly key: string;
  readonly reason: string;
}

const LONGEST_REASON = 200;

/** Parses a mute; null without a key or a reason. */
export function readMute(text: string): Mute | null {
  const at = text.indexOf('=');
  const reason = text
    .slice(at + 1)
    .trim()
    .slice(0, LONGEST_REASON);
  return at < 1 || reason === '' ? null : { key: text.slice(0, at), reason };
}

/** A mute as it is written in the URL. */
export const formatMute = ({ key, reason }: Mute): string => `${key}=${reason.trim().slice(0, LONGEST_REASON)}`;

/** The mutes by key; the last one wins if a key occurs several times. */
export const mutesOf = (texts: readonly string[]): ReadonlyMap<string, Mute> =>
  new Map(texts.flatMap((text) => readMute(text) ?? []).map((mute) => [mute.key, mute]));

/** The mute of a finding; undefined if it is shown. A mute of the finding takes precedence over one of its rule. */
export const muteFor = (
  mutes: ReadonlyMap<string, Mute>,
  { id, rule }: Pick<FindingRecord, 'id' | 'rule'>,
): Mute | undefined => mutes.get(id) ?? mutes.get(rule);

/** The texts with a mute added; it replaces a mute of the same key. */
export const withMute = (texts: readonly string[], mute: Mute): readonly string[] => [
  ...withoutMute(texts, mute.key),
  formatMute(mute),
];
/** The texts without the mute of a key. */
export const withoutMute = (texts: readonly string[], key: string): readonly string[] =>
  texts.filter((text) => readMute(text)?.key !== key);
