/** Findings that a reader has put aside, each with a reason: all of a rule, or one. They are in the address, as `KEY=reason`. */
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

/** A mute as the address of the page has it. */
export const formatMute = ({ key, reason }: Mute): string => `${key}=${reason.trim().slice(0, LONGEST_REASON)}`;

/** One mute for each key, the last that was given. */
export const mutesOf = (texts: readonly string[]): ReadonlyMap<string, Mute> =>
  new Map(texts.flatMap((text) => readMute(text) ?? []).map((mute) => [mute.key, mute]));

/** What puts a finding aside; undefined for one that is shown. Its own reason comes before its rule's. */
export const muteFor = (
  mutes: ReadonlyMap<string, Mute>,
  { id, rule }: Pick<FindingRecord, 'id' | 'rule'>,
): Mute | undefined => mutes.get(id) ?? mutes.get(rule);

/** The texts with one more mute in them, or without the one of a key. */
export const withMute = (texts: readonly string[], mute: Mute): readonly string[] => [
  ...withoutMute(texts, mute.key),
  formatMute(mute),
];
/** The mutes without that of a key. */
export const withoutMute = (texts: readonly string[], key: string): readonly string[] =>
  texts.filter((text) => readMute(text)?.key !== key);
