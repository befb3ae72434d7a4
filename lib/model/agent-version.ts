import type { NodeRecord } from './records';

/** The running version of the VPC CNI on a node: from aws-node's metrics, else from its image tag; null if neither is known. */
export const agentVersion = ({ ipamd, cni }: Pick<NodeRecord, 'ipamd' | 'cni'>): string | null =>
  ipamd?.version ?? cni?.version ?? null;
