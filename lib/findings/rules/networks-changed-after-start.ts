/**
 * P4 (multus §6): the running pod requests other networks than it was attached to at its start, because the annotation
 * changed later. Only if Multus runs and has reported something; `network-status-missing` covers a pod that reports
 * nothing. Networks that the daemon's configuration adds to every pod are never requested (§1.4): a network that another
 * pod of the node has without a request proves nothing.
 */
import { isDeviceClass } from '../../model/ids';
import { NADS, PODS } from '../../model/source-ids';
import { nodeOf } from '../guards/node';
import { hasNetworks, interfacesOf, podOf } from '../guards/pod';
import { counted, listed, nameOf, remake, shell } from '../guards/words';
import { defineRule, type RuleContext, type RuleFile } from '../rule/rule';

/** Networks that other pods of the node have without requesting them. */
function givenToOthers(pod: string, node: string | null, context: RuleContext): ReadonlySet<string> {
  const given = new Set<string>();
  for (const iface of context.read.each('interfacesByNode', node))
    if (iface.state === 'unrequested' && iface.pod !== pod) given.add(iface.network);
  return given;
}

const ofPod = defineRule({
  id: 'networks-changed-after-start',
  severity: 'info',
  scope: 'pods',
  needs: [PODS],
  check(pod, context) {
    if (pod.phase !== 'Running' || !hasNetworks(pod) || pod.statusAnnotation.state !== 'valid') return null;
    if (pod.networksAnnotation.state === 'invalid' || nodeOf(context, pod.node)?.multus == null) return null;
    const interfaces = interfacesOf(context, pod).filter(
      ({ network }) => network !== 'cluster' && !isDeviceClass(network),
    );
    const added = interfaces.filter(({ state }) => state === 'requested').map(({ network }) => network);
    const unasked = interfaces.filter(({ state }) => state === 'unrequested').map(({ network }) => network);
    // Computed once, and only when needed: the node may have thousands of interfaces.
    const given = unasked.length === 0 ? new Set<string>() : givenToOthers(pod.id, pod.node, context);
    const gone = unasked.filter((network) => !given.has(network));
    // A pod may get a network by configuration without requesting it, so an extra network alone is not a change.
    const exchanged = added.length > 0 && added.length < interfaces.length;
    const withdrawn = gone.length > 0 && pod.requested.length > 0;
    if (!exchanged && !withdrawn) return null;
    return {
      subjects: [pod.id, ...new Set([...added, ...gone])],
      title: 'The networks annotation changed after the pod started',
      detail: `${nameOf(pod.id)} ${[
        added.length > 0 ? `asks for ${listed(added.map(nameOf))} without having it` : '',
        gone.length > 0 ? `has ${listed(gone.map(nameOf))} without asking for it` : '',
      ]
        .filter(Boolean)
        .join(', and ')}. Multus reads the annotation once, when the pod's sandbox is created.`,
      evidence: ['Kubernetes: annotations k8s.v1.cni.cncf.io/networks and network-status name different networks'],
      ...remake(pod, 'so that the annotation takes effect'),
    };
  },
});

/** Multus reads a network when it makes a pod's sandbox: pods from before an edit keep what the network was (multus §0.8). */
const ofNetwork = defineRule({
  id: 'networks-changed-after-start',
  severity: 'info',
  scope: 'networks',
  needs: [PODS, NADS],
  check(network, context) {
    if (network.configAt === null || network.missing) return null;
    const former = context.read.all('interfacesByNetwork', network.id).filter((iface) => {
      const pod = iface.formerConfig ? podOf(context, iface) : null;
      return pod !== null && hasNetworks(pod);
    });
    const pods = [...new Set(former.map(({ pod }) => pod))];
    if (pods.length === 0) return null;
    return {
      subjects: [network.id, ...pods.slice(0, 10)],
      title: 'The network changed after pods on it started',
      detail: `${counted(pods.length, 'running pod has', 'running pods have')} ${nameOf(network.id)} as it was before ${network.configAt}: ${listed(pods.map(nameOf))}. Multus reads a network once, when the pod's sandbox is created; what its config says now is not what they have.`,
      evidence: [
        network.configAt === network.createdAt
          ? `Kubernetes: the NetworkAttachmentDefinition was created at ${network.configAt}`
          : `Kubernetes: managedFields date the config at ${network.configAt}`,
        'Kubernetes: these pods have been Ready since before that',
      ],
      advice:
        'If they are to have the new config, create them again: kubectl rollout restart for a workload, a migration for a virtual machine.',
      command: shell`kubectl -n ${network.namespace ?? ''} get network-attachment-definition ${network.name} -o yaml --show-managed-fields`,
    };
  },
});

export default [ofPod, ofNetwork] satisfies RuleFile;
