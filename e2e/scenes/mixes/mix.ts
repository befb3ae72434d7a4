/** What every mix of nodes gets, and how pods are started on them. */
import { must } from '../../../lib/sim/model/must';
import type { SimNode } from '../../../lib/sim/model/node';
import { STATUS_QUIRKS, type StatusQuirk } from '../../../lib/sim/model/status-quirks';
import { finishPod, startPod, type PodTemplate } from '../../../lib/sim/model/pods';
import type { ClusterState } from '../../../lib/sim/model/state';
import type { SimSubnet } from '../../../lib/sim/model/subnet';
import { addObject } from '../../../lib/sim/scenes/base/scene';

export interface Mix {
  readonly subnet: SimSubnet;
  /** Unique per mix in a cluster; keeps address ranges apart. */
  readonly index: number;
  readonly pods: number;
  readonly multus: string;
}

export type Env = Readonly<Record<string, string>>;

export const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';
export const KEPT_OUT = { [NO_MANAGE]: 'true' };
export const NAMESPACE = 'mix';

/** Instance types with one card that support prefixes. */
export const TYPES = ['m5.large', 'm5.xlarge', 't3.medium', 'm6i.2xlarge', 'm5.4xlarge', 'm99.2xlarge'] as const;

/** A random aws-node release: what it writes and reads differs (vpc-cni §1.1, multus §1.6). */
export const someRelease = (state: ClusterState): string =>
  state.random.pick(['v1.23.1', 'v1.23.1', 'v1.22.4', 'v1.20.0', 'v1.18.1', 'v1.16.4', 'v1.14.1', 'v1.12.1']);

/** Some of the variables by reference to the pod's own annotations: the value is there, and not in the variable. */
export const someReferences = (state: ClusterState, env: Env): readonly string[] =>
  Object.keys(env).filter(() => state.random.chance(0.25));

/**
 * Random warm targets, zeros included, but at least one in prefix mode, where aws-node would not start without (vpc-cni
 * §2.1).
 */
export function someTargets(state: ClusterState, mode: 'secondary-ip' | 'prefix'): Env {
  const { random } = state;
  const perhaps = (name: string, values: readonly string[]): Env =>
    random.chance(0.45) ? { [name]: random.pick(values) } : {};
  const env = {
    ...perhaps('WARM_IP_TARGET', ['0', '1', '3', '5', '10']),
    ...perhaps('MINIMUM_IP_TARGET', ['0', '6', '12', '20']),
    ...(mode === 'prefix'
      ? perhaps('WARM_PREFIX_TARGET', ['0', '1', '2'])
      : perhaps('WARM_ENI_TARGET', ['0', '1', '2'])),
    ...perhaps('MAX_ENI', ['0', '1', '2', '3']),
    ...perhaps('IP_COOLDOWN_PERIOD', ['0', '5', '60', '120']),
  };
  const isNothing = (name: string): boolean => (env[name] ?? '0') === '0';
  const none = env['WARM_PREFIX_TARGET'] === '0' && isNothing('WARM_IP_TARGET') && isNothing('MINIMUM_IP_TARGET');
  return mode === 'prefix' && none ? { ...env, WARM_PREFIX_TARGET: '1' } : env;
}

/** In half of the cases, a deviation of network-status. */
export function someQuirk(state: ClusterState): { readonly quirk?: StatusQuirk } {
  if (state.random.chance(0.5)) return {};
  const quirk = state.random.pick(STATUS_QUIRKS);
  return { quirk };
}

/** Starts uniquely named pods on that node, one of which has already finished. */
export function startOn(
  state: ClusterState,
  node: SimNode,
  count: number,
  template: Partial<PodTemplate> = {},
): string[] {
  const app = template.app ?? 'app';
  return Array.from({ length: count }, () => {
    const name = `${app}-${state.random.suffix(9)}-${state.random.suffix(5)}`;
    startPod(state, {
      namespace: NAMESPACE,
      owner: { kind: 'ReplicaSet', name: `${app}-7c9d4` },
      ...template,
      app,
      name,
      node: node.facts.name,
      createdAt: node.facts.createdAt + 120_000,
    });
    return `${template.namespace ?? NAMESPACE}/${name}`;
  });
}

/** Starts pods of which one has finished and one is on the host network. */
export const withFinished = (state: ClusterState, node: SimNode, pods: number): void => {
  const [first] = startOn(state, node, pods);
  startOn(state, node, 1, { hostNetwork: true, app: 'exporter' });
  if (first !== undefined && pods > 1) finishPod(state, first, state.random.chance(0.5) ? 'Succeeded' : 'Failed');
};

export function addCniNode(state: ClusterState, node: SimNode, features: readonly string[]): void {
  addObject(state, 'vpcresources.k8s.aws/cninodes', {
    apiVersion: 'vpcresources.k8s.aws/v1alpha1',
    kind: 'CNINode',
    metadata: {
      name: node.facts.name,
      labels: { 'kubernetes.io/os': 'linux' },
      finalizers: ['networking.k8s.aws/resource-cleanup'],
    },
    spec: {
      features: features.map((name) => ({ name })),
      tags: {
        'eks:cluster-name': state.name,
        'node.k8s.amazonaws.com/instance_id': must(node.instanceId, 'instance id'),
      },
    },
  });
}
