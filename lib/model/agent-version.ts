import type { NodeRecord } from './records';

/** The version of the VPC CNI that runs on a node: as aws-node says itself, else the tag of its image; null where neither is known. */
export const agentVersion = ({ ipamd, cni }: Pick<NodeRecord, 'ipamd' | 'cni'>): string | null =>
  ipamd?.version ?? cni?.version ?? null;
