/**
 * Records by what Events, annotations and configs call them: a network by the name in its config, with its namespace and
 * interface, or by its parent or resource; pods by their claims and virtual machines; pools of addresses by their objects.
 */
import { networkId } from '../../model/ids';
import type { NetworkRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import type { Hit } from './answer';
import { hit } from './answer';
import { nodeRecordSteps, words } from './owner-path';
import { lookupRecord, podHits } from './record-hits';

/** `NAMESPACE/NAME@INTERFACE`, `NAME@INTERFACE`: an item of the annotation k8s.v1.cni.cncf.io/networks. */
const SELECTED = /^(?:([a-z0-9][-a-z0-9]*)\/)?([a-z0-9][-a-z0-9.]*)@\S{1,15}$/;

function isNetworkCalled({ name, configName, parent, resourceName }: NetworkRecord, text: string): boolean {
  return name === text || configName === text || parent.value === text || resourceName === text;
}

/** Pods that have or ask for a claim of this name, with or without its namespace. */
function podsOfClaim(replica: Replica, text: string): Hit[] {
  const slash = text.indexOf('/');
  const [namespace, name] = slash < 0 ? [null, text] : [text.slice(0, slash), text.slice(slash + 1)];
  return [...replica.records.pods.values()].flatMap((pod) =>
    (namespace === null || pod.namespace === namespace) && pod.claims.some(({ claim }) => claim === name)
      ? podHits(replica, pod.id)
      : [],
  );
}

/** The pods of a virtual machine. */
const podsOfMachine = (replica: Replica, text: string): Hit[] =>
  [...replica.records.pods.values()].flatMap(({ id, owner }) =>
    owner?.kind === 'VirtualMachineInstance' && owner.name === text ? podHits(replica, id) : [],
  );

/** Pods whose annotation names a branch ENI that EC2 does not list. */
const podsOfBranch = (replica: Replica, eni: string): Hit[] =>
  [...replica.records.pods.values()].flatMap(({ id, podEni }) =>
    podEni?.includes(eni) === true ? podHits(replica, id) : [],
  );

function nodesOffering(replica: Replica, resource: string): Hit[] {
  if (!resource.includes('/')) return [];
  return [...replica.records.nodes.values()].flatMap((node) => {
    const count = node.allocatable[resource];
    return count === undefined
      ? []
      : [hit('node', node.id, [words(resource), words(`${count} allocatable on`), ...nodeRecordSteps(node)])];
  });
}

/** For text that is no record's own name. */
export function lookupOtherNames(replica: Replica, text: string): Hit[] {
  const { networks, ipPools } = replica.records;
  const [, namespace, name] = SELECTED.exec(text) ?? [];
  const selected =
    name === undefined
      ? []
      : namespace === undefined
        ? [...networks.values()].filter((network) => network.name === name).map(({ id }) => id)
        : [networkId(namespace, name)];
  const called = [...networks.values()].filter((network) => isNetworkCalled(network, text)).map(({ id }) => id);
  const pools = [...ipPools.keys()].filter((id) => id.endsWith(`/${text}`));
  return [
    ...[...selected, ...called, ...pools].flatMap((id) => lookupRecord(replica, id) ?? []),
    ...nodesOffering(replica, text),
    ...podsOfClaim(replica, text),
    ...podsOfMachine(replica, text),
    ...podsOfBranch(replica, text),
  ];
}
