/** Which other interfaces have this address or MAC: a conflict, a live migration, or the way the plugin works? */
import type { EniRecord, InterfaceRecord, PodRecord } from '../../model/records';
import { CLUSTER_NETWORK } from '../../model/ids';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { lookup } from '../../view/lookup/lookup';
import { fact, factOf, inferred, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { enumerated, nameOf, placeOf } from '../shared/words';

interface Holder {
  readonly iface: InterfaceRecord;
  readonly pod: PodRecord;
}

const holdersOf = ({ records }: Replica, ids: Iterable<string>): readonly Holder[] =>
  [...ids].sort(byNaturalName).flatMap((id): readonly Holder[] => {
    const iface = records.interfaces.get(id);
    const pod = iface === undefined || iface.state === 'requested' ? undefined : records.pods.get(iface.pod);
    return iface === undefined || pod === undefined ? [] : [{ iface, pod }];
  });

const holderFact = ({ iface, pod }: Holder): Evidence =>
  fact(
    iface.id,
    `${iface.name ?? 'unnamed interface'} of pod ${nameOf(pod.id)} on ${pod.node === null ? 'no node' : nameOf(pod.node)}, network ${nameOf(iface.network)}, ${pod.deleting ? 'being deleted' : pod.phase}${pod.owner === null ? '' : `, owner ${pod.owner.kind} ${pod.owner.name}`}`,
  );

const eniFact = (eni: EniRecord, what: string): Evidence => fact(eni.id, `${placeOf(eni)} ${what}`);

/**
 * The KubeVirt machine of the holders' pods: during a live migration there are two pods (source and target) of one machine
 * with one address.
 */
function machineOf(holders: readonly Holder[]): string | null {
  const [first] = holders;
  if (first?.pod.owner?.kind !== 'VirtualMachineInstance') return null;
  const { name } = first.pod.owner;
  const alike = holders.every(
    ({ pod }) =>
      pod.owner?.kind === 'VirtualMachineInstance' && pod.owner.name === name && pod.namespace === first.pod.namespace,
  );
  return alike ? `${first.pod.namespace}/${name}` : null;
}

/** Whether neither of two interfaces can reach the other. */
function isApart({ records }: Replica, holders: readonly Holder[]): boolean {
  const nodes = new Set(holders.map(({ pod }) => pod.node));
  return (
    nodes.size === holders.length &&
    holders.every(({ iface }) => records.networks.get(iface.network)?.semantics?.perNode === true)
  );
}

const podNames = (holders: readonly Holder[]): string =>
  enumerated([...new Set(holders.map(({ pod }) => nameOf(pod.id)))]);

/** Why several pods have one address. */
function several(replica: Replica, what: string, holders: readonly Holder[]): Omit<Reply, 'evidence'> {
  const machine = machineOf(holders);
  if (machine !== null)
    return {
      sentence: `${what} is on ${podNames(holders)}, which run one virtual machine, ${machine}: a live migration, no conflict.`,
      certainty: 'inferred',
    };
  const staying = holders.filter(({ pod }) => !pod.deleting);
  if (staying.length < 2)
    return {
      sentence: `${what} passes from a pod that is being deleted to another: ${podNames(holders)}; no conflict once that one is gone.`,
      certainty: 'inferred',
    };
  if (isApart(replica, holders))
    return {
      sentence: `${what} is on ${podNames(holders)}, each on another node, where ${enumerated([...new Set(holders.map(({ iface }) => nameOf(iface.network)))])} is separate: no conflict, unless an uplink joins the nodes’ bridges to one LAN, which no config tells.`,
      certainty: 'inferred',
    };
  return {
    sentence: `${what} is on ${podNames(holders)} at once, all of them live: a conflict.`,
    certainty: 'observed',
  };
}

/** The result of a lookup for an address or MAC that no pod has; null if it finds nothing. */
export function knownAs(replica: Replica, what: string): Reply | null {
  const { hits } = lookup(replica, what);
  const [hit] = hits;
  if (hit === undefined) return null;
  return observed(
    `No known pod has ${what}; it is known as: ${hit.text}.`,
    hits.map(({ id, text }) => fact(id, text)),
  );
}

/** The holders of an address, and whether that is a conflict. */
export function holdersOfAddress(replica: Replica, ip: string): Reply {
  const { records, indexes } = replica;
  const ids = indexes.ownersByIp.get(ip) ?? new Set<string>();
  const holders = holdersOf(replica, ids);
  const enis = [...ids].sort(byNaturalName).flatMap((id) => records.enis.get(id) ?? []);
  const evidence = [
    ...holders.map(holderFact),
    ...enis.map((eni) =>
      eniFact(eni, `has it, state ${eni.addresses.find((one) => one.ip === ip)?.state ?? 'not known'}`),
    ),
    // Each of the pods has a finding with the same content.
    ...holders.slice(0, 1).flatMap(({ iface }) =>
      recordsOf(indexes.findingsBySubject, iface.id, records.findings)
        .filter(
          ({ rule, subjects }) =>
            subjects[0] === iface.id &&
            ['duplicate-address', 'pod-on-primary-address', 'address-not-on-eni'].includes(rule),
        )
        .map(factOf),
    ),
  ];
  const pods = new Set(holders.map(({ pod }) => pod.id));
  if (pods.size > 1) return { ...several(replica, ip, holders), evidence };
  if (enis.length > 1)
    return unknown(
      `${enumerated(enis.map(({ id }) => id))} all claim ${ip} in EC2’s answers${pods.size === 0 ? '' : `, and ${podNames(holders)} has it`}: it moved between them, or they are in different VPCs.`,
      evidence,
    );
  if (pods.size === 1) return observed(`Only ${podNames(holders)} has ${ip}, as far as ifscope knows.`, evidence);
  return (
    knownAs(replica, ip) ?? unknown(`No holder of ${ip} is known: ${lookup(replica, ip).note ?? 'no record names it'}.`)
  );
}

/** Whether the interfaces share their parent's MAC: ipvlan always does, and an SR-IOV or host-device link keeps that of its ENI. */
function sharesParent({ records }: Replica, holders: readonly Holder[]): boolean {
  return holders.every(
    ({ iface }) =>
      iface.network === CLUSTER_NETWORK || records.networks.get(iface.network)?.semantics?.macPolicy === 'parent',
  );
}

/** The holders of a MAC, and whether that is a conflict. */
export function holdersOfMac(replica: Replica, mac: string): Reply {
  const { records, indexes } = replica;
  const ids = indexes.ownersByMac.get(mac) ?? new Set<string>();
  const holders = holdersOf(replica, ids);
  const enis = [...ids].sort(byNaturalName).flatMap((id) => records.enis.get(id) ?? []);
  const evidence = [...enis.map((eni) => eniFact(eni, 'has it')), ...holders.map(holderFact)];
  const pods = new Set(holders.map(({ pod }) => pod.id));
  const [eni] = enis;
  if (pods.size === 0 && eni === undefined)
    return knownAs(replica, mac) ?? unknown(`No ENI and no pod interface is known to have ${mac}.`);
  if (pods.size === 0 && eni !== undefined)
    return observed(`${placeOf(eni)} has ${mac}, and no pod interface.`, evidence);
  const nodes = new Set(holders.map(({ pod }) => pod.node));
  if (sharesParent(replica, holders) && nodes.size === 1)
    return inferred(
      `${podNames(holders)} ${pods.size === 1 ? 'has' : 'have'} ${mac}, that of ${eni === undefined ? 'their parent on the node' : placeOf(eni)}: the plugin lends it, so this is no conflict.`,
      evidence,
    );
  if (pods.size > 1) return { ...several(replica, mac, holders), evidence };
  return observed(`Only ${podNames(holders)} has ${mac}, as far as ifscope knows.`, evidence);
}

/** Whether pods other than these interfaces' have one of their addresses or MACs, and what that means. */
function sharers(replica: Replica, interfaces: readonly InterfaceRecord[], name: string): Reply {
  const { records, indexes } = replica;
  const own = new Set(interfaces.map(({ pod }) => pod));
  const isElsewhere = (ids: Iterable<string> = []): boolean =>
    [...ids].some((id) => {
      const face = records.interfaces.get(id);
      return face !== undefined && !own.has(face.pod);
    });
  const ips = [...new Set(interfaces.flatMap((iface) => iface.ips))].sort(byNaturalName);
  const macs = [...new Set(interfaces.flatMap(({ mac }) => mac ?? []))].sort();
  const held = [
    ...ips.map((what) => ({ what, ids: indexes.ownersByIp.get(what), reply: holdersOfAddress(replica, what) })),
    ...macs.map((what) => ({ what, ids: indexes.ownersByMac.get(what), reply: holdersOfMac(replica, what) })),
  ];
  if (held.length === 0) return observed(`${name} has no address or MAC of its own.`);
  const shared = held.filter(({ ids, reply }) => isElsewhere(ids) || reply.certainty === 'unknown');
  const replies = shared.map(({ reply }) => reply);
  if (replies.length === 0)
    return observed(
      `Nobody else is known to have ${listed(held.map(({ what }) => what))}.`,
      held.flatMap(({ reply }) => [fact(null, reply.sentence), ...reply.evidence]),
    );
  return {
    sentence: replies.map(({ sentence }) => sentence).join(' '),
    certainty: replies.find(({ certainty }) => certainty !== 'observed')?.certainty ?? 'observed',
    evidence: replies.flatMap(({ evidence }) => evidence),
  };
}

const listed = (all: readonly string[]): string => enumerated(all).replace(/ and ([^ ]+)$/, ' or $1');

/** Who else has what an interface has. */
export function sharersOfInterface(replica: Replica, id: string): Reply {
  const iface = replica.records.interfaces.get(id);
  return iface === undefined ? unknown(`${nameOf(id)} is not known.`) : sharers(replica, [iface], nameOf(id));
}

/** Who else has what a pod's interfaces have. */
export const sharersOfPod = (replica: Replica, id: string): Reply =>
  sharers(replica, recordsOf(replica.indexes.interfacesByPod, id, replica.records.interfaces), nameOf(id));
