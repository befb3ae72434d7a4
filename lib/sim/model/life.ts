/**
 * The cluster's churn: workloads keep their replicas, pods are replaced, jobs start and finish. One `change` is one
 * decision of a controller; its consequences follow over the next seconds as tasks.
 */
import { canAllocate } from './claims';
import { rfc3339 } from './clock';
import { uid } from './identity';
import { endJob, removeJob, writeCronJob, writeJob } from './jobs';
import { must } from './must';
import type { SimNode } from './node';
import { createPod, finishPod, removePod, runPod, startPod, terminatePod, type PodTemplate } from './pods';
import { pickFitting } from './pick';
import { podKey } from './pod';
import { objectsOf, type ClusterState } from './state';

/** A workload whose pods come, finish and go while the scene runs. */
export interface Workload extends Omit<PodTemplate, 'owner' | 'labels'> {
  readonly kind: 'Deployment' | 'StatefulSet' | 'Job';
  readonly replicas: number;
  readonly where: (node: SimNode) => boolean;
  /** At most one of its pods per node. */
  readonly onePerNode?: boolean;
  /** Excluded from the churn. */
  readonly calm?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Running extends Workload {
  readonly hash: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly pods: Set<string>;
  serial: number;
}

const TERMINATION_MS = 1_500;
const SCHEDULING_MS = 700;
const START_MS = 900;
const JOB_MS = 25_000;
const JOB_KEPT_MS = 60_000;

/** A pod's name is its Job's name and a suffix. */
const jobOf = (pod: string): string => pod.slice(0, pod.lastIndexOf('-'));

/** Labels that controllers write to distinguish the pods of a workload. */
function ownLabels(kind: Workload['kind'], pod: string): Readonly<Record<string, string>> {
  if (kind === 'StatefulSet')
    return {
      'apps.kubernetes.io/pod-index': pod.slice(pod.lastIndexOf('-') + 1),
      'controller-revision-hash': '6f9c8d7b5',
      'statefulset.kubernetes.io/pod-name': pod,
    };
  return kind === 'Job' ? { 'batch.kubernetes.io/job-name': jobOf(pod), 'job-name': jobOf(pod) } : {};
}

/** The workloads of a cluster, and the decisions that change them. */
export class Life {
  private readonly workloads: Running[] = [];

  constructor(private readonly state: ClusterState) {}

  /** Adds a workload whose pods have been running for a while; returns their keys. */
  add(workload: Workload): readonly string[] {
    const { state } = this;
    const hash = state.random.suffix(9);
    const app = { app: workload.app, 'app.kubernetes.io/name': workload.app, ...workload.labels };
    const running: Running = {
      ...workload,
      hash,
      podLabels: workload.kind === 'Deployment' ? { ...app, 'pod-template-hash': hash } : app,
      pods: new Set(),
      serial: 0,
    };
    this.workloads.push(running);
    if (workload.kind === 'Job') writeCronJob(state, running);
    else this.writeObject(running);
    for (let replica = 0; replica < workload.replicas; replica += 1) {
      const node = this.place(running);
      if (node === null) continue;
      const name = this.nameFor(running);
      const age = 600_000 + state.random.int(5 * 86_400_000);
      const createdAt = Math.max(state.now() - age, node.facts.createdAt + 60_000);
      if (workload.kind === 'Job') writeJob(state, running, jobOf(name));
      const pod = startPod(state, {
        ...this.template(running, name),
        name,
        node: node.facts.name,
        createdAt: Math.min(createdAt, state.now()),
      });
      running.pods.add(podKey(pod));
    }
    return [...running.pods];
  }

  /** Makes one controller decision; false if there was nothing to do. */
  change(): boolean {
    const lively = this.workloads.filter((workload) => workload.calm !== true);
    if (lively.length === 0) return false;
    const workload = this.state.random.pick(lively);
    if (workload.kind === 'Job') return this.launch(workload);
    const roll = this.state.random.next();
    if (roll < 0.14 && workload.pods.size < workload.replicas + 2) return this.launch(workload);
    if (roll < 0.28 && workload.pods.size > Math.max(1, workload.replicas - 2)) return this.retire(workload, false);
    return this.retire(workload, true);
  }

  private retire(workload: Running, replace: boolean): boolean {
    const { state } = this;
    const [key] = pickFitting(state.random, workload.pods, (pod) => state.pods.get(pod)?.deletingAt === null, 1);
    if (key === undefined) return this.launch(workload);
    const name = must(key.split('/')[1], 'pod name');
    terminatePod(state, key);
    workload.pods.delete(key);
    state.tasks.schedule(state.now() + TERMINATION_MS, () => {
      removePod(state, key);
      if (replace && workload.kind === 'StatefulSet') this.launch(workload, name);
    });
    // A Deployment's new pod does not wait until the old one is gone.
    if (replace && workload.kind !== 'StatefulSet') this.launch(workload);
    return true;
  }

