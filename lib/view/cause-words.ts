/** The causes of findings in words, and which of them appear above the picture. */
import { counted, thousands } from '../model/counted';
import type { Cause } from './troubles';

/** Names of rules whose ids are not phrases; titles of findings use the same words. */
const NAMES: Readonly<Record<string, string>> = {
  'branch-pod-unprobed': 'probes do not reach pod on branch ENI',
  'claim-not-ready': 'claimed device not ready',
  'claim-status-mismatch': 'claim and network-status disagree',
  'cooldown-starved': 'free addresses are cooling',
  'cordoned-no-growth': 'cordoned: pool does not grow',
  'devices-on-different-roots': 'NIC and GPU on different PCIe roots',
  'ec2-throttled': 'throttled by EC2',
  'ipam-pool-full': 'address pool full',
  'ipamd-view-differs': 'ipamd’s view differs',
  'ipvlan-macvlan-conflict': 'ipvlan and macvlan on one parent',
  'machine-behind-macvlan': 'virtual machine behind macvlan',
  'metrics-untrusted': 'aws-node’s totals contradict each other',
  'multi-nic-no-effect': 'multi-NIC without effect',
  'multus-down': 'Multus does not answer',
  'network-status-missing': 'network-status missing',
  'network-subnet-mismatch': 'network range not in subnet',
  'networks-annotation-key': 'networks under another key',
  'networks-on-host-network': 'interfaces requested on the host network',
  'node-addresses-full': 'no address left for another pod',
  'parent-name-drift': 'unusual link name',
  'plugin-binary-missing': 'CNI plugin not installed',
  'pod-eni-stuck': 'pod waits for a branch ENI',
  'pod-ip-failed': 'pod without address',
  'policy-uncovered': 'policy covers eth0 only',
  'pool-low': 'warm pool below target',
  'prefix-fragmented': 'no whole /28 free',
  'subnet-in-service-cidr': 'subnet overlaps with the Service CIDR',
  'subnet-low': 'subnet low on addresses',
  'trunk-missing': 'trunk ENI missing',
  'unmanaged-miscount': 'unmanaged ENIs miscounted',
  'vpc-cni-as-secondary': 'VPC CNI as an extra network',
  'warm-pool-waste': 'warm pool above target',
};

/** The rules with a name of their own. */
export const NAMED_RULES: readonly string[] = Object.keys(NAMES);

const TERMS: Readonly<Record<string, string>> = {
  eni: 'ENI',
  enis: 'ENIs',
  ip: 'IP',
  ipv4: 'IPv4',
  ec2: 'EC2',
  cni: 'CNI',
  vpc: 'VPC',
  vlan: 'VLAN',
  mac: 'MAC',
  ipam: 'IPAM',
  eniconfig: 'ENIConfig',
};

/** `max-pods-too-high` → "max pods too high": the name of a rule, from its id unless the id is not a phrase. */
export const ruleWords = (rule: string): string =>
  NAMES[rule] ??
  rule
    .replace('no-manage', 'no_manage')
    .split('-')
    .map((word) => TERMS[word] ?? word)
    .join(' ');

/** `max pods too high on 980 of 1,000 nodes`; for findings without a node, their number. `all`: number of all nodes. */
export function causeWords({ rule, nodes, findings, shared }: Cause, all: number): string {
  const what = ruleWords(rule);
  if (nodes.size === 0) return findings === 1 ? what : `${what} · ${thousands(findings)}`;
  if (shared) return `${what} on ${nodes.size === all ? 'all' : `${thousands(nodes.size)} of`} ${thousands(all)} nodes`;
  return `${what} on ${counted(nodes.size, 'node')}`;
}

/** Maximum number of causes above the picture. */
const SHOWN = 4;

/**
 * Errors first, then causes that many nodes share (they mark no node), then the other warnings. Findings of severity
 * info appear only in the list of findings. `rest`: number of warning and error causes left out.
 */
export function foremostCauses(causes: readonly Cause[]): { readonly shown: readonly Cause[]; readonly rest: number } {
  const ranked = [
    ...causes.filter(({ severity }) => severity === 'error'),
    ...causes.filter(({ severity, shared }) => severity === 'warning' && shared),
    ...causes.filter(({ severity, shared }) => severity === 'warning' && !shared),
  ];
  return { shown: ranked.slice(0, SHOWN), rest: Math.max(0, ranked.length - SHOWN) };
}
