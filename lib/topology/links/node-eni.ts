/**
 * A node's ENIs according to NodeENI objects, for when EC2 does not answer (multus §4.6): which are attached, and at which
 * device index. Nothing else is known, so they get no ENI record; links and host links name the ENI.
 */
import { readHostName } from '../../cni/host-names';
import { byCodeUnit } from '../../model/order';
import type { NodeContext } from '../context/context';
import type { EniShape } from '../facts/parts';

/** Everything that a NodeENI does not report is null. Without an instance, no card is assumed either. */
const UNKNOWN_ENI: Omit<EniShape, 'id'> = {
  instanceId: null,
  ownerId: null,
  deviceIndex: null,
  networkCardIndex: null,
  attachmentId: null,
  attachmentStatus: null,
  attachedAt: null,
  deleteOnTermination: null,
  interfaceType: 'interface',
  status: null,
  mac: null,
  vpc: null,
  zone: null,
  subnet: null,
  sourceDestCheck: null,
  securityGroups: [],
  description: '',
  requester: null,
  tags: {},
  primaryIp: null,
  publicIps: [],
  ipv4Prefixes: [],
  ipv6Prefixes: [],
};

/** ENIs that a NodeENI object names for a node. */
export interface NodeEniHint {
  readonly enis: readonly EniShape[];
  readonly isWeak: boolean;
  /** As a sentence. */
  readonly text: string;
}

/** The ENIs that NodeENIs list at the place implied by a host link's name; null if EC2 covers the node, or nothing matches. */
export function nodeEniHint(context: NodeContext, name: string): NodeEniHint | null {
  if (context.ec2Answers || context.enis.length > 0) return null;
  const reading = readHostName(name, context.links.host);
  if (reading.deviceIndex === null || reading.card !== 0 || reading.grade === 'none') return null;
  const ids = new Set<string>();
  for (const { attachments } of context.facts.factsOf('nodeEnisByNode', context.name)) {
    for (const one of attachments)
      if (one.node === context.name && one.deviceIndex === reading.deviceIndex) ids.add(one.eni);
  }
  if (ids.size === 0) return null;
  const sorted = [...ids].sort(byCodeUnit);
  return {
    enis: sorted.map((id) => ({ ...UNKNOWN_ENI, id })),
    isWeak: reading.grade === 'low',
    text: `The network names ${name}: ${reading.evidence}; a NodeENI lists ${sorted.join(', ')} there, and EC2 does not answer.`,
  };
}
