/** TRUNK_MISSING (vpc-cni.md §6, §10): security groups for pods are on, the type can, card 0 is full, and there is no trunk. */
import { defineRule } from '../rule';
import { enisOf, hasIpamd, isSettled, signalsOf } from '../guards';

export default defineRule({
  id: 'trunk-missing',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'ec2/network-interfaces'],
  check(node, context) {
    if (!hasIpamd(node) || !isSettled(node, context) || node.cni?.podEni !== true || node.limits === null) return [];
    if (node.limits.trunkCompatible !== true) return [];
    const enis = enisOf(context, node);
    if (enis.some((eni) => eni.role === 'trunk')) return [];
    const attached = enis.filter((eni) => eni.card === 0).length;
    const configured = node.cni.maxEni ?? null;
    const limit =
      configured !== null && configured >= 1 ? Math.min(configured, node.limits.enisPerCard) : node.limits.enisPerCard;
    if (attached < limit) return [];
    const events = signalsOf(context, node.id, 'NodeTrunkFailedInit').concat(
      signalsOf(context, node.id, 'TrunkENICreationFailed'),
    );
    return [
      {
        subjects: [node.id],
        title: 'No trunk ENI, and no slot left for one',
        detail: `ENABLE_POD_ENI is on and ${node.instanceType ?? 'the type'} can carry a trunk, but all ${limit} ENI slots of card 0 are taken: pods with their own security groups cannot start on ${node.name}.`,
        evidence: [
          `EC2: ${attached} of ${limit} ENIs on card 0, none of type trunk`,
          'aws-node: ENABLE_POD_ENI=true',
          ...events.map((signal) => `event ${signal.kind}: ${signal.text}`),
        ],
        advice: 'Replace the node; on new nodes the trunk is attached first.',
        command: `kubectl drain ${node.name} --ignore-daemonsets --delete-emptydir-data`,
      },
    ];
  },
});
