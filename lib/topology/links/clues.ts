/**
 * Evidence for the place of an interface of a NetworkAttachmentDefinition (multus §3.5): MAC, address, inventory, subnet,
 * default route, name. Each clue has its candidates and a certainty; the decision is in `extra-interfaces`.
 */
import type { NetworkConfig } from '../../cni/config';
import { hostNicId } from '../../model/ids';
import { cidrContains, parseCidr } from '../../model/ip';
import type { Certainty } from '../../model/records';
import type { LinkRule } from '../../model/vocabulary';
import type { NodeContext } from '../context/context';
import { subnetPlace } from '../facts/cluster';
import type { KnownLink } from '../context/host-links';
import type { InterfaceDraft } from './interface-drafts';
import { hitEvidence, inWords, tied, type Judgement } from './link';
import { isPrimaryEni } from '../context/management';
import { nodeEniHint } from './node-eni';
import type { EniShape } from '../facts/parts';

/** One piece of evidence: its candidates, its certainty, and a sentence. */
export interface Clue {
  readonly rule: LinkRule;
  readonly certainty: Exclude<Certainty, 'unknown'>;
  /** One ENI: the link. Several: candidates, and no link by this rule. */
  readonly enis: readonly EniShape[];
  readonly hostNic: string | null;
  readonly text: string;
  /** Too weak to link by: its ENIs are only candidates. */
  readonly isWeak?: boolean;
}

/** The parent of a network on one node: from its NAD, or from the pod's own request. */
interface Parent {
  readonly kind: NetworkConfig['parent']['kind'];
  readonly value: string | null;
}

/** The fields of an interface that hint at its place on the host. */
export type PlacementHints = Pick<InterfaceDraft, 'ips' | 'mac' | 'device' | 'pfPciAddress' | 'masters'>;

/** Parents without a host link: a bridge's uplink cannot be derived, and a container link is inside the pod. */
const UNRESOLVABLE: ReadonlySet<Parent['kind']> = new Set(['bridge', 'container-link', 'none']);

/** Whether the config was read, and names a plugin that creates an interface. */
export const isReadable = (config: NetworkConfig | null): config is NetworkConfig =>
  config?.state === 'valid' && config.mainPlugin !== null;

/** The parent of a pod’s interface: as the pod requests it, else as the network’s config defines it. */
export const parentOf = (draft: Pick<InterfaceDraft, 'masters'>, config: NetworkConfig | null): Parent => {
  const [master, ...more] = draft.masters;
  if (master !== undefined && more.length === 0) return { kind: 'host-device', value: master };
  return config === null ? { kind: 'unknown', value: null } : config.parent;
};

/** 1: a MAC that is an ENI's. Not used if the plugin generates its own MACs, nor for entries of aws-cni. */
function byMac(context: NodeContext, draft: PlacementHints, config: NetworkConfig | null): Clue | null {
  if (draft.mac === null || (isReadable(config) && config.semantics.macPolicy === 'own')) return null;
  const eni = context.enis.find(({ mac }) => mac === draft.mac);
  if (eni === undefined) return null;
  return {
    rule: 'mac',
    certainty: 'observed',
    enis: [eni],
    hostNic: nicOf(context, eni),
    text: `network-status reports the MAC of ${inWords(eni)}.`,
  };
}

/** 2: an address that EC2 lists on an ENI of the node. */
export function byAddress(context: NodeContext, judgements: readonly Judgement[]): Clue | null {
  const hits = judgements.flatMap((judgement) => judgement.hits);
  const [hit] = hits;
  if (hit === undefined) return null;
  const alike = tied(judgements.find((judgement) => judgement.hits.length > 0)?.hits ?? []);
  if (alike.length > 1) {
    const text = `EC2 lists the address on ${alike.map(inWords).join(' and on ')} of this node.`;
    return { rule: hit.rule, certainty: 'inferred', enis: alike, hostNic: null, text };
  }
  const elsewhere = judgements.flatMap((judgement) => judgement.elsewhere);
  const enis = [...new Set(hits.map(({ eni }) => eni))];
  const contested = elsewhere.length > 0 || enis.length > 1;
  return {
    rule: hit.rule,
    certainty: contested ? 'inferred' : 'observed',
    enis: [hit.eni],
    hostNic: nicOf(context, hit.eni),
    text: contested
      ? `${hitEvidence(hit)} ${[...enis.slice(1), ...elsewhere].map(({ id }) => id).join(', ')} claims an address of this interface, too.`
      : hitEvidence(hit),
  };
}

