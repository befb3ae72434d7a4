/** Annotations of a pod that choose its interfaces: who reads them, and what the pod gets without them. */
import { DEFAULT_NETWORK_KEY } from '../../cni/multus/default-network';
import { NIC_CONFIG_KEY } from '../../cni/nic-config';

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
