/** Messages whose cause is in no record: what they mean, and what to do about them. */
import type { CniFailure, CniFailureKind } from '../../cni/errors';

/** What a message means, and what to do about it. */
export interface Known {
  readonly why: string;
  readonly advice: string;
}

type Say = (subject: string) => Known;

const KNOWN: Readonly<Partial<Record<CniFailureKind, Say>>> = {
  'policy-agent-down': () => ({
    why: 'ipamd has given it an address; the network policy agent (container aws-eks-nodeagent of aws-node) did not answer or refused, and without it no pod starts.',
    advice:
      'Check the container aws-eks-nodeagent of aws-node on the node: its restarts, its log, and whether its version fits the VPC CNI’s.',
  }),
  'pod-network-setup': (subject) => ({
    why: `ipamd has given it an address; the plugin could not make the pod’s link and routes on the node: ${subject}`,
    advice:
      'Read /var/log/aws-routed-eni/plugin.log on the node. A link or rule that an earlier sandbox left there is a common cause.',
  }),
  unauthorized: () => ({
    why: 'The API server rejects the plugin’s token: its kubeconfig on the node is older than its service account, or was not renewed.',
    advice:
      'Restart the DaemonSet pod that installs this plugin on the node (kube-multus for Multus, calico-node for Calico): it writes the kubeconfig with a new token.',
  }),
  forbidden: (subject) => ({
    why: `The plugin’s service account lacks a right on ${subject}.`,
    advice: 'Apply the ClusterRole and its binding that belong to the version of the plugin that runs.',
  }),
  'dhcp-daemon-down': () => ({
    why: 'The network takes its addresses by DHCP, and the dhcp daemon of the CNI plugins does not run on the node.',
    advice: 'Run the daemon on every node (/opt/cni/bin/dhcp daemon, as a DaemonSet or a systemd unit).',
  }),
  'link-name-too-long': (subject) => ({
    why: `${subject} has ${String(subject.length)} characters; a link name may have at most 15.`,
    advice: 'Give the bridge or link a shorter name in the network’s config.',
  }),
};

/** Null where the text alone explains nothing. */
export const knownOf = ({ kind, subject }: CniFailure): Known | null => KNOWN[kind]?.(subject ?? '') ?? null;
