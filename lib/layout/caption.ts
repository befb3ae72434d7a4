/**
 * The caption below an exported picture: cluster, time, and age of the data. It depends on the records alone, so the
 * same data give the same bytes.
 */
import { exactDuration, exactTime } from '../view/age';
import type { ViewSource } from '../view/view-source';
import type { Picture } from './picture/mark';
import { BODY, bold, centred, clippedSpan, createMarkWriter, span } from './picture/mark-writer';
import { spansWidth } from './picture/text';

/** Pixels. */
const HEIGHT = 34;
const PAD = 12;

interface Freshness {
  /** When the newest source answered; null when none has. */
  readonly asOf: string | null;
  readonly words: string;
}

/** The time of the records, and the sources that were outdated or silent at that time. */
export function freshnessOf({ records }: Pick<ViewSource, 'records'>): Freshness {
  const sources = [...records.sources.values()].filter(({ state }) => state !== 'absent' && state !== 'off');
  const times = sources.flatMap(({ id, asOf }) => (asOf === null ? [] : [{ id, at: Date.parse(asOf) }]));
  const newest = times.reduce((most, { at }) => Math.max(most, at), -Infinity);
  const oldest = times.reduce<(typeof times)[number] | null>((a, b) => (a === null || b.at < a.at ? b : a), null);
  const live = sources.filter(({ state }) => state === 'live' || state === 'behind').length;
  const troubled = sources.filter(({ state }) => state !== 'live' && state !== 'behind');
  const [first] = troubled;
  const parts = [`${live} of ${sources.length} sources live`];
  if (first !== undefined)
    parts.push(`${first.id} ${first.state}${troubled.length > 1 ? ` and ${troubled.length - 1} more` : ''}`);
  const behind = oldest === null ? 0 : Math.round((newest - oldest.at) / 1000);
  if (oldest !== null && behind > 0) parts.push(`the oldest answer is ${exactDuration(behind)} older (${oldest.id})`);
  return { asOf: times.length === 0 ? null : new Date(newest).toISOString(), words: parts.join(' · ') };
}

/** The picture with its caption. `about`: the part of the cluster it shows; null for all of it. */
export function captioned(picture: Picture, source: ViewSource, about: string | null = null): Picture {
  const { asOf, words } = freshnessOf(source);
  const { width, height, title } = picture;
  const when = `as of ${exactTime(asOf) ?? 'an unknown time'}`;
  const y = centred(height + HEIGHT / 2, BODY);
  const name = clippedSpan(about === null ? title : `${title} · ${about}`, BODY, width - 2 * PAD, bold('', 'ink'));
  const used = spansWidth(name, BODY);
  const rest = clippedSpan(`${when} · ${words}`, BODY, width - 3 * PAD - used, span('', 'text2'));
  const draw = createMarkWriter({ scale: 1, x: 0, y: 0 });
  draw.rect('caption', null, { x: 0, y: height, w: width, h: HEIGHT }, { fill: 'surface' });
  draw.text('caption-title', null, PAD, y, BODY, name);
  draw.text('caption-when', null, width - PAD, y, BODY, rest, 'end');
  const marks = [...picture.marks, ...draw.marks];
  return { ...picture, height: height + HEIGHT, description: `${picture.description} ${when}, ${words}.`, marks };
}
