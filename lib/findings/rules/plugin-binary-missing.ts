/** P8 (multus §2.4, §6): the node lacks the binary of a CNI plugin. */
import { IPAM_PLUGINS } from '../../cni/ipam/registry';
import { PLUGINS } from '../../cni/registry';
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import { similarName } from '../../model/spelling';
import { isEstablished } from '../guards/node';
import { refusalsOn } from '../guards/signals';
import { counted } from '../guards/words';
import { defineRule } from '../rule/rule';

/** What installs a plugin that is not part of containernetworking/plugins. */
const INSTALLERS: readonly (readonly [plugin: RegExp, installer: string])[] = [
  [/^(aws-cni|egress-cni|egress-v4-cni)$/, 'the init container aws-vpc-cni-init of aws-node'],
  [/^multus(-shim)?$/, 'Multus’ DaemonSet'],
  [/^cilium-cni$/, 'Cilium’s DaemonSet'],
  [/^calico(-ipam)?$/, 'the init container install-cni of calico-node'],
  [/^whereabouts$/, 'whereabouts’ DaemonSet'],
  [/^(ovn-k8s-cni-overlay|kube-ovn|flannel|antrea|ovs|sriov|ib-sriov|bond|istio-cni|linkerd-cni)$/, 'its DaemonSet'],
];

const TYPES = [...PLUGINS, ...IPAM_PLUGINS].flatMap(({ type, aliases = [] }) => [type, ...aliases]);

/** k3s and RKE2 keep their own folders for CNI plugins and configs. */
const RANCHER = /\/var\/lib\/rancher\/[^\s\]]*/;

/** `detail`: the message, which names the folders. */
function adviceFor(plugin: string, detail: string): string {
  const folder = RANCHER.exec(detail)?.[0];
  const advice = installedBy(plugin);
  return folder === undefined
    ? advice
    : `${advice} This node’s runtime looks in ${folder} only, as k3s and RKE2 do: mount that folder into the DaemonSet in place of /opt/cni/bin (cniBinDir, and confDir for the configs).`;
}

function installedBy(plugin: string): string {
  const meant = TYPES.includes(plugin) ? null : similarName(plugin, TYPES);
  const installer = INSTALLERS.find(([pattern]) => pattern.test(plugin))?.[1];
  if (installer === undefined && meant !== null)
    return `Correct the type in the network’s config if ${meant} is meant; otherwise install ${plugin} on the node.`;
  return installer === undefined
    ? 'Install the CNI plugins on the node image, or run the DaemonSet that installs this one.'
    : `${installer[0]?.toUpperCase() ?? ''}${installer.slice(1)} installs it: check that it runs on this node, and its log.`;
}

export default defineRule({
  id: 'plugin-binary-missing',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS, EVENTS],
  check(node, context) {
    // On a new node, the DaemonSet that installs the plugins may still be starting.
    if (!isEstablished(node, context)) return [];
    const refusals = refusalsOn(context, node.id, 'plugin-missing');
    const plugins = [...new Set(refusals.flatMap(({ failure }) => failure.subject ?? []))].sort();
    return plugins.map((plugin) => {
      const waiting = refusals.filter(({ failure }) => failure.subject === plugin);
      return {
        subjects: [node.id, ...waiting.slice(0, 10).map(({ pod }) => pod.id)],
        title: `CNI plugin ${plugin} is not installed here`,
        detail: `${node.name} has no binary “${plugin}” in its CNI folder; ${counted(waiting.length, 'pod waits', 'pods wait')} for it.`,
        evidence: waiting.slice(0, 1).map(({ failure }) => `event FailedCreatePodSandBox: ${failure.detail}`),
        advice: adviceFor(plugin, waiting[0]?.failure.detail ?? ''),
      };
    });
  },
});