function fromInventory(
  context: NodeContext,
  known: KnownLink,
  rule: 'host-inventory' | 'device-info',
  what: string,
): Clue {
  const { link, source, eni } = known;
  const nic = hostNicId(context.name, link.name);
  const listed = what === link.name ? what : `${what} as ${link.name}`;
  return {
    rule,
    certainty: 'observed',
    enis: eni === null ? [] : [eni],
    hostNic: nic,
    text:
      eni === null
        ? `${source} lists ${listed} on this node.`
        : `${source} lists ${listed} with the MAC of ${inWords(eni)}.`,
  };
}

/** 3a: the device in network-status, found in an inventory by its PCI address. */
function byDevice(context: NodeContext, draft: PlacementHints): Clue | null {
  for (const address of [draft.device?.pciAddress, draft.pfPciAddress]) {
    const known = address == null ? undefined : context.links.byPci(address);
    if (known !== undefined) return fromInventory(context, known, 'device-info', `PCI device ${address ?? ''}`);
  }
  return null;
}

/** 3b: an inventory that lists the parent by its name, PCI address or MAC. */
function byInventory(context: NodeContext, parent: Parent): Clue | null {
  if (parent.value === null) return null;
  const known =
    parent.kind === 'host-device'
      ? context.links.byName(parent.value)
      : parent.kind === 'pci'
        ? context.links.byPci(parent.value)
        : parent.kind === 'hwaddr'
          ? context.links.byMac(parent.value)
          : undefined;
  return known === undefined ? null : fromInventory(context, known, 'host-inventory', parent.value);
}

function byHwaddr(context: NodeContext, parent: Parent): Clue | null {
  if (parent.kind !== 'hwaddr') return null;
  const eni = context.enis.find(({ mac }) => mac !== null && mac === parent.value);
  if (eni === undefined) return null;
  return {
    rule: 'hwaddr',
    certainty: 'observed',
    enis: [eni],
    hostNic: nicOf(context, eni),
    text: `The network names MAC ${parent.value ?? ''}, which belongs to ${inWords(eni)}.`,
  };
}

/** 4: addresses, or else the network's range, inside the subnet of one attached ENI other than the primary. */
function bySubnet(context: NodeContext, draft: PlacementHints, config: NetworkConfig | null): Clue | null {
  const ranges = draft.ips.length > 0 ? [] : (config?.ipam?.subnets ?? []);
  const inside = (eni: EniShape): boolean => {
    const subnet = eni.subnet === null ? null : context.facts.ask(subnetPlace, eni.subnet);
    return [subnet?.cidr, subnet?.ipv6Cidr].some((text) => {
      const cidr = text == null ? null : parseCidr(text);
      if (cidr === null) return false;
      if (draft.ips.some((ip) => cidrContains(cidr, ip))) return true;
      return ranges.some((range) => {
        const own = parseCidr(range);
        return own?.family === cidr.family && own.first >= cidr.first && own.last <= cidr.last;
      });
    });
  };
  const enis = context.enis.filter(
    (eni) =>
      eni.instanceId !== null &&
      !isPrimaryEni(eni) &&
      !['efa-only', 'trunk', 'branch'].includes(eni.interfaceType) &&
      inside(eni),
  );
  const [eni] = enis;
  if (eni === undefined) return null;
  const what = draft.ips.length > 0 ? 'The address lies' : "The network's range lies";
  return {
    rule: 'subnet',
    certainty: 'inferred',
    enis,
    hostNic: enis.length === 1 ? nicOf(context, eni) : null,
    text:
      enis.length === 1
        ? `${what} in subnet ${eni.subnet ?? ''}, where ${inWords(eni)} is the only further ENI of this node.`
        : `${what} in a subnet of several ENIs of this node: ${enis.map(inWords).join(', ')}.`,
  };
}

