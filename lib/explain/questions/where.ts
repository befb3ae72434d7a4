/** On which ENI is this interface? */
import type { InterfaceAddress, InterfaceRecord } from '../../model/records';
import { CLUSTER_NETWORK } from '../../model/ids';
import { CERTAINTY_RANK, type Certainty } from '../../model/vocabulary';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { knownAs } from './holders';
import { fact, factOf, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { enumerated, nameOf, placeOf } from '../shared/words';

const RULES = new Set([
  'address-not-on-eni',
  'pod-address-not-on-node',
  'pod-on-primary-address',
  'network-subnet-mismatch',
]);

function placeWords({ records }: Replica, iface: InterfaceRecord): string {
  const eni = records.enis.get(iface.eni ?? '');
  if (eni !== undefined) return `is ${iface.link.certainty === 'observed' ? '' : 'most likely '}on ${placeOf(eni)}`;
  if (iface.state === 'requested' && iface.network === CLUSTER_NETWORK) return 'has no address yet, so it is on no ENI';
  if (iface.state === 'requested') return 'does not exist: it is requested but not reported';
  if (iface.hostNic !== null) return `is on the host NIC ${nameOf(iface.hostNic)}, whose ENI is not known`;
  if (iface.link.candidates.length > 0) return `is on one of ${enumerated(iface.link.candidates)}: which is not known`;
  if (iface.addresses.length > 0 && iface.addresses.every(({ backed }) => backed === 'not-applicable'))
    return 'is on no ENI: its traffic stays on the node, or leaves under the node’s address';
  return 'is on no ENI that ifscope knows of';
}

const BACKED: Readonly<Record<InterfaceAddress['backed'], string>> = {
  eni: 'EC2 lists it on',
  'other-node': 'EC2 lists it on an ENI that is not of its node',
  none: 'no ENI has it, so nothing outside the node reaches it',
  'not-applicable': 'no ENI needs to have it',
  unknown: 'whether an ENI has it is not known',
};

/** Addresses of the interface that EC2 lists on another ENI than the interface's own. */
function contradictions({ records }: Replica, iface: InterfaceRecord): readonly (readonly [ip: string, eni: string])[] {
  if (iface.link.certainty !== 'observed' || !records.enis.has(iface.eni ?? '')) return [];
  return iface.addresses.flatMap(({ ip, eni }) => (eni === null || eni === iface.eni ? [] : [[ip, eni] as const]));
}

function factsOf(replica: Replica, iface: InterfaceRecord): readonly Evidence[] {
  const { records, indexes } = replica;
  const { link } = iface;
  const attachments = recordsOf(indexes.attachmentsByNetwork, iface.network, records.attachments).filter(
    ({ node }) => node === iface.node,
  );
  return [
    fact(
      iface.id,
      `${iface.name ?? 'unnamed interface'} of ${iface.network === CLUSTER_NETWORK ? 'the cluster network' : nameOf(iface.network)}: ${link.certainty} by ${link.rule}${link.evidence === '' ? '' : `; ${link.evidence}`}`,
    ),
    ...iface.addresses.map(({ ip, backed, eni }) =>
      fact(eni ?? iface.id, `${ip}: ${BACKED[backed]}${eni === null ? '' : ` ${eni}`}`),
    ),
    ...attachments.map(({ id, evidence, certainty, eni, hostNic }) => {
      const nic = hostNic === null ? undefined : records.hostNics.get(hostNic);
      return fact(
        id,
        `the network’s parent on the node: ${nic === undefined ? '' : `${nic.name}${nic.up === false ? ', which is down' : ''}, `}${eni ?? 'ENI not known'} (${certainty})${evidence === '' ? '' : `; ${evidence}`}`,
      );
    }),
    ...recordsOf(indexes.findingsBySubject, iface.id, records.findings)
      .filter(({ rule }) => RULES.has(rule))
      .map(factOf),
  ];
}

const ofFace = (iface: InterfaceRecord): Certainty =>
  iface.eni === null && iface.link.candidates.length > 0 ? 'unknown' : iface.link.certainty;

function reply(replica: Replica, interfaces: readonly InterfaceRecord[], lead: string): Reply {
  const places = interfaces.map((iface) => {
    const against = contradictions(replica, iface).map(([ip, eni]) => `EC2 delivers ${ip} to ${eni}`);
    const place = `${iface.name ?? 'an unnamed interface'} of ${nameOf(iface.pod)} ${placeWords(replica, iface)}`;
    return against.length === 0 ? place : `${place}, but ${enumerated(against)}`;
  });
  const worst = interfaces.map(ofFace).reduce((a, b) => (CERTAINTY_RANK[a] > CERTAINTY_RANK[b] ? a : b), 'observed');
  return {
    sentence: `${lead}${places.slice(0, 4).join('; ')}${places.length > 4 ? `; and ${places.length - 4} more` : ''}.`,
    certainty: worst,
    evidence: interfaces.flatMap((iface) => factsOf(replica, iface)),
  };
}

/** The ENI of an interface. */
export function whereInterface(replica: Replica, id: string): Reply {
  const iface = replica.records.interfaces.get(id);
  return iface === undefined ? unknown(`${nameOf(id)} is not known.`) : reply(replica, [iface], '');
}

/** The ENIs of the pod's additional interfaces, else that of its only one. */
export function wherePod(replica: Replica, id: string): Reply {
  const { records, indexes } = replica;
  const pod = records.pods.get(id);
  if (pod === undefined) return unknown(`${nameOf(id)} is not known.`);
  const all = recordsOf(indexes.interfacesByPod, id, records.interfaces).sort(
    (a, b) => (a.requestIndex ?? -1) - (b.requestIndex ?? -1) || byNaturalName(a.id, b.id),
  );
  const extra = all.filter(({ network }) => network !== CLUSTER_NETWORK);
  if (all.length > 0) return reply(replica, extra.length > 0 ? extra : all, '');
  return pod.hostNetwork
    ? observed(`${nameOf(id)} runs on the host network and has no interface of its own.`, [])
    : unknown(`${nameOf(id)} has no interface that ifscope knows of.`);
}

/** The ENI of an address. */
export function whereAddress(replica: Replica, ip: string): Reply {
  const { records, indexes } = replica;
  const owners = [...(indexes.ownersByIp.get(ip) ?? [])].sort(byNaturalName);
  const interfaces = owners.flatMap((id) => records.interfaces.get(id) ?? []);
  if (interfaces.length > 0) return reply(replica, interfaces, `${ip}: `);
  const enis = owners.flatMap((id) => records.enis.get(id) ?? []);
  if (enis.length === 0) return knownAs(replica, ip) ?? unknown(`No pod interface and no ENI is known to have ${ip}.`);
  return observed(
    `${ip} is on ${enumerated(enis.map(placeOf))}; no pod interface that ifscope knows of has it.`,
    enis.map((eni) =>
      fact(
        eni.id,
        `EC2: ${eni.id} has ${ip}, state ${eni.addresses.find((one) => one.ip === ip)?.state ?? 'not known'}`,
      ),
    ),
  );
}
