/** The baseline of reading a cluster: list the pages of pods as a client would, parse them and drop the result. */
import type { Cluster } from './cluster';
import { cpuSince } from './statistics';

export interface BareList {
  /** Milliseconds of wall time, and of this process' processor time. */
  readonly ms: number;
  readonly cpu: number;
  /** Characters of JSON. */
  readonly bytes: number;
}

export async function bareList({ kubernetesUrl, token }: Pick<Cluster, 'kubernetesUrl' | 'token'>): Promise<BareList> {
  const started = performance.now();
  const usage = process.cpuUsage();
  let bytes = 0;
  for (let next: string | null = ''; next !== null;) {
    const query: string = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
    // fetch asks for gzip, as clients do.
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
