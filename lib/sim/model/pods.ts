/** A pod's lifecycle: created, scheduled, attached, running, finished, deleted. Each step is one change at the API server. */
import { connect, disconnect, failed } from './attach';
import type { ClaimRequest } from './claim';
import { allocate, claimsFor, functionsOf, prepare, release } from './claims';
import { raiseEvent } from './events';
import { uid } from './identity';
import { maintain, settle } from './ipamd';
import { must } from './must';
import type { StatusQuirk } from './status-quirks';
import type { SimNode } from './node';
import { isFinished, podKey, type NetworkRequest, type SimContainer, type SimPod } from './pod';
import type { ClusterState } from './state';

/** The fields shared by the pods of a workload. */
export interface PodTemplate {
  readonly namespace: string;
  readonly app: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly hostNetwork?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly containers?: readonly SimContainer[];
  readonly requests?: readonly NetworkRequest[];
  /** Text of the networks annotation; by default generated from `requests`. */
  readonly networksText?: string;
  readonly claims?: readonly ClaimRequest[];
  readonly multiNic?: boolean;
  readonly groups?: readonly string[];
  readonly resources?: Readonly<Record<string, number>>;
  readonly force?: boolean;
  readonly quirk?: StatusQuirk;
}

/** A pod to create; a null `node` means not scheduled. */
export interface NewPod extends PodTemplate {
  readonly name: string;
  readonly node: string | null;
  readonly createdAt?: number;
}

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';

/** The networks annotation: in short form if that is sufficient, else as JSON. */
export function networksAnnotation(requests: readonly NetworkRequest[]): string {
  const plain = requests.every((item) => item.ips === undefined && item.mac === undefined);
  if (plain) {
    return requests.map((item) => item.network + (item.interface === undefined ? '' : `@${item.interface}`)).join(', ');
  }
  return JSON.stringify(
    requests.map((item) => {
      const [namespace, name] = item.network.split('/');
      return {
        name,
        namespace,
        ...(item.interface === undefined ? {} : { interface: item.interface }),
        ...(item.ips === undefined ? {} : { ips: item.ips }),
        ...(item.mac === undefined ? {} : { mac: item.mac }),
      };
    }),
  );
}

/** Creates a Pending pod, bound to its node if one is given. */
export function createPod(state: ClusterState, wanted: NewPod): SimPod {
  const annotations: Record<string, string> = { ...wanted.annotations };
  const requests = wanted.requests ?? [];
  if (wanted.networksText !== undefined) annotations[NETWORKS] = wanted.networksText;
  else if (requests.length > 0) annotations[NETWORKS] = networksAnnotation(requests);
  if (wanted.multiNic === true) annotations['k8s.amazonaws.com/nicConfig'] = 'multi-nic-attachment';
  const resources = { ...wanted.resources, ...(wanted.groups === undefined ? {} : { 'vpc.amazonaws.com/pod-eni': 1 }) };
  const pod: SimPod = {
    namespace: wanted.namespace,
    name: wanted.name,
    uid: uid(state.random),
    app: wanted.app,
    owner: wanted.owner ?? null,
    node: wanted.node,
    phase: 'Pending',
    hostNetwork: wanted.hostNetwork ?? false,
    createdAt: wanted.createdAt ?? state.now(),
    startedAt: null,
    deletingAt: null,
    ready: false,
    ips: [],
    labels: wanted.labels ?? { app: wanted.app },
    annotations: Object.keys(annotations).length === 0 ? NO_REQUESTS : annotations,
    containers: wanted.containers ?? defaultContainers(wanted.app),
    resources: Object.keys(resources).length === 0 ? NO_REQUESTS : resources,
    requests,
    claims: wanted.claims === undefined ? NO_CLAIMS : claimsFor(state, wanted, wanted.claims),
    interfaces: [],
    quirk: wanted.quirk ?? null,
  };
  state.pods.put(pod);
  if (wanted.node === null) return pod;
  const node = must(state.nodes.get(wanted.node), `node ${wanted.node}`);
  node.pods.add(podKey(pod));
  allocate(state, node, pod);
  return pod;
}

const NO_REQUESTS: Readonly<Record<string, never>> = {};
const NO_CLAIMS: readonly never[] = [];
const containersByApp = new Map<string, readonly SimContainer[]>();

/** One shared list per app: 150,000 pods must not each have their own. */
function defaultContainers(app: string): readonly SimContainer[] {
  const found = containersByApp.get(app) ?? [{ name: app, image: `registry.example.com/${app}:1.4.2`, env: {} }];
  containersByApp.set(app, found);
  return found;
}

/** How a pod is started. */
export interface RunOptions {
  readonly groups?: readonly string[] | null;
  readonly force?: boolean;
}

