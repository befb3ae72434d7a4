/**
 * Restarts aws-node with other settings: pods keep their addresses, ENIs stay, the datastore goes on in the new mode.
 * That is how leftovers of the other mode arise (vpc-cni §2.2: they share the slots, only the active mode's serve).
 */
import { annotationsOf, createCniSettings } from '../../../lib/sim/model/cni-settings';
import { Datastore, type AddressMode } from '../../../lib/sim/model/datastore';
import { settle } from '../../../lib/sim/model/ipamd';
import { must } from '../../../lib/sim/model/must';
import type { SimNode } from '../../../lib/sim/model/node';
import type { ClusterState } from '../../../lib/sim/model/state';

/** Restarts aws-node on a node with other variables; its datastore starts from what EC2 has. */
export function rollOut(state: ClusterState, node: SimNode, env: Readonly<Record<string, string>>): void {
  const cni = createCniSettings({ ...node.cni?.env, ...env }, node.cni?.version, node.cni?.referred);
  node.cni = cni;
  const isXen = must(node.type, 'instance type').hypervisor === 'xen';
  const mode: AddressMode = cni.ipv6 ? 'ipv6' : cni.prefixDelegation && !isXen ? 'prefix' : 'secondary-ip';
  for (const [card, before] of node.stores) {
    const store = new Datastore(card, mode, cni.cooldownMs);
    store.stocks.push(...before.stocks);
    node.stores.set(card, store);
  }
  for (const key of node.pods) {
    const pod = state.pods.get(key);
    if (pod?.app !== 'aws-node') continue;
    const containers = pod.containers.map((one) => (one.name === 'aws-node' ? { ...one, env: cni.env } : one));
    state.pods.put({ ...pod, containers, annotations: { ...pod.annotations, ...annotationsOf(cni) } });
  }
  settle(state, node);
}
