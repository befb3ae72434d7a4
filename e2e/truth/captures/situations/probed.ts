/** Probes of pods on branch ENIs: the kubelet reaches them through the trunk, filtered by the pod's security groups. */
import { Cluster } from '../kit/cluster';
import { fill, is, none, says, silentOn, warning, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const TIMED_OUT =
  'Liveness probe failed: Get "http://10.40.0.99:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

/** A node with a trunk, and a pod on a branch ENI that never becomes Ready. */
function cluster(
  env: Readonly<Record<string, string>>,
  initEnv: Readonly<Record<string, string>> | null,
  text: string | null = TIMED_OUT,
): Cluster {
  const made = new Cluster({ env: { ENABLE_POD_ENI: 'true', ...env } });
  const node = made.node('n1', made.subnet('10.40.0.0/20'), {
    maxPods: 20,
    capacity: { [POD_ENI]: '9' },
    ...(initEnv === null ? {} : { initEnv }),
  });
  fill(made, node, node.primary, 2);
  node.primary.free(7);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use', groups: ['sg-0db'] });
  made.write('shop/db', node, [branch.ip ?? ''], {
    ready: false,
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: 1, subnetCidr: '10.40.0.0/20' },
      ]),
    },
  });
  if (text !== null) warning(made, 'shop/db', 'Unhealthy', text, 'kubelet');
  return made;
}

const DB = 'findings[subjects~pod:shop/db]';

/** The setting is missing. */
const withoutTheSetting = (): Situation => ({
  source: 'aws/amazon-vpc-cni-k8s#1212, #1269; aws/karpenter-provider-aws#2961; pulumi/pulumi-eks#620',
  cluster: cluster({}, {}),
  checks: [
    says(DB, 'DISABLE_TCP_EARLY_DEMUX'),
    says(`${DB}.advice`, 'aws-vpc-cni-init'),
    says(`${DB}.evidence`, 'context deadline exceeded'),
    is('nodes[name=n1].cni.earlyDemuxOff', false),
  ],
});

/** `kubectl set env ds aws-node` reaches the containers, not the init containers. */
const onTheWrongContainer = (): Situation => ({
  source: 'aws/amazon-vpc-cni-k8s#1269 (set, and without effect)',
  cluster: cluster(
    { DISABLE_TCP_EARLY_DEMUX: 'true' },
    {},
    'Readiness probe failed: dial tcp 10.40.0.99:5432: i/o timeout',
  ),
  checks: [says(DB, 'container aws-node'), says(`${DB}.advice`, 'aws-vpc-cni-init')],
  sayings: [{ command: 'explain', words: 'node n1 settings', says: /DISABLE_TCP_EARLY_DEMUX[^]*aws-vpc-cni-init/ }],
});

/** It is set: the pod's security groups block the node. */
const groupsOfThePod = (): Situation => ({
  source: 'aws/amazon-vpc-cni-k8s#1755 (early demux is off), EKS best practices (security groups for pods)',
  cluster: cluster({}, { DISABLE_TCP_EARLY_DEMUX: 'true' }),
  checks: [
    says(`${DB}.advice`, 'sg-0db'),
    says(`${DB}.advice`, '(?i)security group'),
    silentOn(`${DB}.advice`, 'DISABLE_TCP_EARLY_DEMUX'),
  ],
});

/** In standard mode the node reaches the pod directly. */
const standardMode = (): Situation => ({
  source: 'aws/amazon-vpc-cni-k8s README (POD_SECURITY_GROUP_ENFORCING_MODE)',
  cluster: cluster({ POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' }, {}),
  checks: [silentOn('findings', 'DEMUX'), none('findings[severity=error]')],
});

/** The posted object lacks the init container. */
const initContainerNotPosted = (): Situation => ({
  source: 'aws/amazon-vpc-cni-k8s#1269 (as first posted)',
  cluster: cluster({}, null),
  checks: [says(DB, 'DISABLE_TCP_EARLY_DEMUX'), says(DB, 'not known'), is('nodes[name=n1].cni.earlyDemuxOff', null)],
});

/** The application itself answers with an error: not a network fault. */
const theProgramItself = (): Situation => ({
  source: 'posted: a probe that is answered with an error',
  cluster: cluster({}, {}, 'Readiness probe failed: HTTP probe failed with statuscode: 503'),
  checks: [silentOn('findings', 'DEMUX'), none('findings[severity=error]')],
});

/** A common configuration in which nothing fails. */
const nothingFails = (): Situation => ({
  source: 'EKS user guide (security groups for pods without probes over TCP)',
  cluster: cluster({}, {}, null),
  checks: [none('findings[severity=error]'), none('findings[severity=warning]')],
});

export const probed: Readonly<Record<string, () => Situation>> = {
  'probe of a branch pod without the setting': withoutTheSetting,
  'probe of a branch pod, set on the wrong container': onTheWrongContainer,
  'probe of a branch pod blocked by its groups': groupsOfThePod,
  'probe of a branch pod in standard mode': standardMode,
  'probe of a branch pod, init container not posted': initContainerNotPosted,
  'probe of a branch pod that answers 503': theProgramItself,
  'branch pod without a failing probe': nothingFails,
};
