/** Sources that are not live, or not complete, and could change an answer. */
import type { SourceId } from '../../model/source-id';
import { RIGHTS } from '../../model/source-ids';
import type { SourceRecord } from '../../model/records';

/**
 * One line per source, with state and reason. Sources that ifscope does not have are not named. Data that the viewer
 * may not see could change any answer.
 */
export const unsureOf = (sources: ReadonlyMap<string, SourceRecord>, ids: readonly SourceId[]): readonly string[] =>
  [...ids, RIGHTS].flatMap((id) => {
    const source = sources.get(id);
    if (source === undefined || (source.state === 'live' && !source.partial)) return [];
    return [
      `${id} is ${source.partial ? 'incomplete' : source.state}${source.reason === null ? '' : `: ${source.reason}`}`,
    ];
  });
