/** What follows for nodes and ENIs from how a cluster was put together. */
import { believedTruth, strayTruth } from './believed';
import { keyed } from './compare';
import { inEc2, type Eni, type Held } from './eni';
import type { Node } from './node';
import { isSince } from './oracle';
import type { Fields } from './types';

export function nodeTruth(node: Node): Fields {
  const { settings } = node;
  if (settings === null) return { name: node.name, instanceId: node.instance, pools: [] };
  const slots = node.managedCards.map((card) => node.cardSlots(card));
  const sum = (field: 'limit' | 'used' | 'unmanaged' | 'reserved' | 'free'): number =>
    slots.reduce((total, one) => total + one[field], 0);
  return {
    name: node.name,
    instanceId: node.instance,
    zone: node.zone,
    maxPods: node.maxPods,
    cni: {
      version: node.version,
      mode: settings.mode,
      multiNic: settings.multiNic,
      customNetworking: settings.custom,
      podEni: settings.podEni,
      manageUntagged: settings.manageUntagged,
      imdsOnly: settings.imdsOnly,
    },
    eniSlots: {
      limit: sum('limit'),
      used: sum('used'),
      unmanaged: sum('unmanaged'),
      reserved: sum('reserved'),
      free: sum('free'),
    },
    strayEnis: node.strays.map(strayTruth),
    pools: settings.mode === 'ipv6' ? [] : node.managedCards.map((card) => node.pool(card)),
  };
}

export function eniTruth(node: Node, eni: Eni): Fields {
  const { settings } = node;
  // Before v1.16.4 ipamd puts prefixes on a trunk, too.
  const takesMore = eni.type !== 'trunk' || !isSince(node.version, 16, 4);
  const decision = node.decision(eni);
  const told = (node.spec.enisJson ?? 'none') !== 'none' || node.spec.metrics !== false;
  const metrics = settings !== null && told;
  const believed = believedTruth(node, eni);
  const entry = (held: Held, inPrefix: boolean): Fields => ({
    ip: held.ip,
    state: node.addressState(eni, held, inPrefix),
    interface: held.holder,
  });
  const inPrefix = (held: Held): boolean => eni.prefixes.some((prefix) => prefix.held.includes(held));
  const shown = [
    ...eni.addresses.filter(inEc2),
    ...eni.prefixes
      .filter(inEc2)
      .flatMap(({ held }) =>
        held.filter((one) => one.holder !== null || one.hidden || node.addressState(eni, one, true) === 'cooling'),
      ),
  ];
  const taken = ({ holder, hidden }: Held): boolean => holder !== null || hidden;
  const states: Record<string, Fields> = {};
  if (eni.ip !== null)
    states[eni.ip] =
      eni.owner === null ? { ip: eni.ip, state: 'primary' } : { ip: eni.ip, state: 'assigned', interface: eni.owner };
  for (const held of shown) states[held.ip] = entry(held, inPrefix(held));
  return {
    node: node.id,
    instanceId:
      eni.type === 'branch'
        ? (actual) => (actual === node.instance || actual === null ? null : JSON.stringify(actual))
        : node.instance,
    card: eni.type === 'branch' ? null : eni.card,
    deviceIndex: eni.type === 'branch' ? null : eni.dev,
    interfaceType: eni.type,
    role: node.role(eni),
    management: { ...decision, observed: metrics ? node.inDatastore().includes(eni) : null },
    creator: eni.description.startsWith('aws-K8S-')
      ? 'ipamd'
      : eni.description.startsWith('aws-k8s-')
        ? 'vpc-resource-controller'
        : 'other',
    mac: eni.mac.toLowerCase(),
    subnet: eni.subnet.id,
    zone: eni.subnet.zone,
    vpc: eni.subnet.vpc,
    tags: eni.tags,
    description: eni.description,
    ...(node.limits === null || eni.type === 'branch' || settings === null
      ? {}
      : eni.type === 'efa-only'
        ? { capacity: 0 }
        : {
            capacity: node.slots,
            addressCapacity:
              node.slots * (settings.mode === 'prefix' && decision.state === 'managed' && takesMore ? 16 : 1),
          }),
    ...(believed === null ? {} : { ipamd: believed }),
    addresses: (actual) => statesOf(actual, states),
    prefixes: keyed(
      'cidr',
      Object.fromEntries(
        eni.prefixes
          .filter(inEc2)
          .map(({ cidr, range, held }) => [
            cidr,
            { size: range.bits === 32 ? 16 : null, assigned: held.filter(taken).length },
          ]),
      ),
    ),
  };
}

/** By address, complete, in any order. */
function statesOf(actual: unknown, states: Readonly<Record<string, Fields>>): string | null {
  const list = Array.isArray(actual)
    ? (actual as readonly { readonly ip: string; readonly state: string; readonly interface: string | null }[])
    : [];
  const byIp = new Map(list.map((one) => [one.ip, one] as const));
  const wrong = Object.entries(states).flatMap(([ip, want]) => {
    const got = byIp.get(ip);
    if (got === undefined) return [`${ip} is missing`];
    const holder = want['interface'] === undefined || want['interface'] === got.interface;
    return got.state === want['state'] && holder
      ? []
      : [
          `${ip} ${got.state} of ${String(got.interface)}, true ${JSON.stringify(want['state'])} of ${JSON.stringify(want['interface'])}`,
        ];
  });
  const extra = [...byIp.keys()].filter((ip) => !(ip in states)).map((ip) => `${ip} is too much`);
  return [...wrong, ...extra].length === 0 ? null : [...wrong, ...extra].join('; ');
}