  private launch(workload: Running, name = this.nameFor(workload)): boolean {
    const { state } = this;
    if (state.pods.get(`${workload.namespace}/${name}`) !== undefined) return false;
    const node = this.place(workload);
    if (node === null) return false;
    const key = `${workload.namespace}/${name}`;
    workload.pods.add(key);
    state.tasks.schedule(state.now() + SCHEDULING_MS, () => {
      if (!state.nodes.has(node.facts.name)) {
        workload.pods.delete(key);
        return;
      }
      if (workload.kind === 'Job') writeJob(state, workload, jobOf(name));
      createPod(state, { ...this.template(workload, name), name, node: node.facts.name });
      state.tasks.schedule(state.now() + START_MS, () => {
        runPod(state, key, { groups: workload.groups ?? null, force: workload.force ?? false });
        if (workload.kind === 'Job') this.endLater(workload, key);
      });
    });
    return true;
  }

  private endLater(workload: Running, key: string): void {
    const { state } = this;
    state.tasks.schedule(state.now() + JOB_MS, () => {
      const [, name = ''] = key.split('/');
      const isFailed = state.random.chance(0.1);
      finishPod(state, key, isFailed ? 'Failed' : 'Succeeded');
      endJob(state, workload.namespace, jobOf(name), isFailed ? 'Failed' : 'Complete');
      state.tasks.schedule(state.now() + JOB_KEPT_MS, () => {
        workload.pods.delete(key);
        removePod(state, key);
        removeJob(state, workload.namespace, jobOf(name));
      });
    });
  }

  /** The emptier of two random nodes, which spreads pods as a scheduler does; null if none fits. */
  private place(workload: Running): SimNode | null {
    const fits = (node: SimNode): boolean =>
      workload.where(node) &&
      (workload.onePerNode !== true || ![...node.pods].some((key) => workload.pods.has(key))) &&
      canAllocate(this.state, node, workload.namespace, workload.claims ?? []) &&
      node.facts.ready &&
      !node.facts.unschedulable &&
      node.pods.size < node.facts.maxPods - 1 &&
      node.waiting.size === 0;
    const { nodes, random } = this.state;
    const [a, b] = pickFitting(random, nodes, fits, 2);
    if (a === undefined || b === undefined) return null;
    const share = (node: SimNode): number => node.pods.size / node.facts.maxPods;
    return share(b) < share(a) ? b : a;
  }

  private nameFor(workload: Running): string {
    const { random } = this.state;
    if (workload.kind === 'StatefulSet') {
      for (let ordinal = 0; ; ordinal += 1) {
        const name = `${workload.app}-${ordinal}`;
        if (!workload.pods.has(`${workload.namespace}/${name}`)) return name;
      }
    }
    workload.serial += 1;
    const middle = workload.kind === 'Deployment' ? workload.hash : `${29_000_000 + workload.serial}`;
    // Among 5,000 random suffixes, two are often equal; the API server refuses the second pod, and its controller tries another.
    for (;;) {
      const name = `${workload.app}-${middle}-${random.suffix(5)}`;
      if (!workload.pods.has(`${workload.namespace}/${name}`)) return name;
    }
  }

  private template(workload: Running, pod: string): PodTemplate {
    const owner = {
      Deployment: { kind: 'ReplicaSet', name: `${workload.app}-${workload.hash}` },
      StatefulSet: { kind: 'StatefulSet', name: workload.app },
      Job: { kind: 'Job', name: jobOf(pod) },
    }[workload.kind];
    return { ...workload, owner, labels: { ...workload.podLabels, ...ownLabels(workload.kind, pod) } };
  }

  private writeObject(workload: Running): void {
    const { state } = this;
    const deployment = workload.kind === 'Deployment';
    const selector = { matchLabels: { app: workload.app } };
    objectsOf(state, deployment ? 'apps/deployments' : 'apps/statefulsets').put({
      apiVersion: 'apps/v1',
      kind: workload.kind,
      metadata: {
        name: workload.app,
        namespace: workload.namespace,
        uid: uid(state.random),
        creationTimestamp: rfc3339(state.now() - 8 * 86_400_000),
        generation: 1,
        labels: { app: workload.app },
      },
      spec: {
        replicas: workload.replicas,
        selector,
        template: {
          metadata: { labels: workload.podLabels, annotations: workload.annotations ?? {} },
          spec: { containers: [{ name: workload.app, image: `registry.example.com/${workload.app}:1.4.2` }] },
        },
      },
      status: { replicas: workload.replicas, readyReplicas: workload.replicas },
    });
  }
}
