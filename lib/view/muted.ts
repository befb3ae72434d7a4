/** Muted findings, each with a reason: all of a rule, or one. They are kept in the URL, as `KEY=reason`. */
import type { FindingRecord } from '../model/records';

/** A rule or a finding that is muted. */
export interface Mute {
  /** A rule, or the id of a finding. */
  readonly key: string;
  readonly reason: string;
}

const LONGEST_REASON = 200;

/** Null for a text without a key or a reason. */
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

/** The mutes by key; of several for one key, the last. */
export const mutesOf = (texts: readonly string[]): ReadonlyMap<string, Mute> =>
  new Map(texts.flatMap((text) => readMute(text) ?? []).map((mute) => [mute.key, mute]));

/** The mute of a finding; undefined for one that is shown. A mute of the finding itself takes precedence over one of its rule. */
export const muteFor = (
  mutes: ReadonlyMap<string, Mute>,
  { id, rule }: Pick<FindingRecord, 'id' | 'rule'>,
): Mute | undefined => mutes.get(id) ?? mutes.get(rule);

/** The texts with a mute added, which replaces one of the same key. */
export const withMute = (texts: readonly string[], mute: Mute): readonly string[] => [
  ...withoutMute(texts, mute.key),
  formatMute(mute),
];
/** The texts without the mute of a key. */
export const withoutMute = (texts: readonly string[], key: string): readonly string[] =>
  texts.filter((text) => readMute(text)?.key !== key);
