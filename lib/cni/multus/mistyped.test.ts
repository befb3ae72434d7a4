import { expect, it } from 'vitest';
import { meantKey } from './mistyped';

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const DEFAULT = 'v1.multus-cni.io/default-network';

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
])('%s was probably meant as %s', (key, meant) => {
  expect(meantKey(key)).toBe(meant);
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
  'networks',
  '',
])('%s was not meant as another key', (key) => {
  expect(meantKey(key)).toBeNull();
});
