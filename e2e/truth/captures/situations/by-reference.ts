/**
 * Settings of aws-node that come from somewhere else, as charts and operators write them. What the kubelet makes of an entry (later
 * ones win, `$(NAME)` is replaced, `env` wins over `envFrom`) is Kubernetes' own `makeEnvironmentVariables`.
 */
import { Cluster } from '../kit/cluster';
import type { NodeSpec } from '../kit/types';
import {
  eniConfig,
  fill,
  is,
  NO_ADDRESS,
  none,
  refused,
  says,
  silentOn,
  type Saying,
  type Situation,
} from './situation';

const KUBELET = 'kubernetes/kubernetes pkg/kubelet/kubelet_pods.go makeEnvironmentVariables';

const fromConfigMap = (name: string, key = name) => ({ name, valueFrom: { configMapKeyRef: { name: 'cni', key } } });
const fromAnnotation = (name: string, key: string) => ({
  name,
  valueFrom: { fieldRef: { fieldPath: `metadata.annotations['${key}']` } },
});
const configMap = (prefix?: string) => ({
  ...(prefix === undefined ? {} : { prefix }),
  configMapRef: { name: 'cni', optional: true },
});

/** An m5.large with two pods and seven free addresses on its only ENI. */
function halfFree(spec: NodeSpec): Cluster {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), spec);
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  return cluster;
}

const targetOf = (value: unknown) => is('nodes[name=n1].pools.0.target', value);
const noTarget = [targetOf(null), is('nodes[name=n1].pools.0.low', null), none('findings[rule=pool-low]')];
const settings = (says: RegExp, silentOn?: RegExp): readonly Saying[] => [
  { command: 'explain', words: 'node n1 settings', says, ...(silentOn === undefined ? {} : { silentOn }) },
];

const situation = (spec: NodeSpec, checks: Situation['checks'], sayings: readonly Saying[] = []): (() => Situation) => {
  return () => ({ source: KUBELET, cluster: halfFree(spec), checks, sayings });
};

/** A full node whose limit nobody knows: whether another ENI may come is not known. */
function limitUnknown(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { envEntries: [fromConfigMap('MAX_ENI')] });
  fill(cluster, node, node.primary, 9);
  cluster.waiting('shop/late', node);
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: KUBELET,
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', null),
      none('findings[rule=node-addresses-full]'),
      none('findings[rule=max-pods-too-high]'),
      says('findings[rule=pod-ip-failed].detail', 'shop/late'),
      silentOn('findings[rule=pod-ip-failed].detail', 'every (slot|address)|full'),
    ],
    sayings: settings(/MAX_ENI/),
  };
}

