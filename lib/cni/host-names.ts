/**
 * What a host link's name implies about the ENI's device index, by operating system (multus §3.4–3.5): the weakest
 * evidence. A name follows the order of attachment or the PCI slot, never the device index itself.
 */
import { readLinkName } from './base/link-name';

/** Operating systems by how they name links. */
export type OsFamily = 'al2' | 'al2023' | 'bottlerocket' | 'ubuntu' | 'windows' | 'other';

/** From `node.status.nodeInfo.osImage`; `other` if not recognised. */
export function osFamily(osImage: string | null): OsFamily {
  const text = (osImage ?? '').slice(0, 128);
  if (/^Amazon Linux 2(\s|$|\()/i.test(text)) return 'al2';
  if (/^Amazon Linux 2023/i.test(text)) return 'al2023';
  if (/^Bottlerocket/i.test(text)) return 'bottlerocket';
  if (/^Ubuntu/i.test(text)) return 'ubuntu';
  if (/^Windows/i.test(text)) return 'windows';
  return 'other';
}

/** The inputs of a node's naming rules. Null means unknown. */
export interface HostOfNames {
  readonly osImage: string | null;
  readonly instanceType: string | null;
  /** Number of the instance's network cards; with more than one, a name is less conclusive. Null if unknown. */
  readonly cards?: number | null;
}

/** How reliable a name is; `strong` only for names that contain card and device. */
export type NameGrade = 'strong' | 'medium' | 'low' | 'none';

/** What a link name implies about the ENI behind it; null if nothing. */
export interface HostNameReading {
  readonly deviceIndex: number | null;
  readonly card: number | null;
  /** The ENI's ID, if the link is named after it. */
  readonly eni: string | null;
  readonly grade: NameGrade;
  /** One sentence without a full stop. */
  readonly evidence: string;
  /** Why this OS should not have such a name (multus §6 P23); null if it may. */
  readonly suspicious: string | null;
}

/** How slots are numbered on an instance type: the primary's slot, and whether later ENIs follow in order. */
type SlotNames = 'slot-5' | 'graviton4' | 'intel8' | 'xen' | 'unknown';

const XEN = /^(t1|t2|m1|m2|m3|m4|c1|c3|c4|cc2|cr1|r3|r4|x1e?|p2|p3|g2|g3s?|f1|d2|h1|i2|i3|hs1)$/;
const CLASSIC_NITRO = /^(?:[mcr][567]|t3|t4|x2|i4|g4|g5|g6|z1)[a-z]*$|^i3en$|^d3(en)?$/;

function slotNames(instanceType: string | null): SlotNames {
  const [family = '', size = ''] = (instanceType ?? '').toLowerCase().split('.', 2);
  // 24xlarge and metal sizes attach ENIs behind other bridges; only confirmed names are used.
  if (size.startsWith('metal')) return 'unknown';
  if (XEN.test(family)) return 'xen';
  if (/^[a-z]+8g[a-z]*$/.test(family)) return 'graviton4';
  if (/^[a-z]+8i[a-z-]*$/.test(family)) return 'intel8';
  return CLASSIC_NITRO.test(family) ? 'slot-5' : 'unknown';
}

/** The primary ENI's link name by slot naming, as reported by users (multus §3.4). */
const PRIMARY: Readonly<Record<SlotNames, string | null>> = {
  'slot-5': 'ens5',
  graviton4: 'ens34',
  intel8: 'enp39s0',
  xen: 'enX0',
  unknown: null,
};

const nothing = (evidence: string, suspicious: string | null = null): HostNameReading => ({
  deviceIndex: null,
  card: null,
  eni: null,
  grade: 'none',
  evidence,
  suspicious,
});

/** A cluster has few kinds of hosts and few link names, and every node has the same ones, so results are cached. */
const MAX_CACHED = 10_000;

/** The lengths make the key unambiguous. */
const textOf = (place: string, { cards, instanceType, osImage }: HostOfNames): string =>
  `${place.length} ${place}${cards ?? ''} ${instanceType?.length ?? ''} ${instanceType ?? ''}${osImage ?? ''}`;

/** Returns the cached answer, or finds and caches it. */
function known<T>(answers: Map<string, T>, question: string, find: () => T): T {
  let answer = answers.get(question);
  if (answer !== undefined) return answer;
  answer = find();
  if (answers.size >= MAX_CACHED) answers.clear();
  answers.set(question, answer);
  return answer;
}

const readings = new Map<string, HostNameReading>();

/** Reads a link name on one node. */
export const readHostName = (name: string, host: HostOfNames): HostNameReading =>
  known(readings, textOf(name, host), () => read(name, host));

function read(name: string, host: HostOfNames): HostNameReading {
  const os = osFamily(host.osImage);
  const altname = /^device-number-(\d{1,3})(?:\.(\d{1,3}))?$/.exec(name);
  if (altname !== null) {
    return {
      deviceIndex: Number(altname[1]),
      card: Number(altname[2] ?? 0),
      eni: null,
      grade: 'strong',
      evidence: `${name} is an alternative name that spells out device index and card`,
      suspicious: 'such names come from net-utils 2, which the EKS AMI does not run',
    };
  }
  if (/^eni-[0-9a-f]{8,17}$/.test(name)) {
    return {
      ...nothing(`${name} is an alternative name that spells out the ENI`),
      eni: name,
      grade: 'strong',
      suspicious: 'such names come from net-utils 2, which the EKS AMI does not run',
    };
  }
  const link = readLinkName(name);
  if (link.kind === 'vlan' && link.base !== null) {
    const base = readHostName(link.base, host);
    return {
      ...base,
      grade: base.grade === 'none' ? 'none' : 'low',
      evidence: `${name} may be a VLAN on ${link.base}: ${base.evidence}`,
    };
  }
  const eth = /^eth(\d{1,3})$/.exec(name);
  if (eth !== null) return readEth(Number(eth[1]), name, os, host);
  const ens = /^en(?:s|p|X|o)\d/.test(name);
  if (ens) return readPredictable(name, os, host);
  return nothing(`${name} follows no naming of ENIs`);
}

function readEth(index: number, name: string, os: OsFamily, host: HostOfNames): HostNameReading {
  const reading = { deviceIndex: index, card: 0, eni: null } as const;
  if (os === 'al2' || os === 'bottlerocket') {
    const many = (host.cards ?? 1) > 1;
    return {
      ...reading,
      grade: many ? 'low' : 'medium',
      evidence:
        `on ${host.osImage ?? 'this OS'} ${name} is device index ${index} if the ENIs were attached in order` +
        (many ? '; this instance has several cards, which the name does not tell apart' : ''),
      suspicious: null,
    };
  }
  if (os === 'al2023' || os === 'ubuntu') {
    return nothing(
      `on ${host.osImage ?? 'this OS'} links are named after their slot`,
      `${name} does not exist on ${host.osImage ?? 'this OS'} unless it was started with net.ifnames=0`,
    );
  }
  return nothing(`how ${host.osImage ?? 'this OS'} names its links is not known`);
}

function readPredictable(name: string, os: OsFamily, host: HostOfNames): HostNameReading {
  if (os === 'al2' || os === 'bottlerocket') {
    return nothing(
      `on ${host.osImage ?? 'this OS'} links are named eth0, eth1 …`,
      `${name} does not exist on ${host.osImage ?? 'this OS'}, which names its links eth0, eth1 …`,
    );
  }
  if (os !== 'al2023' && os !== 'ubuntu')
    return nothing(`how ${host.osImage ?? 'this OS'} names its links is not known`);
  const slots = slotNames(host.instanceType);
  const type = host.instanceType ?? 'an unknown instance type';
  if (name === PRIMARY[slots]) {
    return { ...nothing(`on ${type} the primary ENI has been seen as ${name}`), deviceIndex: 0, card: 0, grade: 'low' };
  }
  const slot = /^ens(\d{1,3})$/.exec(name);
  if (slots === 'slot-5' && slot !== null && Number(slot[1]) >= 5 && (host.cards ?? 1) === 1) {
    const index = Number(slot[1]) - 5;
    return {
      ...nothing(
        `on ${type} ENIs usually take PCI slots from 5 on in order of attachment, which makes ${name} device index ${index}`,
      ),
      deviceIndex: index,
      card: 0,
      grade: 'low',
    };
  }
  return nothing(`${name} names a PCI slot, and which ENI sits there on ${type} is not known`);
}

/** A link name that an ENI may have on the host. */
export interface HostName {
  readonly name: string;
  readonly grade: NameGrade;
}

const names = new Map<string, readonly HostName[]>();

/** Link names that the ENI at this card and device may have on the node, best first; empty if no rule applies. */
export const hostNamesOf = (deviceIndex: number, card: number, host: HostOfNames): readonly HostName[] =>
  known(names, textOf(`${deviceIndex} ${card}`, host), () => searchNames(deviceIndex, card, host));

function searchNames(deviceIndex: number, card: number, host: HostOfNames): readonly HostName[] {
  const candidates = [
    `eth${deviceIndex}`,
    `ens${5 + deviceIndex}`,
    ...Object.values(PRIMARY).flatMap((name) => name ?? []),
  ];
  return [...new Set(candidates)].flatMap((name) => {
    const read = readHostName(name, host);
    return read.deviceIndex === deviceIndex && read.card === card && read.grade !== 'none'
      ? [{ name, grade: read.grade }]
      : [];
  });
}
