/** What people posted, rebuilt: the cluster, and what a right answer says of it. Names, ids and addresses are made up. */
import { ago } from '../kit/node';
import type { Cluster } from '../kit/cluster';
import type { Check } from '../../case-checks';
import type { Json } from '../kit/types';

/** What a command must say, or must not. */
export interface Saying {
  readonly command: 'lookup' | 'explain';
  readonly words: string;
  readonly says?: RegExp;
  readonly silentOn?: RegExp;
}

export interface Situation {
  /** The thread. */
  readonly source: string;
  readonly cluster: Cluster;
  readonly checks: readonly Check[];
  readonly sayings?: readonly Saying[];
}

const check = (op: Check['op'], path: string, value: unknown): Check => ({
  what: path,
  level: 'must',
  path,
  op,
  value,
});

export const is = (path: string, value: unknown): Check => check('eq', path, value);
export const found = (path: string): Check => check('exists', path, true);
export const none = (path: string): Check => check('exists', path, false);
export const count = (path: string, value: number): Check => check('count', path, value);
export const says = (path: string, pattern: string): Check => check('match', path, pattern);
export const silentOn = (path: string, pattern: string): Check => check('nomatch', path, pattern);

/** An Event about a pod of the cluster, some minutes old. */
export function warning(c: Cluster, key: string, reason: string, message: string, from: string): void {
  const [namespace = '', name = ''] = key.split('/');
  const event: Json = {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace, name: `${name}.${String(c.extraFiles.length)}`, uid: `ev-${key}-${reason}` },
    involvedObject: { kind: 'Pod', namespace, name },
    reason,
    message,
    count: 20,
    firstTimestamp: ago(1200),
    lastTimestamp: ago(30),
    source: { component: from },
  };
  c.extraFiles.push({ path: `kubernetes/event-${String(c.extraFiles.length)}.json`, text: JSON.stringify(event) });
}

/** An Event about a node, some minutes old. */
export function nodeWarning(c: Cluster, name: string, reason: string, message: string, from: string): void {
  const event: Json = {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace: 'default', name: `${name}.${String(c.extraFiles.length)}`, uid: `ev-${name}-${reason}` },
    involvedObject: { kind: 'Node', name },
    reason,
    message,
    count: 6,
    firstTimestamp: ago(1200),
    lastTimestamp: ago(30),
    source: { component: from },
  };
  c.extraFiles.push({ path: `kubernetes/event-${String(c.extraFiles.length)}.json`, text: JSON.stringify(event) });
}

/** The kubelet could not make the pod's sandbox. */
export const refused = (c: Cluster, key: string, text: string): void =>
  warning(
    c,
    key,
    'FailedCreatePodSandBox',
    `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b2c": ${text}`,
    'kubelet',
  );

export const NO_ADDRESS =
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container';

/** Pods on an ENI until it holds so many. */
export function fill(c: Cluster, node: Cluster['nodes'][number], eni: Cluster['foreign'][number], pods: number): void {
  for (let at = 0; at < pods; at += 1) c.pod(`shop/${eni.id.slice(-4)}-${String(at)}`, node, eni);
}

export const OLD = '2026-09-01T11:30:00Z';

/** aws-node's settings under which the zone's ENIConfig places pods. */
export const CUSTOM_NETWORKING = {
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
  ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
};

export function eniConfig(c: Cluster, subnet: string, name = 'eu-west-1a', securityGroup = 'sg-0pods'): void {
  c.object({
    apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
    kind: 'ENIConfig',
    metadata: { name, uid: `ec-${name}` },
    spec: { subnet, securityGroups: [securityGroup] },
  });
}
