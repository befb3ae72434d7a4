import { ago, node, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';
const lacks = (text: string) => signal(NODE, 'pod-identity', text);
const tainted = { taints: [{ key: 'nvidia.com/gpu', value: null, effect: 'NoSchedule' }] };

cases('pod-identity-agent-missing', [
  {
    name: 'pods need the agent, and none runs on the node',
    records: [node(), lacks('none: shop/uploads, shop/web-0')],
    subjects: [NODE],
    severity: 'warning',
    says: /does not run here[^]*2 pods of n1 \(shop\/uploads, shop\/web-0\)[^]*Install the add-on eks-pod-identity-agent/,
  },
  {
    name: 'the node has a taint, which the add-on may not tolerate',
    records: [node(tainted), lacks('none: ai/train')],
    subjects: [NODE],
    says: /has the taints nvidia\.com\/gpu[^]*tolerations for nvidia\.com\/gpu/,
  },
  {
    name: 'the agent on the node is not Ready',
    records: [node(), lacks('eks-pod-identity-agent-x7k2p: shop/uploads')],
    subjects: [NODE],
    says: /is not Ready here[^]*its pod eks-pod-identity-agent-x7k2p is not Ready[^]*Read its log/,
  },
  {
    name: 'aws-node needs it: no pod of the node gets an address',
    records: [node({ ipamd: { ready: false, version: 'v1.23.1' } }), lacks('none: kube-system/aws-node-x')],
    subjects: [NODE],
    severity: 'error',
    says: /1 pod of n1 \(kube-system\/aws-node-x\) gets its AWS credentials/,
  },
  { name: 'nothing is missing', records: [node()], subjects: [] },
  {
    name: 'guard: Auto Mode has the agent built in',
    records: [node({ computeType: 'auto', cni: null, ipamd: null }), lacks('none: shop/web-0')],
    subjects: [],
  },
  {
    name: 'guard: a Fargate pod gets no such credentials',
    records: [node({ computeType: 'fargate', cni: null, ipamd: null }), lacks('none: shop/web-0')],
    subjects: [],
  },
  {
    name: 'guard: nor does a Windows pod',
    records: [node({ os: 'windows', cni: null, ipamd: null }), lacks('none: shop/web-0')],
    subjects: [],
  },
  {
    name: 'guard: the node is young, and the agent on its way',
    records: [node({ createdAt: ago(60) }), lacks('none: shop/web-0')],
    subjects: [],
  },
]);
