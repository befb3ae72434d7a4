/** The text of an empty view whose source has not answered. */
import type { SourceRecord } from '../model/records';
import { sentence } from './full-stop';
import { isUnknown } from './missing';
import type { ViewFacts } from './views';

/** A title and one sentence. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

const WAITING: Partial<Readonly<Record<SourceRecord['state'], string>>> = {
  starting: 'It has not answered yet.',
  failing: 'ifscope keeps trying.',
  denied: 'Grant ifscope read access to see them.',
};

/** Why a view's content is not known; null once its source has answered. `source`: the record of that source. */
export function unknownNotice({ table, source: id }: ViewFacts, source: SourceRecord | undefined): Notice | null {
  if (source === undefined || !isUnknown(source)) return null;
  const what = table ?? 'records';
  const title = `${what === 'enis' ? 'ENIs' : `${what.charAt(0).toUpperCase()}${what.slice(1)}`} are not known${source.state === 'starting' ? ' yet' : ''}`;
  const reason = sentence(source.reason ?? `The source ${id} is ${source.state}`);
  return { title, text: [reason, WAITING[source.state]].filter((part) => part !== undefined).join(' ') };
}
