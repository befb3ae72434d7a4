/** DaemonSet → DaemonSetFact, for aws-node and Multus only; others are dropped. */
import { fields } from '../read/guards';
import { awsNodeAgent } from './aws-node-agent';
import { hasDefaultNetworks, multusAgent } from './multus-agent';
import { normaliser } from './object';

/** Node labels that select by OS or architecture only, so that a DaemonSet still runs on every Linux node. */
const EVERYWHERE = /^(beta\.)?kubernetes\.io\/(os|arch)$/;

/** Null for a DaemonSet that is neither aws-node nor Multus. */
export const normaliseDaemonSet = normaliser<'daemonSet'>((object) => {
  const { meta, spec } = object;
  const template = fields(spec['template']);
  const metadata = fields(template['metadata']);
  const labels = fields(metadata['labels']);
  const podSpec = fields(template['spec']);
  const annotations = fields(metadata['annotations']);
  const awsNode = awsNodeAgent({ meta, labels, annotations, spec: podSpec }, 'template');
  const multus = awsNode === null ? multusAgent(labels, podSpec) : null;
  if (awsNode === null && multus === null) return null;
  const selective = Object.keys(fields(podSpec['nodeSelector'])).some((key) => !EVERYWHERE.test(key));
  return { awsNode, selective, multus, multusDefaultNetworks: multus !== null && hasDefaultNetworks(podSpec) };
});
