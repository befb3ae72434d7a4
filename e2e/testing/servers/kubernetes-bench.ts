/** A Kubernetes source of one kind against a scripted API server, with manual timers. */
import { onTestFinished } from 'vitest';
import type { AnyKindRow, KindRow } from '../../../lib/normalise/kubernetes/kinds';
import { identityOf } from '../../../lib/server/sources/kubernetes/identity';
import { createKubernetesSource } from '../../../lib/server/sources/kubernetes/kubernetes';
import type { Policy } from '../../../lib/server/sources/kubernetes/policy';
import { createTokenTransport } from '../../../lib/server/sources/kubernetes/transport';
import { startApiServer, type Exchange, type FakeApiServer } from './api-server';
import { createManualTimers, type ManualTimers } from './manual-timers';
import { createRecorder, type Recorder } from './recorder';

/** Reads NADs; drops those whose metadata has `drop`. */
export const NAD: KindRow<'nad'> = {
  id: 'kubernetes/network-attachment-definitions',
  source: 'kubernetes/network-attachment-definitions',
  factKind: 'nad',
  group: 'k8s.cni.cncf.io',
  versions: ['v1'],
  resource: 'nads',
  kind: 'NetworkAttachmentDefinition',
  namespaced: true,
  required: false,
  fieldSelector: null,
  shortNames: [],
  normalise(object) {
    const { metadata } = object as { metadata: Record<string, string> };
    if (metadata['drop'] !== undefined) return null;
    const { key, uid } = identityOf(object);
    return {
      key: metadata['as'] ?? key,
      fact: {
        namespace: metadata['namespace'] ?? '',
        name: metadata['name'] ?? '',
        uid: uid ?? '',
        createdAt: null,
        deleting: false,
        config: metadata['config'] ?? null,
        resourceName: null,
        writtenFrom: null,
        configAt: null,
        problems: [],
      },
    };
  },
};
/** Id of its source record. */
export const NADS = NAD.source;

export interface KubernetesBench {
  readonly api: FakeApiServer;
  readonly timers: ManualTimers;
  readonly seen: Recorder;
  readonly stop: () => Promise<void>;
  readonly becomes: (state: string) => Promise<void>;
  /** Answers the first list with these names at version 10, and opens the watch that follows. */
  readonly live: (...names: string[]) => Promise<Exchange>;
}

/** Starts both; they stop at the end of the test. */
export async function startKubernetes(
  options: { rows?: readonly AnyKindRow[]; policy?: Partial<Policy>; random?: () => number } = {},
): Promise<KubernetesBench> {
  const api = await startApiServer();
  const timers = createManualTimers();
  const seen = createRecorder();
  const source = createKubernetesSource(seen.context(timers.now, options.random), {
    transport: createTokenTransport(api.url, 'secret'),
    kinds: options.rows ?? [NAD],
    policy: { gatherMs: 0, watchGapMs: 0, ...options.policy },
    timers,
  });
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= source.stop());
  onTestFinished(() => api.stop());
  onTestFinished(stop);
  source.start(seen.emit);
  return {
    api,
    timers,
    seen,
    stop,
    becomes: (state) => seen.until(() => seen.status(NADS)?.state === state),
    async live(...names) {
      (await api.take()).page(names, '10');
      const watch = await api.take();
      watch.open();
      // At this point the client has seen the open watch.
      await timers.armed('settled');
      await seen.until(() => seen.status(NADS)?.state === 'live');
      return watch;
    },
  };
}
