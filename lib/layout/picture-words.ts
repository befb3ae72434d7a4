import { counted } from '../model/counted';
import type { ViewSource } from '../view/view-source';
import { createSceneFacts } from './scene/facts';

/** The text alternative of the whole picture. */
export function pictureWords(source: ViewSource): { readonly title: string; readonly description: string } {
  const { cluster, records } = source;
  const name = cluster.name ?? 'cluster without a name';
  const demo = cluster.demo ? ' (demo data)' : '';
  const shared = createSceneFacts(source, new Map()).common;
  const names = shared === null ? '' : ` Node names are ${shared.prefix}…${shared.suffix}.`;
  return {
    title: `ifscope: ${name}${demo}`,
    description: `${counted(records.nodes.size, 'node')}, ${counted(records.enis.size, 'ENI')}, ${counted(records.pods.size, 'pod')}, ${counted(records.interfaces.size, 'pod interface')}, ${counted(records.findings.size, 'finding')}.${names}`,
  };
}
