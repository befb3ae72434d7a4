/** Pods of the DaemonSets on the host network of every node: aws-node or another CNI, kube-proxy, Multus. */
import { annotationsOf } from './cni-settings';
import { ACCOUNT } from './ec2';
import type { SimNode } from './node';
import { startPod } from './pods';
import type { ClusterState } from './state';

const REGISTRY = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`;

/** Starts the agents' pods on a node: aws-node, kube-proxy, and Multus if the scene has it. */
export function addAgents(state: ClusterState, node: SimNode): void {
  const createdAt = node.facts.createdAt + 5000;
  const agent = (
    app: string,
    name: string,
    image: string,
    env: Readonly<Record<string, string>> = {},
    more: readonly string[] = [],
  ): void => {
    startPod(state, {
      namespace: 'kube-system',
      name: `${app}-${state.random.suffix(5)}`,
      app,
      node: node.facts.name,
      owner: { kind: 'DaemonSet', name: app },
      ...(app === 'aws-node' && node.cni !== null ? { annotations: annotationsOf(node.cni) } : {}),
      hostNetwork: true,
      createdAt,
      labels: {
        'k8s-app': app,
        'controller-revision-hash': '7d9f6c4b8',
        'pod-template-generation': '3',
        ...(app === 'kube-multus' ? { app: 'multus', name: 'multus' } : {}),
      },
      containers: [
        {
          name,
          image,
          env,
          ...(app === 'aws-node' ? { referred: node.cni?.referred ?? [] } : {}),
          ...(app === 'aws-node' ? { ports: [{ name: 'metrics', port: 61678 }] } : {}),
        },
        ...more.map((extra) => ({
          name: extra,
          image: `${REGISTRY}/amazon/aws-network-policy-agent:v1.4.1-eksbuild.1`,
          env: {},
        })),
      ],
    });
  };
  if (node.cni !== null)
    agent('aws-node', 'aws-node', `${REGISTRY}/amazon-k8s-cni:${node.cni.version}-eksbuild.1`, node.cni.env, [
      'aws-eks-nodeagent',
    ]);
  else if (node.type === null) agent('cilium', 'cilium-agent', 'quay.io/cilium/cilium:v1.18.2');
  agent('kube-proxy', 'kube-proxy', `${REGISTRY}/eks/kube-proxy:v1.35.3-eksbuild.2`);
  if (node.multus !== null)
    agent('kube-multus', 'kube-multus', `${REGISTRY}/eks/multus-cni:v${node.multus}-eksbuild.1`);
}
