/** Helpers for the trouble scenes: pinned nodes, named pods, events. */
import { createCniSettings } from '../../../lib/sim/model/cni-settings';
import { raiseEvent } from '../../../lib/sim/model/events';
import { must } from '../../../lib/sim/model/must';
import { addNode, type NewNode } from '../../../lib/sim/model/ec2-nodes';
import type { SimNode } from '../../../lib/sim/model/node';
import { podKey, type SimPod } from '../../../lib/sim/model/pod';
import { createPod, startPod, type PodTemplate } from '../../../lib/sim/model/pods';
import type { ClusterState } from '../../../lib/sim/model/state';

export const MINUTE = 60_000;
export const nodeId = (node: SimNode): string => `node:${node.facts.name}`;
export const podId = (pod: SimPod): string => `pod:${podKey(pod)}`;

export const pinned = (state: ClusterState, node: NewNode): SimNode => addNode(state, { ...node, frozen: true });

const described = (node: SimNode, app: string, more: Partial<PodTemplate>) => ({
  namespace: 'trouble',
  owner: { kind: 'ReplicaSet', name: `${app}-6b7d9` },
  ...more,
  app,
  node: node.facts.name,
});

/** Starts a pod; when it cannot run, it stays Pending with an event. */
export const tryPod = (state: ClusterState, node: SimNode, app: string, more: Partial<PodTemplate> = {}): SimPod =>
  startPod(state, {
    ...described(node, app, more),
    name: `${app}-6b7d9-${state.random.suffix(5)}`,
    createdAt: state.now() - 10 * MINUTE,
  });

/** Creates a pod that is scheduled but never started. */
export const waitingPod = (state: ClusterState, node: SimNode, app: string, more: Partial<PodTemplate> = {}): SimPod =>
  createPod(state, {
    ...described(node, app, more),
    name: `${app}-6b7d9-${state.random.suffix(5)}`,
    createdAt: state.now() - 10 * MINUTE,
  });

export const manyPods = (state: ClusterState, node: SimNode, count: number, app = 'filler'): SimPod[] =>
  Array.from({ length: count }, () => tryPod(state, node, app));

export function amend(state: ClusterState, pod: SimPod, fields: Partial<SimPod>): SimPod {
  return state.pods.put({ ...must(state.pods.get(podKey(pod)), 'pod'), ...fields }).value;
}

/** The pod reports an address that its node does not have; its own went back to the pool an hour ago. */
export function goAstray(state: ClusterState, node: SimNode, pod: SimPod, elsewhere: string): void {
  for (const store of node.stores.values()) store.release(must(pod.ips[0], 'address'), state.now() - 60 * MINUTE);
  const interfaces = pod.interfaces.map((item) => ({
    ...item,
    ips: [elsewhere],
    eni: null,
    card: null,
    rules: [],
    observed: false,
  }));
  amend(state, pod, { ips: [elsewhere], interfaces });
}

/** Rolls out another environment to that node's aws-node; its pool stays unchanged. */
export function reconfigure(state: ClusterState, node: SimNode, env: Readonly<Record<string, string>>): void {
  const settings = createCniSettings({ ...node.cni?.env, ...env }, node.cni?.version, node.cni?.referred);
  node.cni = settings;
  for (const key of node.pods) {
    const pod = state.pods.get(key);
    if (pod?.app !== 'aws-node') continue;
    amend(state, pod, {
      containers: pod.containers.map((item) => (item.name === 'aws-node' ? { ...item, env: settings.env } : item)),
    });
  }
}

export function sandboxFailure(state: ClusterState, pod: SimPod, text: string): void {
  raiseEvent(state, {
    subject: { kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid },
    type: 'Warning',
    reason: 'FailedCreatePodSandBox',
    message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: 'ContainerID:"5d1f" ERRORED: error configuring pod [${podKey(pod)}] networking: [${podKey(pod)}/${pod.uid}:net]: ${text}'`,
    component: 'kubelet',
    count: 14,
    over: 600,
  });
}
