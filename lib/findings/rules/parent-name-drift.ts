/** P23 (multus §3.4, §6): the parent's name does not match how the OS of a node that uses the network names its links. */
import { NADS, NODES, PODS } from '../../model/source-ids';
import { readHostName } from '../../cni/host-names';
import { nodeOf } from '../guards/node';
import { counted, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** An inventory that lists the link proves that it exists. */
function isInventoried(name: string, node: string, context: RuleContext): boolean {
  return context.read
    .all('hostNicsByNode', node)
    .some((nic) => nic.certainty === 'observed' && (nic.name === name || nic.altNames.includes(name)));
}

export default defineRule({
  id: 'parent-name-drift',
  severity: 'info',
  scope: 'networks',
  needs: [NODES, PODS, NADS],
  check(network, context) {
    const { kind, value } = network.parent;
    if (kind !== 'host-device' || value === null || network.semantics?.linkInContainer === true) return null;
    const drifted = context.read.all('attachmentsByNetwork', network.id).flatMap((attachment) => {
      const node = nodeOf(context, attachment.node);
      // Only EC2 instances have ENIs and OS images with a known naming scheme.
      if (node?.instanceId == null || node.gone) return [];
      const { suspicious } = readHostName(value, {
        osImage: node.osImage,
        instanceType: node.instanceType,
        cards: node.limits?.cards ?? null,
      });
      return suspicious === null || isInventoried(value, node.id, context) ? [] : [{ node, suspicious }];
    });
    const [first] = drifted;
    if (first === undefined) return null;
    const names = drifted.map(({ node }) => node.name);
    return {
      subjects: [network.id, ...drifted.slice(0, 10).map(({ node }) => node.id)],
      title: `${value} is an unusual link name on ${counted(names.length, 'node')}`,
      detail: `${nameOf(network.id)} uses ${value}; ${first.suspicious}. This affects ${listed(names)}. Unless the links were renamed there, pods on this network cannot start.`,
      evidence: [`spec.config: parent ${value}`, `Kubernetes: osImage ${first.node.osImage ?? ''}`],
      advice: 'Use the name that the OS of the nodes gives the link, or pin names with net.ifnames=0 or a udev rule.',
    };
  },
});
