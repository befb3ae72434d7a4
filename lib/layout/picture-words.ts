import { counted } from '../model/counted';
import type { ViewSource } from '../view/view-source';
import { commonName } from '../view/node-names';

/** The tables that are counted, in order. */
const NOUNS = [
  ['nodes', 'node'],
  ['enis', 'ENI'],
  ['pods', 'pod'],
  ['interfaces', 'pod interface'],
  ['findings', 'finding'],
] as const;

/** The text alternative of the whole picture. A table without records is left out, because it may not be known. */
export function pictureWords(source: ViewSource): { readonly title: string; readonly description: string } {
  const { cluster, records } = source;
  const name = cluster.name ?? 'cluster without a name';
  const demo = cluster.demo ? ' (demo data)' : '';
  const shared = commonName(records.nodes.values());
  const names = shared === null ? '' : ` Node names are ${shared.prefix}…${shared.suffix}.`;
  return {
    title: `ifscope: ${name}${demo}`,
    description: `${NOUNS.flatMap(([table, noun]) => {
      const { size } = records[table];
      return size === 0 ? [] : counted(size, noun);
    }).join(', ')}.${names}`,
  };
}
