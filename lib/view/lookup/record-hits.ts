/** The owner path of a record. */
import { counted } from '../../model/counted';
import { idParts, kindOfId, nameOf, podId } from '../../model/ids';
import { byNaturalName } from '../../model/order';
import type { EniRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import { hit, type Hit } from './answer';
import {
  eniSteps,
  freeWords,
  interfaceSteps,
  nodeRecordSteps,
  nodeSteps,
  podSteps,
  words,
  type PathStep,
} from './owner-path';
import { labelOf } from '../record-label';
import { recordsOf } from '../view-source';

const MAX_NAMED = 3;

/** An ENI, the pods that claim it as a whole or, for one that ipamd leaves alone, have interfaces on it; then its location. */
function eniOfPods(replica: Replica, eni: EniRecord): PathStep[] {
  const [first, ...rest] = eniSteps(eni);
  const claiming = new Set(
    eni.claimedBy.map((id) => {
      const [namespace = '', name = ''] = idParts(id);
      return podId(namespace, name);
    }),
  );
  const isLeft = eni.management.state === 'unmanaged' || eni.management.state === 'outside';
  const { indexes, records } = replica;
  const using = isLeft ? recordsOf(indexes.interfacesByEni, eni.id, records.interfaces).map(({ pod }) => pod) : [];
  const pods = claiming.size > 0 ? claiming : new Set(using.sort());
  if (first === undefined || pods.size === 0) return eniSteps(eni);
  const how = claiming.size > 0 ? 'claimed as a whole by' : 'used by';
  const named = [...pods].slice(0, MAX_NAMED).map((id) => ({ id, text: `${how} pod ${nameOf(id)}` }));
  const others = pods.size - named.length;
  return [first, ...named, ...(others > 0 ? [words(`and ${counted(others, 'other pod')}`)] : []), ...rest];
}

/** A record by its own id. */
export function lookupRecord(replica: Replica, id: string): Hit | null {
  const { records } = replica;
  const node = records.nodes.get(id);
  if (node !== undefined) return hit('node', id, nodeRecordSteps(node));
  const eni = records.enis.get(id);
  if (eni !== undefined) return hit('eni', id, eniOfPods(replica, eni));
  const pod = records.pods.get(id);
  if (pod !== undefined) return hit('pod', id, podSteps(pod));
  const found = records.interfaces.get(id);
  if (found !== undefined) return hit('interface', id, interfaceSteps(replica, found));
  const network = records.networks.get(id);
  if (network !== undefined) {
    const said = network.missing ? 'referenced, but does not exist' : network.description;
    return hit('network', id, [
      { id, text: id === 'cluster' ? 'the cluster network' : `network ${nameOf(id)}` },
      words(said),
      words(network.podCount === null ? 'pods not known' : counted(network.podCount, 'pod')),
    ]);
  }
  const subnet = records.subnets.get(id);
  if (subnet !== undefined) {
    const range = subnet.cidr ?? subnet.ipv6Cidr ?? 'range not known';
    return hit('subnet', id, [{ id, text: `${id} (${range})` }, freeWords(subnet)]);
  }
  const finding = records.findings.get(id);
  if (finding !== undefined)
    return hit('finding', id, [
      { id, text: finding.title },
      words(`${finding.severity}, ${finding.rule}`),
      ...finding.subjects.slice(0, 1).map((subject) => ({ id: subject, text: labelOf(subject) })),
    ]);
  const pool = records.ipPools.get(id);
  if (pool !== undefined)
    return hit('record', id, [
      { id, text: `address pool ${nameOf(id)}` },
      words(pool.range),
      words(`${pool.used} used`),
    ]);
  for (const table of [records.networkCards, records.hostNics, records.attachments]) {
    const record = table.get(id);
    if (record !== undefined) {
      const owner = 'node' in record ? nodeSteps(record.node) : [];
      return hit('record', id, [{ id, text: `${kindOfId(id) ?? 'record'} ${nameOf(id)}` }, ...owner]);
    }
  }
  return null;
}

/** A pod, then each of its interfaces with its location. */
export function podHits(replica: Replica, id: string): Hit[] {
  const pod = replica.records.pods.get(id);
  if (pod === undefined) return [];
  const interfaces = [...(replica.indexes.interfacesByPod.get(id) ?? [])].sort(byNaturalName);
  return [
    hit('pod', id, podSteps(pod)),
    ...interfaces.flatMap((key) => {
      const found = replica.records.interfaces.get(key);
      if (found === undefined) return [];
      const address = words(found.ips.length === 0 ? 'no address' : found.ips.join(', '));
      return [hit('interface', key, [address, ...interfaceSteps(replica, found)])];
    }),
  ];
}
