/** Annotations of a pod that choose its interfaces: who reads them, and what the pod gets without them. */
import { DEFAULT_NETWORK_KEY } from '../../cni/multus/default-network';
import { NIC_CONFIG_KEY } from '../../cni/nic-config';
import type { RuleContext } from '../rule/rule';
import { nodeOf } from './node';

interface Reading {
  /** At the beginning of a sentence. */
  readonly reader: string;
  /** What the pod gets without the annotation, to follow “it gets ”. */
  readonly without: string;
}

/** For any other key: that of the networks annotation. */
export function readingOf(key: string): Reading {
  switch (key) {
    case NIC_CONFIG_KEY:
      return { reader: 'The VPC CNI', without: 'one interface' };
    case DEFAULT_NETWORK_KEY:
      return { reader: 'Multus', without: 'the default network of the cluster' };
    default:
      return { reader: 'Multus', without: 'none of these networks' };
  }
}

/** Whether the reader of the annotation runs where the pod runs, as far as is known: without the VPC CNI, no spelling of nicConfig has an effect. */
export function isRead(key: string, pod: { readonly node: string | null }, context: RuleContext): boolean {
  if (key !== NIC_CONFIG_KEY) return true;
  const node = nodeOf(context, pod.node);
  return node === null || node.cni !== null || node.ipamd !== null;
}