/** 5: no master: the link with the default route, which is the primary ENI's. */
function byDefaultRoute(context: NodeContext, parent: Parent): Clue | null {
  if (parent.kind !== 'default-route') return null;
  const eni = context.enis.find(isPrimaryEni);
  if (eni === undefined) return null;
  return {
    rule: 'default-route-nic',
    certainty: 'inferred',
    enis: [eni],
    hostNic: nicOf(context, eni),
    text: `The network names no master, so the plugin takes the link with the default route, which belongs to ${inWords(eni)}.`,
  };
}

/** 6: the place that the parent's name implies under the node's OS. On a node without ENIs, the name itself is the NIC. */
function byName(context: NodeContext, parent: Parent): Clue | null {
  if (parent.kind !== 'host-device' || parent.value === null) return null;
  if (context.instanceId === null) {
    return {
      rule: 'name-heuristic',
      certainty: 'inferred',
      enis: [],
      hostNic: hostNicId(context.name, parent.value),
      text: `The network names host interface ${parent.value}; no inventory of this node confirms it.`,
    };
  }
  const reading = context.links.readName(parent.value);
  const [eni] = reading.enis;
  if (eni === undefined || reading.grade === 'none') return null;
  return {
    rule: 'name-heuristic',
    certainty: 'inferred',
    enis: reading.enis,
    hostNic: nicOf(context, eni),
    text: `The network names ${parent.value}: ${reading.evidence}; there is ${inWords(eni)}.`,
    // Slot names usually, but not always, follow the device index (multus §3.4): a candidate, not a link.
    isWeak: reading.grade === 'low',
  };
}

/** 6, with NodeENIs instead of EC2 (multus §4.6). */
function byNodeEni(context: NodeContext, parent: Parent): Clue | null {
  if (parent.kind !== 'host-device' || parent.value === null) return null;
  const hint = nodeEniHint(context, parent.value);
  if (hint === null) return null;
  return {
    rule: 'name-heuristic',
    certainty: 'inferred',
    hostNic: hint.enis.length === 1 ? hostNicId(context.name, parent.value) : null,
    ...hint,
  };
}

/** The host link of an ENI: from an inventory, else the name that the node's OS probably assigns. */
function nicOf(context: NodeContext, eni: EniShape): string | null {
  const name = context.links.nameOf(eni)?.link.name ?? context.links.guessName(eni);
  return name === null ? null : hostNicId(context.name, name);
}

/** Why no clue was found, in terms of the network. */
export function unresolved(context: NodeContext, parent: Parent, config: NetworkConfig | 'former' | null): string {
  if (config === 'former')
    return 'The network’s config was changed after the pod started, which keeps the former one; nothing else shows which ENI carries the interface.';
  if (config === null) return 'The network does not exist, and nothing else shows which ENI carries the interface.';
  if (config.state !== 'valid' || config.mainPlugin === null) {
    return `The network's config does not say (${config.parentEvidence}), and nothing else does.`;
  }
  if (UNRESOLVABLE.has(parent.kind))
    return `The network's config: ${config.description}. No host NIC can be named for it.`;
  if (parent.kind === 'host-device' && parent.value !== null && context.instanceId !== null) {
    return `The network names ${parent.value}: ${context.links.readName(parent.value).evidence}.`;
  }
  return `The host link that it uses is not known: ${config.parentEvidence}.`;
}

/** The evidence for one interface, best first. */
export function clues(
  context: NodeContext,
  draft: PlacementHints,
  config: NetworkConfig | null,
  judgements: readonly Judgement[],
): readonly Clue[] {
  const parent = parentOf(draft, config);
  const direct = [byMac(context, draft, config), byAddress(context, judgements), byDevice(context, draft)];
  const known = (clue: Clue | null): clue is Clue => clue !== null;
  if (isReadable(config) && (UNRESOLVABLE.has(parent.kind) || !config.semantics.kernelInterface)) {
    // A bridge or an overlay may use addresses and MACs that coincide with an ENI's; aws-cni's are an ENI's by design.
    // One link on top of another in the pod has the same ENI below it, which the MAC shows. A bond has several.
    const isOnOneLink = parent.kind === 'container-link' && parent.value?.includes(',') === false;
    return config.semantics.leavesNodeOnEni || isOnOneLink ? direct.filter(known) : [];
  }
  return [
    ...direct,
    byInventory(context, parent),
    byHwaddr(context, parent),
    bySubnet(context, draft, config),
    byDefaultRoute(context, parent),
    byName(context, parent),
    byNodeEni(context, parent),
  ].filter(known);
}
