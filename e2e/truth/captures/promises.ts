/** Headroom promises no address that nobody hands out, and every one that somebody does (vpc-cni §2.4, §5.5, §7). */
import { Cluster } from './kit/cluster';
import type { Node } from './kit/node';
import type { NodeSpec } from './kit/types';

const CUSTOM = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone' };

export function promises(): Cluster {
  // No DaemonSet: what runs on a node is what its own pods tell.
  const c = new Cluster({ daemon: false });
  c.undecided.push('pool-low', 'warm-pool-waste', 'max-pods-too-high', 'subnet-low');
  const s = c.subnet('10.23.0.0/18');
  const podNet = c.subnet('100.64.0.0/18');
  c.object({
    apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
    kind: 'ENIConfig',
    metadata: { name: 'eu-west-1a', uid: 'ec-a' },
    spec: { subnet: podNet.id, securityGroups: ['sg-0a'] },
  });
  const node = (name: string, spec: NodeSpec = {}): Node => c.node(name, s, { maxPods: 110, ...spec });
  const headroom = (one: Node, pods: number | null, limitedBy: string): void =>
    c.expect('nodes', one.id, { headroom: { pods, limitedBy } });

  // MINIMUM_IP_TARGET is reached once, and never again.
  const reached = node('minimum', { env: { MINIMUM_IP_TARGET: '4' } });
  for (const at of [1, 2]) c.pod(`shop/min-${String(at)}`, reached, reached.primary);
  reached.primary.free(2);
  headroom(reached, 2, 'targets');
  const unreached = node('minimum-missing', { env: { MINIMUM_IP_TARGET: '6', WARM_IP_TARGET: '0' } });
  c.pod('shop/missing', unreached, unreached.primary);
  headroom(unreached, 5, 'targets');
  const asks = node('minimum-and-warm', { env: { MINIMUM_IP_TARGET: '4', WARM_IP_TARGET: '1' } });
  c.pod('shop/asks', asks, asks.primary);
  asks.primary.free(3);
  headroom(asks, 26, 'slots');
  const prefixes = node('minimum-prefix', { env: { MINIMUM_IP_TARGET: '20', ENABLE_PREFIX_DELEGATION: 'true' } });
  prefixes.primary.prefix();
  c.pod('shop/prefix', prefixes, prefixes.primary, { via: 'prefix' });
  headroom(prefixes, 31, 'targets');

  // Custom networking: what stands on the primary ENI is handed out, and nothing is added to it.
  const custom = node('custom', { env: CUSTOM });
  custom.primary.free(2);
  c.pod('shop/custom-own', custom, custom.primary);
  const further = custom.eni({ dev: 1, by: 'ipamd' }, podNet).free(8);
  c.pod('shop/custom', custom, further);
  headroom(custom, 19, 'slots');
  const customPrefix = node('custom-prefix', { env: { ...CUSTOM, ENABLE_PREFIX_DELEGATION: 'true' } });
  customPrefix.primary.prefix();
  customPrefix.eni({ dev: 1, by: 'ipamd' }, podNet).prefix();
  headroom(customPrefix, 108, 'max-pods');

  // A trunk gets nothing more, and gives what it has.
  const trunk = node('trunk', { env: { ENABLE_POD_ENI: 'true' } });
  c.pod('shop/trunk', trunk, trunk.primary);
  trunk.primary.free(8);
  const carrier = trunk.eni({ dev: 2, type: 'trunk', by: 'controller' }).free(1);
  c.pod('shop/on-trunk', trunk, carrier);
  headroom(trunk, 18, 'slots');

  // Who hands out addresses here is not ipamd.
  const other = node('other', { ipamd: false, os: 'Ubuntu 24.04' });
  other.primary.free(5);
  headroom(other, null, 'unknown');
  const windows = node('windows', { ipamd: false, os: 'Windows Server 2022 Datacenter' });
  windows.primary.free(3);
  headroom(windows, 9, 'slots');
  const offers = node('windows-offers', {
    ipamd: false,
    os: 'Windows Server 2022 Datacenter',
    maxPods: 6,
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
  });
  headroom(offers, 5, 'max-pods');
  return c;
}
