/**
 * P10 (multus §6): two live interfaces hold the same address on one network, or on networks that share a parent or a
 * subnet. On networks that are local to each node (bridge, ptp), only interfaces of the same node can conflict. On the
 * cluster network every address belongs to one pod, and to no node. Two pods of a migrating virtual machine are one holder.
 */
import { ENIS, NADS, NODES, PODS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import { bareIp } from '../../model/ip';
import type { InterfaceRecord, NodeRecord } from '../../model/records';
import { isEstablished, nodeOf } from '../guards/node';
import { isLive, networkOf, podOf } from '../guards/pod';
import { isOneMachine, isPerNode, shareLink } from '../guards/rivals';
import { isAged, MINUTE } from '../guards/time';
import { listed, nameOf, shell } from '../guards/words';
import type { Reader } from '../rule/reader';
import { defineRule, type RuleContext, type RuleFile, type Sighting } from '../rule/rule';
import { isSourceLive } from '../rule/trust';
import type { Steady } from '../rule/steady';

const isIgnored = (ip: string): boolean =>
  ip === '0.0.0.0' || ip === '::' || ip.startsWith('169.254.') || ip.startsWith('fe80:');

/**
 * whereabouts assigns each address of a network only once in the cluster, so a duplicate is its fault, whatever the plugin
 * (multus §4.2).
 */
const isGivenOnce = (network: Steady<'networks'> | null): boolean => network?.ipam?.type === 'whereabouts';

/** ipamd reuses a released address after its cooldown; a terminating pod looks live for less than that. Milliseconds. */
const TERMINATION = 30_000;

/** OVN-Kubernetes' interface in a tenant's primary network: tenants may have the same addresses, and the network is not reported. */
const TENANT_INTERFACE = /^ovn-udn\d+$/;

function holds(iface: InterfaceRecord, context: RuleContext): boolean {
  if (iface.state === 'requested' || (iface.network === CLUSTER_NETWORK && TENANT_INTERFACE.test(iface.name ?? '')))
    return false;
  const pod = podOf(context, iface);
  if (pod === null || !isLive(pod)) return false;
  if (iface.network !== CLUSTER_NETWORK) return true;
  // Pods of a lost node stay Running for minutes, while EC2 already reuses their addresses.
  const node = nodeOf(context, iface.node);
  return (
    node !== null &&
    node.ready !== false &&
    isEstablished(node, context) &&
    isAged(pod.startedAt ?? pod.createdAt, TERMINATION, context)
  );
}

/**
 * By this long after another pod got the address, a terminating pod has released it, unless its containers do not stop.
 * Milliseconds.
 */
const HANDED_OVER = 10 * MINUTE;

/**
 * A pod of the cluster network that is being deleted and still runs, while another pod has had its address for a long
 * time: ipamd reclaimed it too early (amazon-vpc-cni-k8s #1091). A pod whose containers have ended is Succeeded or
 * Failed.
 */
function lingers(other: InterfaceRecord, iface: InterfaceRecord, context: RuleContext): boolean {
  const pod = podOf(context, other);
  const node = nodeOf(context, other.node);
  const since = podOf(context, iface)?.startedAt ?? null;
  return (
    iface.network === CLUSTER_NETWORK &&
    pod?.deleting === true &&
    pod.phase === 'Running' &&
    node !== null &&
    node.ready !== false &&
    since !== null &&
    isAged(since, HANDED_OVER, context)
  );
}

/** Other interfaces with the address on the same link. A bridge conflicts only within its node, so other nodes are not scanned. */
function rivals(iface: InterfaceRecord, ip: string, context: RuleContext): readonly InterfaceRecord[] {
  const { read } = context;
  const network = read.one('networks', iface.network);
  const near = iface.node !== null && isPerNode(network) && !isGivenOnce(network);
  const holders = near ? read.holdersOn(iface.node, ip) : read.all('ownersByIp', ip);
  return holders.filter(
    (other) =>
      other.pod !== iface.pod &&
      ((iface.network === other.network && isGivenOnce(network)) || shareLink(iface, other, context)) &&
      (holds(other, context) || lingers(other, iface, context)) &&
      !isOneMachine(podOf(context, iface), podOf(context, other)),
  );
}

/** Advice for networks on one link whose addresses are managed separately; null for any other pair. */
function betweenNetworks(networks: readonly Steady<'networks'>[]): string | null {
  if (networks.length < 2) return null;
  const types = new Set(networks.map(({ ipam }) => ipam?.type ?? null));
  const names = listed(networks.map(({ id }) => nameOf(id)).sort());
  if (types.size === 1 && types.has('whereabouts'))
    return `The ranges of ${names} overlap, and whereabouts keeps account of them together only under one network_name and with enable_overlapping_ranges (the default): set that, or make the ranges disjoint.`;
  if (types.has('static') && types.size > 1)
    return `Leave the fixed address out of the range (exclude) of the other network: the IPAM of ${names} do not know of each other.`;
  return null;
}

function hintOf(network: Steady<'networks'> | null, nodes: number): string {
  if (network?.id === CLUSTER_NETWORK)
    return 'Delete one of the pods, so that it gets an address of its own; the log of aws-node around its last restart shows how the address was handed out twice.';
  if (network?.ipam?.type === 'host-local' && nodes > 1) return 'host-local allocates per node: use whereabouts.';
  if (network?.ipam?.type === 'dhcp' && network.semantics?.macPolicy === 'parent')
    return 'A DHCP server answers the MAC, and all interfaces of this plugin have that of their link: use whereabouts, or static addresses.';
  if (network?.ipam?.type === 'static')
    return 'A static address is for one pod only: every replica of a workload gets the same one.';
  return 'Find the IPAM that handed it out twice.';
}

/** Other live pods that have an address of the interface. */
const otherPods = (iface: InterfaceRecord, context: RuleContext): readonly Sighting[] =>
  iface.ips
    .filter((ip) => !isIgnored(ip))
    .flatMap((ip) => {
      const others = rivals(iface, ip, context);
      // There is hardly ever another one, which is cheaper to check than whether this pod still holds its address.
      if (others.length === 0 || !holds(iface, context)) return [];
      const all = [iface, ...others];
      const ending = others.flatMap(({ pod }) => (context.read.one('pods', pod)?.deleting === true ? nameOf(pod) : []));
      const network = context.read.one('networks', iface.network);
      const networks = [...new Set(all.map((one) => one.network))].flatMap(
        (id) => context.read.one('networks', id) ?? [],
      );
      return [
        {
          subjects: [iface.id, iface.pod, ...others.slice(0, 10).flatMap(({ id, pod }) => [id, pod]), iface.network],
          title: `${ip} is held by ${all.length} ${ending.length === 0 ? 'live ' : ''}pods`,
          detail: `${all
            .slice(0, 5)
            .map(({ pod }) => nameOf(pod))
            .sort()
            .join(
              ' and ',
            )} hold ${ip} on ${iface.network === CLUSTER_NETWORK ? 'the cluster network' : nameOf(iface.network)}: which one answers is unpredictable.${ending.length === 0 ? '' : ` ${listed(ending)} is being deleted, and still runs.`}`,
          evidence: all
            .slice(0, 10)
            .map(({ pod, name, network: on }) =>
              on === CLUSTER_NETWORK
                ? `Kubernetes: status.podIPs of ${nameOf(pod)} has ${ip}`
                : `network-status of ${nameOf(pod)}: ${name ?? '?'} has ${ip}`,
            ),
          advice:
            ending.length > 0
              ? `Find out why ${listed(ending)} does not end (its containers, or the kubelet of ${listed([...new Set(all.flatMap(({ node }) => (node === null ? [] : nameOf(node))))])}), and delete ${nameOf(iface.pod)}, so that it gets an address of its own.`
              : (betweenNetworks(networks) ?? hintOf(network, new Set(all.map(({ node }) => node)).size)),
        },
      ];
    });

/** Two interfaces of one pod on one link have the same address; reported once, for the first of them. */
const twiceInPod = (iface: InterfaceRecord, context: RuleContext): readonly Sighting[] =>
  iface.network === CLUSTER_NETWORK || !iface.ips.some((ip) => !isIgnored(ip))
    ? []
    : context.read
        .all('interfacesByPod', iface.pod)
        .filter((other) => other.id > iface.id && other.state !== 'requested')
        .flatMap((other): Sighting[] => {
          const ip = iface.ips.find((one) => !isIgnored(one) && other.ips.includes(one));
          if (ip === undefined || !shareLink(iface, other, context) || !holds(iface, context)) return [];
          const names = [iface.name ?? '?', other.name ?? '?'];
          const pod = nameOf(iface.pod);
          const type = context.read.one('networks', iface.network)?.ipam?.type;
          return [
            {
              subjects: [iface.id, other.id, iface.pod, ...new Set([iface.network, other.network])],
              title: `${ip} is on two interfaces of one pod`,
              detail: `${names.join(' and ')} of ${pod} both have ${ip} on one link: replies may arrive on either interface, so one of the two is unusable.`,
              evidence: names.map((name) => `network-status of ${pod}: ${name} has ${ip}`),
              advice:
                type === 'static'
                  ? 'A pod can request a network with a static address only once. Give each request its own address ("ips", with the capability ips in the config), or use an IPAM with a range.'
                  : 'Find the IPAM that assigned it twice. An IPAM that records allocations per pod assigns the same address to a second interface: use a version that records them per interface, or request the network only once.',
              command: shell`kubectl -n ${context.read.one('pods', iface.pod)?.namespace ?? ''} exec ${context.read.one('pods', iface.pod)?.name ?? ''} -- ip addr`,
            },
          ];
        });

/** Whether the interface is on a link of the host itself, in which the node's own address may be as well. */
function isOnHostLink({ parent, vlan, semantics }: Steady<'networks'>): boolean {
  const { kind, value } = parent;
  return (
    (kind === 'default-route' || (kind === 'host-device' && value?.includes('.') === false)) &&
    vlan === null &&
    semantics?.linkInContainer !== true
  );
}

/**
 * A pod has the address of a node. If ENIs are read from EC2, `pod-on-primary-address`, `pod-address-not-on-node` and
 * `address-not-on-eni` have more detail.
 */
function podsOnNodeAddress(node: NodeRecord, context: RuleContext): readonly Sighting[] {
  if (isSourceLive(context.read, ENIS) || !isEstablished(node, context)) return [];
  return node.internalIps.flatMap((ip) =>
    context.read
      .all('ownersByIp', ip)
      .filter((iface) => holds(iface, context))
      .flatMap((iface): Sighting[] => {
        const network = context.read.one('networks', iface.network);
        const isOfCluster = iface.network === CLUSTER_NETWORK;
        if (!isOfCluster && (network === null || isPerNode(network) || !isOnHostLink(network))) return [];
        const whose = isOfCluster ? nameOf(iface.pod) : `${iface.name ?? 'an interface'} of ${nameOf(iface.pod)}`;
        return [
          {
            subjects: [node.id, iface.id, iface.pod, ...(isOfCluster ? [] : [iface.network])],
            title: `${ip} is also held by a pod`,
            detail: `${node.name} has the address ${ip}, and so has ${whose}${
              isOfCluster
                ? ': packets can reach either of them.'
                : `, on ${nameOf(iface.network)}: where the two meet, packets can reach either of them.`
            }`,
            evidence: [
              `Kubernetes: status.addresses of node ${node.name} has ${ip}`,
              isOfCluster
                ? `Kubernetes: status.podIPs of ${nameOf(iface.pod)} has ${ip}`
                : `network-status of ${nameOf(iface.pod)}: ${iface.name ?? '?'} has ${ip}`,
            ],
            advice: isOfCluster
              ? 'Delete the pod, so that it gets an address of its own, and exclude the addresses of nodes from the pool.'
              : 'Exclude the addresses of nodes and gateways from the range of the network’s IPAM, and delete the pod, so that it gets another address.',
          },
        ];
      }),
  );
}

/** A pod was assigned the gateway of its network's config without requesting it, as whereabouts does. */
function ofGateway(iface: InterfaceRecord, context: RuleContext): readonly Sighting[] {
  const network = networkOf(iface, context);
  const ip = iface.ips.find((one) => network?.ipam?.gateways.includes(one) === true);
  if (network === null || ip === undefined || !holds(iface, context)) return [];
  const asked = podOf(context, iface)?.requested.some(({ ips }) => ips.some((one) => bareIp(one) === ip));
  if (asked === true) return [];
  const name = iface.name ?? 'an interface';
  return [
    {
      subjects: [iface.id, iface.pod, network.id],
      severity: 'warning',
      title: `${ip} is the gateway's address`,
      detail: `${name} of ${nameOf(iface.pod)} has ${ip}, which the config of ${nameOf(network.id)} names as the gateway: pods of the network send to this pod what is meant for the gateway.`,
      evidence: [
        `network-status of ${nameOf(iface.pod)}: ${name} has ${ip}`,
        `spec.config of ${nameOf(network.id)}: the gateway is ${ip}`,
      ],
      advice: 'Leave the gateway out of the range (exclude), and delete the pod, so that it gets another address.',
    },
  ];
}

/** Ready nodes by an InternalIP that several of them report. Only the first counts: the others may be of bridges, alike everywhere. */
const sharedInternalIps = (read: Reader): Readonly<Record<string, readonly string[]>> => {
  const nodes: Record<string, string[]> = {};
  for (const { id, internalIps, ready } of read.every('nodes')) {
    const [ip] = internalIps;
    if (ready === true && ip !== undefined && !isIgnored(ip)) (nodes[ip] ??= []).push(id);
  }
  return Object.fromEntries(Object.entries(nodes).flatMap(([ip, ids]) => (ids.length < 2 ? [] : [[ip, ids.sort()]])));
};

/** Two Ready nodes report one address. The node of a machine that is gone is not Ready. */
function otherNodes(node: NodeRecord, context: RuleContext): readonly Sighting[] {
  const shared = context.read.shared('nodes of one InternalIP', sharedInternalIps);
  return node.internalIps.slice(0, 1).flatMap((ip): Sighting[] => {
    const nodes = (shared[ip] ?? []).flatMap((id) => nodeOf(context, id) ?? []);
    // Reported once, for the first of them.
    if (nodes[0]?.id !== node.id || !nodes.every((one) => isEstablished(one, context))) return [];
    const instances = new Set(nodes.map(({ instanceId }) => instanceId));
    const isOne = instances.size === 1 && !instances.has(null);
    const names = listed(nodes.map(({ name }) => name));
    return [
      {
        subjects: nodes.map(({ id }) => id),
        title: `${ip} is held by ${nodes.length} nodes`,
        detail: `${names} are all Ready and report the InternalIP ${ip}: the API server, and pods that use the host’s address, reach only one of them.${isOne ? ` All of them are the instance ${node.instanceId ?? ''}.` : ''}`,
        evidence: [
          `Kubernetes: status.addresses of ${names} have ${ip}`,
          ...(isSourceLive(context.read, ENIS) ? nodes : []).flatMap(({ id, name }) =>
            context.read
              .all('enisByNode', id)
              .filter(({ addresses }) => addresses.some((one) => one.ip === ip))
              .map((eni) => `EC2: ${eni.id} of ${name} has ${ip}`),
          ),
        ],
        advice: isOne
          ? 'The machine has joined under a second name: delete the Node object of the name that its kubelet no longer uses.'
          : 'Look at both machines: one may be a clone of the other, or its kubelet runs with the --node-ip of the other. Correct it there, or delete the Node object that no machine uses.',
      },
    ];
  });
}

/** Nodes by the instance that several of them name. */
const namesOfInstances = (read: Reader): Readonly<Record<string, readonly string[]>> => {
  const nodes: Record<string, string[]> = {};
  for (const { id, instanceId, gone } of read.every('nodes'))
    if (instanceId !== null && !gone) (nodes[instanceId] ??= []).push(id);
  return Object.fromEntries(Object.entries(nodes).flatMap(([id, ids]) => (ids.length < 2 ? [] : [[id, ids.sort()]])));
};

/** An instance has joined under another name, and the node of the former one is still there. */
function formerName(node: NodeRecord, context: RuleContext): Sighting | null {
  const shared = context.read.shared('nodes of one instance', namesOfInstances);
  const nodes = (shared[node.instanceId ?? ''] ?? []).flatMap((id) => nodeOf(context, id) ?? []);
  const [current, ...others] = nodes.filter(({ ready }) => ready === true);
  const former = nodes.filter(({ ready }) => ready !== true);
  // Several that are Ready have one address: see `otherNodes`.
  if (current?.id !== node.id || others.length > 0 || !nodes.every((one) => isEstablished(one, context))) return null;
  const names = listed(former.map(({ name }) => name));
  return {
    subjects: [current.id, ...former.map(({ id }) => id)],
    severity: 'warning',
    title: `${node.instanceId ?? ''} has joined under ${nodes.length} names`,
    detail: `${node.name} and ${names} are the same instance ${node.instanceId ?? ''}, and only ${node.name} is Ready: its kubelet no longer reports as ${names}. Pods that are bound there are not run, and the addresses of the instance belong to ${node.name}.`,
    evidence: nodes.map(
      ({ name, ready }) =>
        `Kubernetes: spec.providerID of ${name} names ${node.instanceId ?? ''}, Ready ${ready === true ? 'is True' : 'is not True'}`,
    ),
    advice:
      'The machine has joined under a second name: delete the Node object of the name that its kubelet no longer uses.',
    command: shell`kubectl delete node ${former[0]?.name ?? ''}`,
  };
}

const ofInterface = defineRule({
  id: 'duplicate-address',
  severity: 'error',
  scope: 'interfaces',
  needs: [PODS],
  uses: [NADS],
  check: (iface, context) => [
    ...otherPods(iface, context),
    ...twiceInPod(iface, context),
    ...ofGateway(iface, context),
  ],
});

const ofNode = defineRule({
  id: 'duplicate-address',
  severity: 'error',
  scope: 'nodes',
  needs: [NODES, PODS],
  uses: [ENIS, NADS],
  check: (node, context) => [
    ...podsOnNodeAddress(node, context),
    ...otherNodes(node, context),
    formerName(node, context),
  ],
});

export default [ofInterface, ofNode] satisfies RuleFile;
