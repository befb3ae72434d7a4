import { expect, it } from 'vitest';
import { mayBeMistyped, meantKey } from './mistyped';

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const DEFAULT = 'v1.multus-cni.io/default-network';
const NIC = 'k8s.amazonaws.com/nicConfig';

it.each([
  ['k8s.v1.cni.cncf.io/network', NETWORKS],
  ['k8s.v1.cni.cncf.io/Networks', NETWORKS],
  ['k8s.v1.cni.cncf.io/netwroks', NETWORKS],
  ['k8s.cni.cncf.io/networks', NETWORKS],
  ['k8s.v1.cni.cnfc.io/networks', NETWORKS],
  ['k8s.v1.cni.cncf/networks', NETWORKS],
  ['k8s.v1.cni.cncf.io.networks', NETWORKS],
  ['kubernetes.v1.cni.cncf.io/networks', NETWORKS],
  ['v1.multus-cni.io/networks', NETWORKS],
  ['v1.multus-cni.io/default-networks', DEFAULT],
  ['v1.multus.cni.io/default-network', DEFAULT],
  ['v1.multus-cni.io/defaultNetwork', DEFAULT],
  ['k8s.v1.cni.cncf.io/default-network', DEFAULT],
  ['k8s.amazonaws.com/nicconfig', NIC],
  ['k8s.amazonaws.com/nic-config', NIC],
  ['k8s.amazonaws.com/nciConfig', NIC],
  ['k8s.amazonaws.com/nicConfigs', NIC],
  ['k8s.amazonaws.com/nicConfg', NIC],
  ['vpc.amazonaws.com/nicConfig', NIC],
  ['k8s.amazonaws.com.nicConfig', NIC],
  ['k8s.amazonaw.com/nicConfig', NIC],
  ['node.k8s.amazonaws.com/nicConfig', NIC],
  ['nicConfig', NIC],
])('%s is recognised as a misspelt %s', (key, meant) => {
  expect(meantKey(key)).toBe(meant);
  expect(mayBeMistyped(key)).toBe(true);
});

it.each([
  NETWORKS,
  DEFAULT,
  'k8s.v1.cni.cncf.io/network-status',
  'k8s.v1.cni.cncf.io/networks-status',
  'k8s.v1.cni.cncf.io/resourceName',
  'k8s.v1.cni.cncf.io/policy-for',
  'k8s.ovn.org/pod-networks',
  'danm.k8s.io/interfaces',
  'cni.projectcalico.org/podIP',
  'networking.gke.io/networks',
  'kubernetes.io/networks',
  'cni.example.com/networks',
  'k8s.v1.cni.cncf.io/bandwidth',
  NIC,
  'k8s.amazonaws.com/eniConfig',
  'vpc.amazonaws.com/pod-eni',
  'eks.amazonaws.com/nodegroup',
  'example.com/nicConfig',
  'nic-conf',
  'app.kubernetes.io/name',
  'networks',
  '',
])('%s is not taken for a misspelt key', (key) => {
  expect(meantKey(key)).toBeNull();
});