/** Attaches a Pending pod's interfaces and starts it. False if it has to wait, with the kubelet's Event. */
export function runPod(state: ClusterState, key: string, options: RunOptions = {}): boolean {
  const pod = state.pods.get(key);
  const node = state.nodes.get(pod?.node ?? '');
  if (pod === undefined || node === undefined || pod.phase !== 'Pending' || pod.deletingAt !== null) return false;
  const startedAt = state.live ? state.now() : pod.createdAt + 2000;
  if (pod.hostNetwork) {
    state.pods.put({ ...pod, phase: 'Running', ready: true, startedAt, ips: [node.facts.internalIp] });
    return true;
  }
  const wanted = {
    namespace: pod.namespace,
    name: pod.name,
    key,
    requests: pod.requests,
    multiNic: pod.annotations['k8s.amazonaws.com/nicConfig'] === 'multi-nic-attachment',
    groups: options.groups ?? null,
    force: options.force ?? false,
    quirk: pod.quirk,
    functions: functionsOf(state, pod),
  };
  let outcome = connect(state, node, wanted);
  if (failed(outcome) && !state.live && !node.frozen) {
    settle(state, node);
    outcome = connect(state, node, wanted);
  }
  if (failed(outcome)) {
    refuse(state, node, pod, outcome.reason);
    return false;
  }
  node.waiting.delete(key);
  const annotations = { ...pod.annotations, ...outcome.annotations };
  state.pods.put({
    ...pod,
    phase: 'Running',
    ready: true,
    startedAt,
    ips: outcome.ips,
    interfaces: [...outcome.interfaces, ...prepare(state, node, pod)],
    annotations,
  });
  touch(state, node);
  return true;
}

/** How often the kubelet retries the sandbox; the count of its Event increases, and it expires after an hour. */
const KUBELET_RETRY_MS = 15_000;
const REMEMBERED_MS = 15 * 60_000;

function refuse(state: ClusterState, node: SimNode, pod: SimPod, reason: string): void {
  node.waiting.add(podKey(pod));
  if (reason.includes('failed to assign an IP address')) node.metrics.noAvailable += 1;
  // While a scene is being built, the kubelet counts as having retried since the pod was created.
  const waited = state.live ? 0 : Math.min(state.now() - pod.createdAt, REMEMBERED_MS);
  raiseEvent(state, {
    subject: { kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid },
    count: 1 + Math.floor(waited / KUBELET_RETRY_MS),
    over: waited / 1000,
    type: 'Warning',
    reason: 'FailedCreatePodSandBox',
    message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: ${reason}`,
    component: 'kubelet',
    host: node.facts.name,
  });
  touch(state, node);
}

const LOOP_MS = 5_000;

/** Schedules ipamd's loop and the retries of waiting pods on this node. Does nothing while a scene is being built. */
export function touch(state: ClusterState, node: SimNode): void {
  if (!state.live || node.frozen || node.maintenanceDue) return;
  node.maintenanceDue = true;
  state.tasks.schedule(state.now() + LOOP_MS, () => {
    node.maintenanceDue = false;
    if (!state.nodes.has(node.facts.name)) return;
    const changed = maintain(state, node);
    for (const key of [...node.waiting]) retry(state, node, key);
    const cooling = [...node.stores.values()].some((store) => store.cooling(state.now()) > 0);
    if (changed || cooling || node.waiting.size > 0) touch(state, node);
  });
}

function retry(state: ClusterState, node: SimNode, key: string): void {
  const pod = state.pods.get(key);
  if (pod === undefined || pod.deletingAt !== null) node.waiting.delete(key);
  else runPod(state, key);
}

/** Ends the pod's containers: its addresses are free again, although its status keeps them (vpc-cni §5.3). */
export function finishPod(state: ClusterState, key: string, phase: 'Succeeded' | 'Failed' = 'Succeeded'): void {
  const pod = state.pods.get(key);
  if (pod === undefined || isFinished(pod)) return;
  giveBack(state, pod);
  state.pods.put({ ...pod, phase, ready: false });
}

/** Marks the pod as terminating: the object stays until `removePod`. */
export function terminatePod(state: ClusterState, key: string): void {
  const pod = state.pods.get(key);
  if (pod !== undefined && pod.deletingAt === null) state.pods.put({ ...pod, deletingAt: state.now(), ready: false });
}

/** Deletes a pod and releases what it held. False if it does not exist. */
export function removePod(state: ClusterState, key: string): boolean {
  const pod = state.pods.get(key);
  if (pod === undefined) return false;
  if (!isFinished(pod)) giveBack(state, pod);
  const node = pod.node === null ? undefined : state.nodes.get(pod.node);
  node?.pods.delete(key);
  node?.waiting.delete(key);
  state.pods.delete(key);
  return true;
}

function giveBack(state: ClusterState, pod: SimPod): void {
  release(state, pod);
  const node = pod.node === null ? undefined : state.nodes.get(pod.node);
  if (node === undefined) return;
  for (const item of pod.interfaces) disconnect(state, node, podKey(pod), item);
  touch(state, node);
}

/** Creates and starts a pod in one go, for scenes. */
export function startPod(state: ClusterState, wanted: NewPod): SimPod {
  const key = podKey(createPod(state, wanted));
  runPod(state, key, { groups: wanted.groups ?? null, force: wanted.force ?? false });
  return must(state.pods.get(key), `pod ${key}`);
}
