/**
 * P1 (multus §6): for more than 30 s, the pod has requested a network that does not exist (watches of two kinds may differ
 * for that long), or one in a namespace that Multus does not allow (§1.4). Networks of the daemon's own configuration may
 * be files on the node (§1.7).
 */
import { isDeviceClass } from '../../model/ids';
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import { readNoNetworkFound } from '../../cni/errors';
import { selectionProblem } from '../../cni/multus/networks';
import { idParts } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import { distance } from '../../model/spelling';
import { hasNetworks, interfacesOf, isLive } from '../guards/pod';
import { refusalOf, REQUESTER_SOURCES, signalsOf } from '../guards/signals';
import { olderThan } from '../guards/time';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type RuleFile, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

const WATCH_LAG = 30_000;

/**
 * The same name in another namespace, else a similar name in the namespace, else a similar one anywhere. Scans only for a
 * missing name.
 */
function nearest(namespace: string, name: string, context: RuleContext): Steady<'networks'> | null {
  let best: Steady<'networks'> | null = null;
  let bestScore = 3;
  for (const network of context.read.every('networks')) {
    if (network.missing || network.namespace === null) continue;
    const score =
      network.name === name ? 0 : distance(network.name, name) + (network.namespace === namespace ? 0 : 0.5);
    if (score < bestScore || (score === bestScore && best !== null && network.id < best.id)) {
      best = network;
      bestScore = score;
    }
  }
  return best;
}

/** The networks that the pod requests: its list, and the one that replaces the cluster network (§1.1). */
const namedBy = (pod: PodRecord, context: RuleContext): readonly string[] => [
  ...new Set([
    ...pod.requested.map(({ network }) => network),
    ...interfacesOf(context, pod)
      .filter(
        (iface) =>
          iface.network !== 'cluster' &&
          !isDeviceClass(iface.network) &&
          iface.requestIndex === null &&
          iface.state !== 'unrequested',
      )
      .map(({ network }) => network),
  ]),
];

/** With namespaceIsolation, Multus treats a network in another namespace as missing. */
function keptOut(pod: PodRecord, context: RuleContext): Sighting | null {
  const refusal = refusalOf(context, pod);
  if (refusal?.failure.kind !== 'namespace-isolation') return null;
  const foreign = pod.requested.map(({ network }) => network).filter((id) => idParts(id)[0] !== pod.namespace);
  return {
    subjects: [pod.id, ...new Set(foreign)],
    title: `May not use networks of namespace ${refusal.failure.subject ?? 'another one'}`,
    detail: `${nameOf(pod.id)} names a network of another namespace, and Multus runs with namespaceIsolation: the pod cannot start.`,
    evidence: [`event FailedCreatePodSandBox: ${refusal.failure.detail}`],
    advice: `Create the network in ${pod.namespace}, or add its namespace to globalNamespaces of Multus.`,
    command: shell`kubectl -n ${pod.namespace} get network-attachment-definitions`,
    since: refusal.signal.firstAt,
  };
}

export const ofPod = defineRule({
  id: 'network-missing',
  severity: 'error',
  scope: 'pods',
  needs: [PODS, NADS],
  uses: [EVENTS],
  check(pod, context) {
    if (!hasNetworks(pod)) return [];
    const missing = namedBy(pod, context).filter((id) => {
      const [namespace = '', name = ''] = idParts(id);
      // An invalid name is reported by `networks-annotation-invalid`.
      return context.read.one('networks', id)?.missing === true && selectionProblem({ namespace, name }) === null;
    });
    if (missing.length === 0) return keptOut(pod, context);
    if (!olderThan(pod.createdAt, WATCH_LAG, context)) return [];
    const runs = pod.phase === 'Running';
    const events = signalsOf(context, pod.id, 'NoNetworkFound');
    return missing.map((id) => {
      const [namespace = '', name = ''] = idParts(id);
      const near = nearest(namespace, name, context);
      return {
        subjects: [pod.id, id],
        severity: runs ? 'warning' : 'error',
        title: `Names a network that does not exist: ${namespace}/${name}`,
        detail: `${nameOf(pod.id)} requests ${namespace}/${name}, but that NetworkAttachmentDefinition does not exist. ${
          runs ? 'It runs; a restart would fail.' : 'It cannot start.'
        }`,
        evidence: [
          `Kubernetes: no NetworkAttachmentDefinition ${namespace}/${name}`,
          ...events
            .filter(({ text }) => readNoNetworkFound(text)?.name === name)
            .map(({ kind, text }) => `event ${kind}: ${text}`),
        ],
        advice: near ? `Did you mean ${nameOf(near.id)}?` : 'Create it, or correct the annotation on the pod template.',
        command: 'kubectl get network-attachment-definitions -A',
        since: runs ? null : pod.createdAt,
      };
    });
  },
});

/** Pod templates and virtual machines that name a missing network while none of their pods asks for it. */
const ofNetwork = defineRule({
  id: 'network-missing',
  severity: 'warning',
  scope: 'networks',
  needs: [PODS, NADS],
  uses: REQUESTER_SOURCES,
  check(network, context) {
    const { namespace, name, namedBy, missing } = network;
    if (!missing || namespace === null || namedBy.length === 0) return null;
    if (selectionProblem({ namespace, name }) !== null) return null;
    if (context.read.all('podsByRequestedNetwork', network.id).some(isLive)) return null;
    const near = nearest(namespace, name, context);
    return {
      subjects: [network.id],
      title: `Names a network that does not exist: ${namespace}/${name}`,
      detail: `NetworkAttachmentDefinition ${namespace}/${name} does not exist, and ${namedBy.length === 1 ? 'this names' : 'these name'} it: ${listed(namedBy, 3)}. No pod requests it now; the next one could not start.`,
      evidence: [
        `Kubernetes: no NetworkAttachmentDefinition ${namespace}/${name}`,
        ...namedBy.map((one) => `Kubernetes: ${one} names it`),
      ],
      advice: near ? `Did you mean ${nameOf(near.id)}?` : 'Create it, or correct the annotation on the pod template.',
      command: 'kubectl get network-attachment-definitions -A',
    };
  },
});

export default [ofPod, ofNetwork] satisfies RuleFile;
