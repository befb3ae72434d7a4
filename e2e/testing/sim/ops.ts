/** Operations of tests on the cluster: the actions of a user, a controller or the cloud. */
import { addNode, type NewNode } from '../../../lib/sim/model/ec2-nodes';
import { attachExtra, type ExtraEni } from '../../../lib/sim/model/extra-enis';
import { cordon, removeNode, updateNode } from '../../../lib/sim/model/nodes';
import { tagEni } from '../../../lib/sim/model/enis';
import { adoptEni } from '../../../lib/sim/model/ipamd';
import { must } from '../../../lib/sim/model/must';
import { addNetwork, NADS, type NewNetwork } from '../../../lib/sim/model/networks';
import type { SimNode } from '../../../lib/sim/model/node';
import { podKey, type SimPod } from '../../../lib/sim/model/pod';
import { createPod, finishPod, removePod, runPod, terminatePod, touch, type NewPod } from '../../../lib/sim/model/pods';
import { objectsOf, type ClusterState } from '../../../lib/sim/model/state';

/** Operations on the cluster. */
export interface Ops {
  readonly state: ClusterState;
  /** Creates a pod and starts it; it stays `Pending` if it gets no address. */
  createPod(pod: NewPod): SimPod;
  /** Pending only. */
  createPendingPod(pod: NewPod): SimPod;
  startPod(key: string): boolean;
  /** Deletes the pod, or with `graceful` only marks it as terminating. */
  deletePod(key: string, graceful?: boolean): boolean;
  finishPod(key: string, phase?: 'Succeeded' | 'Failed'): void;
  updatePod(key: string, fields: Partial<SimPod>): void;
  /** A null value removes the tag. */
  tagEni(eniId: string, tags: Readonly<Record<string, string | null>>): void;
  /** Attaches an ENI of another owner; ipamd reconciles it immediately. */
  attachEni(nodeName: string, eni: ExtraEni): string;
  addNode(node: NewNode): SimNode;
  deleteNode(name: string): boolean;
  setNode(name: string, fields: { readonly ready?: boolean; readonly cordoned?: boolean }): void;
  createNad(network: NewNetwork): void;
  deleteNad(key: string): boolean;
  node(name: string): SimNode;
}

/** The operations on this cluster. They throw if the named object does not exist. */
export function createOps(state: ClusterState): Ops {
  const node = (name: string): SimNode => must(state.nodes.get(name), `node ${name}`);
  return {
    state,
    node,
    createPod(pod) {
      const key = podKey(createPod(state, pod));
      runPod(state, key, { groups: pod.groups ?? null, force: pod.force ?? false });
      return must(state.pods.get(key), `pod ${key}`);
    },
    createPendingPod: (pod) => createPod(state, pod),
    startPod: (key) => runPod(state, key),
    deletePod(key, graceful = false) {
      if (!graceful) return removePod(state, key);
      terminatePod(state, key);
      return true;
    },
    finishPod: (key, phase) => {
      finishPod(state, key, phase);
    },
    updatePod: (key, fields) => {
      state.pods.put({ ...must(state.pods.get(key), `pod ${key}`), ...fields });
    },
    tagEni: (eniId, tags) => {
      tagEni(state, eniId, tags);
    },
    attachEni(nodeName, eni) {
      const id = attachExtra(state, node(nodeName), eni);
      adoptEni(state, node(nodeName), id);
      touch(state, node(nodeName));
      return id;
    },
    addNode: (wanted) => addNode(state, wanted),
    deleteNode: (name) => removeNode(state, name),
    setNode(name, fields) {
      if (fields.ready !== undefined) updateNode(state, node(name), { ready: fields.ready, readyAt: state.now() });
      if (fields.cordoned !== undefined) cordon(state, node(name), fields.cordoned);
    },
    createNad: (network) => {
      addNetwork(state, network);
    },
    deleteNad(key) {
      state.networks.delete(key);
      return objectsOf(state, NADS).delete(key) !== undefined;
    },
  };
}
