/** Custom networking: who names the ENIConfig, one that is missing, one of another zone (vpc-cni §7, §10). */
import { Cluster } from './kit/cluster';
import type { Json, NodeSpec } from './kit/types';

export function custom(): Cluster {
  const byZone = { ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone' };
  const c = new Cluster({ env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', ...byZone } });
  c.undecided.push('pool-low', 'warm-pool-waste');
  const a = c.subnet('10.8.0.0/20');
  const b = c.subnet('10.9.0.0/20', 'eu-west-1b');
  const podsA = c.subnet('100.64.0.0/18', 'eu-west-1a');
  const podsB = c.subnet('100.64.64.0/18', 'eu-west-1b');
  const config = (name: string, subnet: string, groups: Json = ['sg-0pods']): void =>
    c.object({
      apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
      kind: 'ENIConfig',
      metadata: { name, uid: `ec-${name}` },
      spec: { subnet, securityGroups: groups },
    });
  config('eu-west-1a', podsA.id);
  config('special', podsA.id);
  config('outside', podsA.id);
  config('in-b', podsB.id);

  const node = (
    name: string,
    spec: NodeSpec,
    eniConfig: string | null,
    found: boolean,
  ): ReturnType<Cluster['node']> => {
    const one = c.node(name, spec.zone === 'eu-west-1b' ? b : a, { maxPods: 20, ...spec });
    c.expect('nodes', one.id, { eniConfig: eniConfig === null ? null : { name: eniConfig, found } });
    return one;
  };
  const works = (one: ReturnType<Cluster['node']>, subnet = podsA): void => {
    const eni = one.eni({ dev: 1, by: 'ipamd' }, subnet).free(4);
    for (let at = 0; at < 3; at += 1) c.pod(`shop/${one.name}-${String(at)}`, one, eni);
  };
  const byLabel = node('by-label', {}, 'eu-west-1a', true);
  works(byLabel);
  // Two further ENIs at nine addresses each, less three in use; the primary gives none.
  c.expect('nodes', byLabel.id, { headroom: { pods: 15, limitedBy: 'max-pods' } });
  works(node('by-annotation', { annotations: { 'k8s.amazonaws.com/eniConfig': 'special' } }, 'special', true));
  works(
    node(
      'by-external',
      {
        labels: { 'vpc.amazonaws.com/externalEniConfig': 'outside' },
        annotations: { 'k8s.amazonaws.com/eniConfig': 'special' },
      },
      'outside',
      true,
    ),
  );
  works(
    node(
      'own-annotation-key',
      { env: { ENI_CONFIG_ANNOTATION_DEF: 'example.com/eni' }, annotations: { 'example.com/eni': 'special' } },
      'special',
      true,
    ),
  );
  // Nobody names one: `default`, which does not exist; the node stays NotReady for it.
  const missing = node(
    'by-default',
    { env: { ENI_CONFIG_LABEL_DEF: 'k8s.amazonaws.com/eniConfig' }, ready: false, ipamd: 'not-ready' },
    'default',
    false,
  );
  c.finding('eniconfig-missing', missing.id);
  const zoneless = node('in-zone-b', { zone: 'eu-west-1b', ready: false, ipamd: 'not-ready' }, 'eu-west-1b', false);
  c.finding('eniconfig-missing', zoneless.id);
  const wrong = node('wrong-zone', { annotations: { 'k8s.amazonaws.com/eniConfig': 'in-b' } }, 'in-b', true);
  c.finding('eniconfig-wrong-zone', wrong.id);
  // Off by its own pod while the DaemonSet says on.
  const off = node('off', { env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: '0' } }, null, false);
  c.pod('shop/off-1', off, off.primary);
  off.primary.free(8);
  return c;
}
