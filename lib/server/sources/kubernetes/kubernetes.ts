/**
 * The Kubernetes source: one reflector per row of the kinds table on one shared transport, and the server's version. It
 * owns the transport: `stop` closes it. The aws-node source borrows it.
 */
import type { Status } from '../../../model/observation';
import { createBatcher, type Batcher } from '../batcher';
import { createJointHealth, type Health } from '../health';
import type { Source, SourceContext } from '../source';
import { sleep, systemTimers, type Timers } from '../timers';
import { createDiscovery } from './discovery';
import { allFeatures } from './features';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { createBackoff, POLICY, type Policy } from './policy';
import { PodsLast } from './pods-last';
import { Reflector } from './reflector';
import type { Transport } from './transport';
import { readServerVersion } from './version';

/** Options of the source. */
export interface KubernetesSourceOptions {
  readonly transport: Transport;
  readonly kinds: readonly AnyKindRow[];
  /** The namespaces to read; null or absent: all. */
  readonly namespaces?: readonly string[] | null;
  /** The cluster's name, if the configuration has one. */
  readonly clusterName?: string | null;
  readonly policy?: Partial<Policy>;
  readonly timers?: Timers;
  /** Read complete objects in JSON, for a capture. */
  readonly whole?: boolean;
}

/** The rows to watch: for a namespaced kind, one per namespace to read. */
const inNamespaces = (kinds: readonly AnyKindRow[], namespaces: readonly string[] | null): readonly AnyKindRow[] =>
  namespaces === null
    ? kinds
    : kinds.flatMap((row) =>
        row.namespaced ? namespaces.map((namespace) => ({ ...row, id: `${row.id}/${namespace}`, namespace })) : [row],
      );

/**
 * A source that is read in some namespaces only is never complete: nothing may be concluded from missing objects, so
 * the source as a whole is denied.
 */
function inPart(status: Status, rows: readonly AnyKindRow[]): Status {
  const names = new Set(rows.flatMap(({ namespace }) => namespace ?? []));
  if (names.size === 0 || status.source.state !== 'live') return status;
  const reason = `only these namespaces are read: ${[...names].join(', ')}`;
  return { ...status, source: { ...status.source, state: 'denied', reason } };
}

/** The health of each source, one per row. */
function healthsOf(kinds: readonly AnyKindRow[], report: (status: Status) => void): ReadonlyMap<string, Health[]> {
  const bySource = Map.groupBy(kinds, (row) => row.source);
  return new Map(
    [...bySource].map(([id, rows]) => [
      id,
      createJointHealth(id, rows.length, (status) => report(inPart(status, rows))),
    ]),
  );
}

/** Takes ownership of the transport: `stop` closes it. */
export function createKubernetesSource(ctx: SourceContext, options: KubernetesSourceOptions): Source {
  const { transport, clusterName = null, timers = systemTimers, whole = false, namespaces = null } = options;
  const kinds = inNamespaces(options.kinds, namespaces);
  const policy: Policy = { ...POLICY, ...options.policy };
  const controller = new AbortController();
  const { signal } = controller;
  const discovery = createDiscovery(transport, timers, policy, ctx.now, signal);
  const features = allFeatures(!whole);
  const sources = [...new Set(kinds.map((row) => row.source))];
  const reflectors = new Set<Reflector>();
  const order = new PodsLast(sources);
  let running: readonly Promise<void>[] = [];
  let batcher: Batcher | null = null;

  const watchKind = async (row: AnyKindRow, health: Health, target: Batcher): Promise<void> => {
    await order.turnOf(row.source, timers, policy, signal);
    const lag = ctx.lagOf(row.source);
    while (!signal.aborted) {
      let reflector: Reflector | null = null;
      try {
        reflector = new Reflector(
          {
            row,
            health,
            lag,
            transport,
            discovery,
            features,
            batcher: target,
            policy,
            timers,
            now: ctx.now,
            random: ctx.random,
            complain: (message) => ctx.log('error', message),
            say: (message) => ctx.log('warn', message),
            debug: (message) => ctx.log('debug', message),
            wentBack: (trouble) => {
              for (const other of reflectors) if (other !== reflector) other.serverWentBack(trouble);
            },
          },
          signal,
        );
        reflectors.add(reflector);
        await reflector.run();
      } catch (error) {
        // A bug of ours: logged, and the kind starts over.
        ctx.log('error', `${row.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        await sleep(timers, policy.backoffCapMs, 'restart', signal);
      } finally {
        if (reflector !== null) reflectors.delete(reflector);
      }
    }
  };

  const watchVersion = async (target: Batcher): Promise<void> => {
    const backoff = createBackoff(policy, ctx.random);
    let sent: string | null = null;
    while (!signal.aborted) {
      const kubernetesVersion = await readServerVersion(transport, timers, policy, signal);
      if (kubernetesVersion !== null && kubernetesVersion !== sent) {
        // Another version of the server may support more features.
        if (sent !== null) Object.assign(features, allFeatures(!whole));
        sent = kubernetesVersion;
        target.add({ op: 'cluster', cluster: { kubernetesVersion } });
      }
      const wait = kubernetesVersion === null ? policy.confirmMs + backoff.next() : policy.versionMs;
      if (kubernetesVersion !== null) backoff.reset();
      await sleep(timers, wait, 'version', signal);
    }
  };

  return {
    ids: sources,
    start(emit) {
      const target = createBatcher(ctx, timers, policy.gatherMs, emit);
      batcher = target;
      if (clusterName !== null) target.add({ op: 'cluster', cluster: { name: clusterName } });
      const healths = healthsOf(kinds, (status) => {
        target.add(status);
        order.report(status);
      });
      running = kinds.map((row) => {
        const health = healths.get(row.source)?.pop();
        if (health === undefined) throw new Error(`no health for ${row.id}`);
        return watchKind(row, health, target);
      });
      running = [...running, watchVersion(target)];
    },
    async stop() {
      batcher?.close();
      controller.abort(new Error('stopped'));
      await Promise.all(running);
      await transport.close();
    },
  };
}
