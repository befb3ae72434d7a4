import { ago, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';
import { workloadId } from '../../model/ids';

const WEB = workloadId('shop', 'ReplicaSet', 'web-5d8');
const failed = (text: string, change: Parameters<typeof signal>[3] = {}, of = WEB) =>
  signal(of, 'FailedCreate', text, { firstAt: ago(600), lastAt: ago(60), ...change });
const owned = (createdAt: string) =>
  pod('web-5d8-x', {
    namespace: 'shop',
    id: 'pod:shop/web-5d8-x',
    owner: { kind: 'ReplicaSet', name: 'web-5d8' },
    createdAt,
  });

const calling = (webhook: string, end: string): string =>
  `Error creating: Internal error occurred: failed calling webhook "${webhook}": failed to call webhook: Post "https://webhook.tools.svc:443/mutate?timeout=10s": ${end}`;
const QUOTA =
  'Error creating: pods "web-5d8-" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10';

const says = (name: string, text: string, expected: RegExp, severity: 'error' | 'warning' = 'error') => ({
  name,
  records: [node(), failed(text)],
  subjects: [WEB],
  severity,
  says: expected,
  nowhere: true,
});

cases('pods-not-created', [
  says(
    'a webhook that does not answer',
    calling('mpod.elbv2.k8s.aws', 'context deadline exceeded'),
    /cluster security group[^]*on the port/,
  ),
  says(
    'a webhook behind an overlay',
    calling('sidecar-injector.istio.io', 'Address is not allowed'),
    /hostNetwork: true/,
  ),
  says(
    'a webhook without pods',
    calling('mpod.elbv2.k8s.aws', 'no endpoints available for service "aws-load-balancer-webhook-service"'),
    /No pod behind its Service is Ready/,
  ),
  says('a webhook that was uninstalled', calling('v.kyverno.svc', 'service "kyverno-svc" not found'), /left behind/),
  says('a certificate', calling('v.kyverno.svc', 'x509: certificate has expired or is not yet valid'), /caBundle/),
  says(
    'nothing listens',
    calling('v.kyverno.svc', 'dial tcp 10.0.1.9:9443: connect: connection refused'),
    /targetPort/,
  ),
  says('another failure of a webhook', calling('v.kyverno.svc', 'unexpected EOF'), /v\.kyverno\.svc failed/),
  says(
    'the webhook of the VPC resource controller',
    'Error creating: Internal error occurred: failed calling webhook "mpod.vpc.k8s.aws": failed to call webhook: Post "https://127.0.0.1:9443/mutate-v1-pod?timeout=10s": context deadline exceeded',
    /EKS runs it inside the control plane/,
  ),
  says(
    'a webhook that rejects',
    'Error creating: admission webhook "validate.kyverno.svc" denied the request: no limits',
    /rejects them/,
    'warning',
  ),
  says('quota', QUOTA, /ResourceQuota compute .* The network is not involved/, 'warning'),
  says(
    'quota that demands limits',
    'Error creating: pods "web-" is forbidden: failed quota: compute: must specify limits.cpu',
    /requires resource requests or limits/,
    'warning',
  ),
  says(
    'service account',
    'Error creating: pods "web-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
    /service account web does not exist/,
    'warning',
  ),
  says(
    'Pod Security',
    'Error creating: pods "web-" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
    /baseline:latest/,
    'warning',
  ),
  says(
    'priority class',
    'Error creating: pods "web-" is forbidden: no PriorityClass with name high was found',
    /PriorityClass high/,
    'warning',
  ),
  says(
    'constraints of OpenShift',
    'Error creating: pods "web-" is forbidden: unable to validate against any security context constraint: []',
    /SecurityContextConstraint/,
    'warning',
  ),
  says(
    'the time limit of the API server',
    'Error creating: Timeout: request did not complete within requested timeout - context deadline exceeded',
    /List the webhook configurations/,
    'warning',
  ),
  says('a message that is not known', 'Error creating: some new words', /does not know this message/, 'warning'),
  {
    name: 'another pod of a workload that has some',
    records: [node(), owned(ago(7_200)), failed(QUOTA)],
    subjects: [WEB],
    says: /further pods/,
    nowhere: true,
  },
  {
    name: 'a DaemonSet that provides the network of nodes',
    records: [node(), failed(QUOTA, {}, workloadId('kube-system', 'DaemonSet', 'aws-node'))],
    subjects: [workloadId('kube-system', 'DaemonSet', 'aws-node')],
    severity: 'error',
    says: /a new node has no network/,
    nowhere: true,
  },
  {
    name: 'unknown times',
    records: [node(), failed(QUOTA, { firstAt: null, lastAt: null })],
    subjects: [WEB],
    nowhere: true,
  },
  { name: 'a pod was created since', records: [node(), owned(ago(30)), failed(QUOTA)], subjects: [] },
  { name: 'guard: a moment ago', records: [node(), failed(QUOTA, { firstAt: ago(59) })], subjects: [] },
  { name: 'guard: long ago', records: [node(), failed(QUOTA, { lastAt: ago(2_401) })], subjects: [] },
  { name: 'guard: about a pod', records: [node(), failed(QUOTA, {}, 'pod:shop/web')], subjects: [] },
]);
