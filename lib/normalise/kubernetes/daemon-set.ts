/** DaemonSet → DaemonSetFact, for aws-node and Multus only; others are dropped. */
import { objectKey } from '../../model/facts';
import { fields } from '../read/guards';
import { awsNodeAgent } from './aws-node-agent';
import type { Keyed } from '../read/keyed';
import { hasDefaultNetworks, multusAgent } from './multus-agent';
import { openObject } from './object';

export function normaliseDaemonSet(value: unknown): Keyed<'daemonSet'> | null {
  const object = openObject(value);
  if (object === null) return null;
  const { meta, spec } = object;
  const template = fields(spec['template']);
  const labels = fields(fields(template['metadata'])['labels']);
  const podSpec = fields(template['spec']);
  const awsNode = awsNodeAgent(meta.namespace, labels, podSpec);
  const multus = awsNode === null ? multusAgent(labels, podSpec) : null;
  if (awsNode === null && multus === null) return null;
  return {
    key: objectKey(meta),
    fact: { ...meta, awsNode, multus, multusDefaultNetworks: multus !== null && hasDefaultNetworks(podSpec) },
  };
}
