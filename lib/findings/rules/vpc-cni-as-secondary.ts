/** A NetworkAttachmentDefinition whose main plugin is aws-cni: the VPC CNI only works as the default network (multus §3.3, §2.4). */
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import type { CniFailureKind } from '../../cni/errors';
import { refusalsFor } from '../guards/signals';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

const FAILURES: ReadonlySet<CniFailureKind> = new Set(['vpc-cni-as-secondary', 'pod-network-setup', 'unknown']);

export default defineRule({
  id: 'vpc-cni-as-secondary',
  severity: 'warning',
  scope: 'networks',
  needs: [NADS],
  uses: [PODS, EVENTS],
  check(network, context) {
    if (network.id === 'cluster' || network.missing || network.mainPlugin === null) return null;
    // The daemon's own folder may contain the cluster network as a definition (multus §1.1).
    if (network.plugins[network.mainPlugin] !== 'aws-cni' || network.namespace === 'kube-system') return null;
    const refusals = refusalsFor(context, network, FAILURES);
    return {
      subjects: [network.id, ...refusals.slice(0, 10).map(({ pod }) => pod.id)],
      title: 'The VPC CNI does not work as an extra network',
      detail: `${nameOf(network.id)} uses aws-cni. The VPC CNI can only be the default network: as an extra one it fails with “failed to add default route: file exists”.`,
      evidence: [
        'Kubernetes: the main plugin of the network is aws-cni',
        ...refusals
          .slice(0, 1)
          .map(({ pod, failure }) => `event FailedCreatePodSandBox of ${nameOf(pod.id)}: ${failure.detail}`),
      ],
      advice: 'Use ipvlan or host-device on an ENI tagged no_manage=true, or VPC CNI multi-NIC.',
    };
  },
});
