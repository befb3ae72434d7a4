/** The baseline of reading a cluster: lists the pages of pods as a client would, parses them and drops the result. */
import type { Cluster } from './cluster';
import { cpuSince } from './statistics';

/** The cost of the bare list. */
export interface BareList {
  /** Wall time, in milliseconds. `cpu`: processor time of this process, in milliseconds. */
  readonly ms: number;
  readonly cpu: number;
  /** Characters of JSON. */
  readonly bytes: number;
}

/** Lists all pods page by page. */
export async function bareList({ kubernetesUrl, token }: Pick<Cluster, 'kubernetesUrl' | 'token'>): Promise<BareList> {
  const started = performance.now();
  const usage = process.cpuUsage();
  let bytes = 0;
  for (let next: string | null = ''; next !== null;) {
    const query: string = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
    // fetch requests gzip, as clients do.
    const response = await fetch(`${kubernetesUrl}/api/v1/pods?limit=250${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    bytes += text.length;
    const page = JSON.parse(text) as { readonly metadata: { readonly continue?: string } };
    next = page.metadata.continue ?? null;
  }
  return { ms: performance.now() - started, cpu: cpuSince(usage), bytes };
}
