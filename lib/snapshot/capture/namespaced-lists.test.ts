/** Lists printed by `kubectl get KIND -n NAMESPACE`, which do not say that they are limited to one namespace. */
import { expect, it } from 'vitest';
import { podObject } from '../../../e2e/testing/objects';
import {
  CRON_JOBS,
  DEPLOYMENTS,
  MULTI_NETWORK_POLICIES,
  NADS,
  RESOURCE_CLAIMS,
  VIRTUAL_MACHINES,
} from '../../model/source-ids';
import { readCapture } from './read';

const list = (...items: readonly unknown[]): unknown => ({ apiVersion: 'v1', kind: 'List', items });
const nad = (namespace: string): unknown => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { namespace, name: 'net-a' },
  spec: { config: '{"cniVersion":"0.3.1","type":"ipvlan","master":"eth1"}' },
});
const claim = (namespace: string): unknown => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  metadata: { namespace, name: 'nic' },
  spec: { devices: { requests: [{ name: 'nic', exactly: { deviceClassName: 'nics' } }] } },
});
const deployment = (namespace: string): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name: 'web' },
  spec: { template: {} },
});

const object = (apiVersion: string, kind: string, namespace: string): unknown => ({
  apiVersion,
  kind,
  metadata: { namespace, name: 'web' },
  spec: {},
});
const cronJob = (namespace: string): unknown => object('batch/v1', 'CronJob', namespace);
const policy = (namespace: string): unknown => object('k8s.cni.cncf.io/v1beta1', 'MultiNetworkPolicy', namespace);

const STATUS = 'k8s.v1.cni.cncf.io/network-status';
const pod = (
  namespace: string,
  more: { readonly status?: string; readonly spec?: object; readonly phase?: string; readonly owner?: string },
) =>
  podObject({
    metadata: {
      namespace,
      name: 'web-1',
      annotations:
        more.status === undefined
          ? {}
          : { [STATUS]: JSON.stringify([{ name: more.status, interface: 'net1', ips: [] }]) },
      ...(more.owner === undefined
        ? {}
        : { ownerReferences: [{ kind: more.owner, name: 'web-29384920', controller: true }] }),
    },
    spec: { nodeName: 'n1', containers: [], ...more.spec },
    status: { phase: more.phase ?? 'Running', podIPs: [{ ip: '10.0.0.9' }] },
  });

function isPart(source: string, ...documents: readonly unknown[]): boolean {
  const files = documents.map((one, at) => ({ path: `${at}.json`, text: JSON.stringify(one) }));
  const statuses = readCapture(files).batches.flatMap(({ observations }) =>
    observations.flatMap((one) => (one.op === 'status' && one.source.id === source ? [one.source] : [])),
  );
  expect(statuses[0]?.state).toBe('live');
  return statuses[0]?.partial === true;
}

const claiming = { spec: { resourceClaims: [{ name: 'nic', resourceClaimName: 'nic' }] } };

it.each<[string, boolean, string, readonly unknown[]]>([
  [
    'a running pod has a network of another namespace',
    true,
    NADS,
    [list(nad('shop')), pod('core', { status: 'core/net-b' })],
  ],
  [
    'a running pod has a network that is listed',
    false,
    NADS,
    [list(nad('shop')), pod('core', { status: 'shop/net-a' })],
  ],
  [
    'a pod that does not run names nothing',
    false,
    NADS,
    [list(nad('shop')), pod('core', { status: 'core/net-b', phase: 'Pending' })],
  ],
  ['a list of two namespaces', false, NADS, [list(nad('shop'), nad('other')), pod('core', { status: 'core/net-b' })]],
  [
    'lists of one namespace each',
    true,
    NADS,
    [list(nad('shop')), list(nad('other')), pod('core', { status: 'core/net-b' })],
  ],
  [
    'a running pod has a claim of another namespace',
    true,
    RESOURCE_CLAIMS,
    [list(claim('shop')), pod('core', claiming)],
  ],
  [
    'a running pod has a claim of the same namespace',
    false,
    RESOURCE_CLAIMS,
    [list(claim('core')), pod('core', claiming)],
  ],
  [
    'a ReplicaSet of another namespace',
    true,
    DEPLOYMENTS,
    [list(deployment('shop')), pod('core', { owner: 'ReplicaSet' })],
  ],
  [
    'a DaemonSet of another namespace',
    false,
    DEPLOYMENTS,
    [list(deployment('shop')), pod('core', { owner: 'DaemonSet' })],
  ],
  ['a Job created by a CronJob', true, CRON_JOBS, [list(cronJob('shop')), pod('core', { owner: 'Job' })]],
  [
    'a virtual machine of another namespace',
    true,
    VIRTUAL_MACHINES,
    [list(object('kubevirt.io/v1', 'VirtualMachine', 'shop')), pod('core', { owner: 'VirtualMachineInstance' })],
  ],
  [
    'policies next to networks of the same namespace only',
    true,
    MULTI_NETWORK_POLICIES,
    [list(nad('shop')), list(policy('shop')), pod('core', { status: 'core/net-b' })],
  ],
  [
    'policies of a namespace other than the networks’',
    false,
    MULTI_NETWORK_POLICIES,
    [list(nad('shop')), list(policy('other')), pod('core', { status: 'core/net-b' })],
  ],
  [
    'policies of the same namespace as the pods',
    true,
    MULTI_NETWORK_POLICIES,
    [list(policy('shop')), list(pod('shop', {}))],
  ],
  [
    'policies of one namespace next to pods of several',
    false,
    MULTI_NETWORK_POLICIES,
    [list(policy('shop')), list(pod('shop', {}), pod('core', {}))],
  ],
])('%s: a part of the list: %s', (_, expected, source, documents) => {
  expect(isPart(source, ...documents)).toBe(expected);
});
