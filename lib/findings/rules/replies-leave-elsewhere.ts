/**
 * A pod that is not Ready and has a further interface whose range contains the node's own address. The kubelet probes eth0 from
 * that address (the VPC CNI, Calico), and the pod answers through the further interface, because its route is the more specific
 * one. A macvlan or ipvlan never reaches its own host, and another ENI drops the answer (multus §3.2).
 */
import { NADS, NODES, PODS } from '../../model/source-ids';
import { parseIpRange, rangeContains } from '../../cni/ipam/range';
import { NOT_READY } from '../../topology/shared/signals';
import { nodeOf } from '../guards/node';
import { interfacesOf, isExtra, isLive, networkOf } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

/** Plugins whose interfaces do not reach their own host. */
const APART_FROM_HOST = new Set(['macvlan', 'ipvlan']);

/** Time allowed for a pod to become Ready. */
const START = 2 * MINUTE;

export default defineRule({
  id: 'replies-leave-elsewhere',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS, NADS, NODES],
  check(pod, context) {
    if (!isLive(pod) || pod.phase !== 'Running' || pod.requested.length === 0) return [];
    if (signalsOf(context, pod.id, NOT_READY).length === 0 || !olderThan(pod.startedAt, START, context)) return [];
    const node = nodeOf(context, pod.node);
    if (node === null) return [];
    return interfacesOf(context, pod)
      .filter(isExtra)
      .flatMap((iface) => {
        const network = networkOf(iface, context);
        const type = network?.plugins[network.mainPlugin ?? -1];
        if (network === null || type === undefined || !APART_FROM_HOST.has(type)) return [];
        const found = (network.ipam?.ranges ?? []).flatMap((text) => {
          const range = parseIpRange(text);
          const ip = range === null ? undefined : node.internalIps.find((one) => rangeContains(range, one));
          return ip === undefined ? [] : [{ text, ip }];
        });
        const [first] = found;
        if (first === undefined) return [];
        const name = iface.name ?? 'its interface';
        return [
          {
            subjects: [pod.id, iface.id, node.id, network.id],
            title: `Answers to the node leave through ${name}`,
            detail: `${nameOf(pod.id)} runs and is not Ready. The kubelet of ${node.name} probes it on eth0 from ${first.ip}, which is in ${first.text} of ${nameOf(network.id)}. The pod therefore answers through ${name}, and a ${type} interface does not reach its own host. Probes and other traffic from the node time out.`,
            evidence: [
              `Kubernetes: ${nameOf(pod.id)} is Running and not Ready`,
              `Kubernetes: status.addresses of ${node.name} has ${first.ip}`,
              `Kubernetes: ${nameOf(network.id)} is of type ${type} with range ${first.text}`,
            ],
            advice: `Give the network a range that does not contain the nodes’ addresses, or give the pod a route to ${first.ip} through eth0 (an entry in "routes" of the first network, the plugin route-override, or Spiderpool’s coordinator). exec probes do not use the network.`,
            command: shell`kubectl -n ${pod.namespace} exec ${pod.name} -- ip route get ${first.ip}`,
          },
        ];
      });
  },
});
