/**
 * The page in one file with a snapshot: it opens without ifscope and without a network. The built page has three marks,
 * which are filled here. The snapshot is gzipped and base64-encoded, so that the file contains no text of the cluster
 * except in its title, escaped.
 */
import { freshnessOf } from '../layout/caption';
import { escapeXml } from '../model/escape-xml';
import { exactTime } from '../view/age';
import type { ViewSource } from '../view/view-source';
import type { ExportFormat } from './format';

/** The page in one file. */
export const html: ExportFormat = {
  id: 'html',
  mediaType: 'text/html; charset=utf-8',
  title: 'HTML',
  about: 'this page in one file, opens offline',
  holds: 'page',
};

/** Marks in the built page (`lib/cli/page/offline.ts`). */
export const MARKS = {
  title: '<!--ifscope:title-->',
  about: '<!--ifscope:about-->',
  snapshot: '<!--ifscope:snapshot-->',
};

/**
 * The texts before and after the packed snapshot (base64). `takenAt`: RFC 3339. Throws if the text is not a page of
 * this build.
 */
export function aroundSnapshot(
  page: string,
  source: ViewSource,
  takenAt: string,
): readonly [before: string, after: string] {
  const { name, demo } = source.cluster;
  const title = [
    `${name ?? 'cluster without a name'}${demo ? ' (demo)' : ''}`,
    `snapshot of ${exactTime(takenAt) ?? 'an unknown time'}`,
    freshnessOf(source).words,
    'ifscope',
  ].join(' · ');
  const about = `A snapshot of ${name ?? 'a cluster without a name'}, taken ${exactTime(takenAt) ?? 'at an unknown time'}. At that moment: ${freshnessOf(source).words}.`;
  const [head, rest] = splitAt(page, MARKS.title);
  const [body, data] = splitAt(rest, MARKS.about);
  const [lead, after] = splitAt(data, MARKS.snapshot);
  return [`${head}${escapeXml(title)}${body}${escapeXml(about)}${lead}`, after];
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`the built page lacks ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
