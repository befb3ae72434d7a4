/** DaemonSet → DaemonSetFact, for aws-node, Multus and the enforcer of MultiNetworkPolicies only; others are dropped. */
import { fields } from '../read/guards';
import { awsNodeAgent } from './aws-node-agent';
import { hasDefaultNetworks, multusAgent } from './multus-agent';
import { normaliser } from './object';
import { enforcedPlugins } from './policy-enforcer';

/** Node labels that select by OS or architecture only, so that a DaemonSet still runs on every Linux node. */
const EVERYWHERE = /^(beta\.)?kubernetes\.io\/(os|arch)$/;

/** Null for any other DaemonSet. */
export const normaliseDaemonSet = normaliser<'daemonSet'>((object) => {
  const { meta, spec } = object;
  const template = fields(spec['template']);
  const metadata = fields(template['metadata']);
  const labels = fields(metadata['labels']);
  const podSpec = fields(template['spec']);
  const annotations = fields(metadata['annotations']);
  const awsNode = awsNodeAgent({ meta, labels, annotations, spec: podSpec }, 'template');
  const multus = awsNode === null ? multusAgent(labels, podSpec) : null;
  const policyPlugins = awsNode === null && multus === null ? enforcedPlugins(podSpec) : null;
  if (awsNode === null && multus === null && policyPlugins === null) return null;
  const selective = Object.keys(fields(podSpec['nodeSelector'])).some((key) => !EVERYWHERE.test(key));
  return {
    awsNode,
    selective,
    multus,
    multusDefaultNetworks: multus !== null && hasDefaultNetworks(podSpec),
    policyPlugins,
  };
});