/** Whether pods go into the ENIConfig's subnet is not known: the primary ENI may be in the pool or not. */
function placeUnknown(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('n1', subnet, {
    env: { ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone' },
    envEntries: [fromConfigMap('AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG')],
  });
  eniConfig(cluster, 'subnet-0another', 'eu-west-1b');
  return {
    source: KUBELET,
    cluster,
    checks: [none('findings[rule=eniconfig-missing]'), is('nodes[name=n1].headroom.pods', null)],
    sayings: settings(/AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG/, /AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG is effectively off/),
  };
}

/** Whether pods may have branch ENIs is not known: no trunk is missing. */
function branchesUnknown(): Situation {
  const cluster = halfFree({ type: 'm5.large', envEntries: [fromConfigMap('ENABLE_POD_ENI')] });
  return {
    source: KUBELET,
    cluster,
    checks: [none('findings[rule=trunk-missing]')],
    sayings: settings(/ENABLE_POD_ENI/, /ENABLE_POD_ENI is effectively off/),
  };
}

const DECIDED = { env: { WARM_IP_TARGET: '3' } };

/** What `/v1/ipamd-env-settings` of ipamd says of them. */
function toldByIpamd(
  path: string,
  names: readonly string[],
  checks: Situation['checks'],
  sayings: readonly Saying[],
): Situation {
  const cluster = halfFree({ envEntries: names.map((name) => fromConfigMap(name)) });
  cluster.extraFiles.push({
    path,
    text: JSON.stringify({
      AWS_MANAGE_ENIS_NON_SCHEDULABLE: false,
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: false,
      ENABLE_SUBNET_DISCOVERY: true,
      WARM_ENI_TARGET: 1,
      WARM_IP_TARGET: 4,
    }),
  });
  return {
    source:
      'aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go GetConfigForDebug (eks-log-collector: ipamd/ipamd-env-settings.json)',
    cluster,
    checks: [...checks, none('sources[id=capture/files]')],
    sayings,
  };
}

export const byReference: Readonly<Record<string, () => Situation>> = {
  'targets reported by ipamd': () =>
    toldByIpamd(
      'ipamd/ipamd-env-settings.json',
      ['WARM_IP_TARGET', 'WARM_ENI_TARGET'],
      [targetOf(4), is('nodes[name=n1].cni.warmIpTarget', 4), is('nodes[name=n1].pools.0.low', false)],
      settings(/WARM_IP_TARGET=4|4 free addresses/, /not known/),
    ),
  'targets of which ipamd reports one': () =>
    toldByIpamd(
      'aws-node/n1/ipamd-env-settings.json',
      ['WARM_IP_TARGET', 'MINIMUM_IP_TARGET'],
      [...noTarget, is('nodes[name=n1].cni.unresolved', ['MINIMUM_IP_TARGET'])],
      settings(/MINIMUM_IP_TARGET/),
    ),
  'custom networking reported by ipamd': () =>
    toldByIpamd(
      'ipamd/ipamd-env-settings.json',
      ['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'],
      [is('nodes[name=n1].cni.customNetworking', false), targetOf(9)],
      settings(/secondary-IP mode/),
    ),
  'target from a ConfigMap': situation(
    { envEntries: [fromConfigMap('WARM_IP_TARGET')] },
    noTarget,
    settings(/WARM_IP_TARGET/, /follows WARM_ENI_TARGET/),
  ),
  'a whole ConfigMap': situation(
    { envFrom: [configMap()] },
    noTarget,
    settings(/not known/, /follows WARM_ENI_TARGET/),
  ),
  'a ConfigMap with a prefix that matches a target': situation({ envFrom: [configMap('WARM_')] }, noTarget),
  'a ConfigMap with a prefix that matches nothing': situation(
    { ...DECIDED, envFrom: [configMap('SITE_')] },
    [targetOf(3)],
    settings(/follows WARM_IP_TARGET=3/, /not known/),
  ),
  'a ConfigMap next to a literal target': situation(
    { env: { WARM_IP_TARGET: '3', MINIMUM_IP_TARGET: '5' }, envFrom: [configMap('WARM_'), configMap('MINIMUM_')] },
    [is('nodes[name=n1].cni.warmIpTarget', 3), is('nodes[name=n1].cni.minimumIpTarget', 5), targetOf(3)],
  ),
  'a Secret next to a literal target': situation({ ...DECIDED, envFrom: [{ secretRef: { name: 'site' } }] }, [
    is('nodes[name=n1].cni.warmIpTarget', 3),
  ]),
  'target from another variable': situation(
    {
      envEntries: [fromConfigMap('SITE_TARGET'), { name: 'WARM_IP_TARGET', value: '$(SITE_TARGET)' }],
    },
    noTarget,
    settings(/WARM_IP_TARGET/),
  ),
  'target from a custom variable': situation(
    {
      envEntries: [
        { name: 'SITE_TARGET', value: '4' },
        { name: 'WARM_IP_TARGET', value: '$(SITE_TARGET)' },
      ],
    },
    noTarget,
    // Nothing here comes from a ConfigMap or a Secret.
    settings(/WARM_IP_TARGET: [^\n]*another variable/, /WARM_IP_TARGET comes from/),
  ),
  'target from a literal variable': situation(
    {
      ...DECIDED,
      envEntries: [
        { name: 'MAX_ENI', value: '3' },
        { name: 'WARM_IP_TARGET', value: '$(MAX_ENI)' },
      ],
    },
    [is('nodes[name=n1].cni.warmIpTarget', 3), targetOf(3)],
  ),
  'target from a later variable': situation(
    {
      env: { WARM_IP_TARGET: '$(MAX_ENI)', MAX_ENI: '3' },
      envEntries: [
        { name: 'WARM_IP_TARGET', value: '$(MAX_ENI)' },
        { name: 'MAX_ENI', value: '3' },
      ],
    },
    // The text stays as it is, which is no number: no target of that name, and WARM_ENI_TARGET decides.
    [is('nodes[name=n1].cni.warmIpTarget', 0), is('nodes[name=n1].cni.unresolved', [])],
    settings(/WARM_ENI_TARGET=1/),
  ),
  'target from an annotation of the pod': situation(
    {
      ...DECIDED,
      envEntries: [fromAnnotation('WARM_IP_TARGET', 'cni/warm')],
      agentAnnotations: { 'cni/warm': '3' },
    },
    [targetOf(3)],
    settings(/follows WARM_IP_TARGET=3/),
  ),
  'missing annotation of the pod': situation(
    { env: { WARM_IP_TARGET: '' }, envEntries: [fromAnnotation('WARM_IP_TARGET', 'cni/warm')] },
    [is('nodes[name=n1].cni.warmIpTarget', 0), is('nodes[name=n1].cni.unresolved', [])],
    settings(/WARM_ENI_TARGET=1/),
  ),
  'target set twice, first from a ConfigMap': situation(
    { ...DECIDED, envEntries: [fromConfigMap('WARM_IP_TARGET'), { name: 'WARM_IP_TARGET', value: '3' }] },
    [targetOf(3)],
  ),
  'target set twice, last from a ConfigMap': situation(
    { envEntries: [{ name: 'WARM_IP_TARGET', value: '3' }, fromConfigMap('WARM_IP_TARGET')] },
    noTarget,
  ),
  'limit from a ConfigMap': limitUnknown,
  'custom networking from a ConfigMap': placeUnknown,
  'branch ENIs from a ConfigMap': branchesUnknown,
};
