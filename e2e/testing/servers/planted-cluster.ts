/** An API server whose objects contain a secret wherever one may occur. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The start of every planted text. Not written in one piece, so that the heap of a reader contains it only after
 * reading the text.
 */
export const plantedMark = (): string => ['PLAN', 'TED'].join('');

const secret = (where: string): string => `${plantedMark()}-${where}`;
/** Labels are shown, so a text planted in them may appear, except in a redacted capture. */
export const labelMark = (): string => ['planned', 'label'].join('-');
const LABEL_KEYS = ['team', 'name', 'tier', 'k8s-app', 'app.kubernetes.io/instance', 'eks.amazonaws.com/nodegroup'];
const labels = (): object => Object.fromEntries(LABEL_KEYS.map((key, index) => [key, `${labelMark()}-${index}`]));

const lastApplied = (): object => ({
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ env: [{ value: secret('last-applied') }] }),
});

const metadata = (name: string, namespace: string | null, annotations: object = {}): object => ({
  name,
  ...(namespace === null ? {} : { namespace }),
  uid: `uid-${name}`,
  resourceVersion: '10',
  annotations: {
    ...lastApplied(),
    'example.com/token': secret('annotation'),
    'example.com/name': `${secret('annotation').toLowerCase()}.as-a-name`,
    ...annotations,
  },
  managedFields: [{ manager: secret('manager') }],
});

const container = (name: string): object => ({
  name,
  image: 'example.com/app:1',
  command: ['run', secret('command')],
  args: [`--token=${secret('argument')}`],
  env: [
    { name: 'TOKEN', value: secret('variable') },
    { name: 'MAX_ENI', value: '3' },
  ],
});

const pod = (name: string, annotations: object = {}): object => ({
  metadata: { ...metadata(name, 'core', annotations), labels: labels() },
  spec: { nodeName: 'node-1', containers: [container('main')], initContainers: [container('init')] },
  status: { phase: 'Running', podIPs: [{ ip: '10.0.1.21' }], message: secret('status') },
});

const SELECTION = [{ name: 'n6', 'cni-args': { password: secret('cni-args') }, unknown: secret('selection') }];
const STATUS = [{ name: 'core/n6', interface: 'net1', ips: ['10.6.0.1'], token: secret('network-status') }];

const CONFIG = {
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'ens6',
  token: secret('config'),
  kubeconfig: { user: secret('kubeconfig') },
  ipam: {
    type: 'whereabouts',
    range: '10.6.0.0/24',
    kubernetes: { kubeconfig: secret('path') },
    etcd_password: secret('etcd'),
  },
};

const lists = (): Readonly<Record<string, readonly object[]>> => ({
  '/api/v1/pods': [
    pod('plain'),
    pod('attached', {
      'k8s.v1.cni.cncf.io/networks': JSON.stringify(SELECTION),
      'k8s.v1.cni.cncf.io/network-status': JSON.stringify(STATUS),
    }),
    pod('broken', {
      'k8s.v1.cni.cncf.io/networks': `[{"name": "n6", "cni-args": {"password": "${secret('broken')}"},`,
    }),
  ],
  '/api/v1/nodes': [
    {
      metadata: metadata('node-1', null),
      spec: { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0', taints: [] },
      status: { addresses: [{ type: 'InternalIP', address: '10.0.1.9' }] },
    },
  ],
  '/apis/apps/v1/daemonsets': [
    {
      metadata: { ...metadata('aws-node', 'kube-system'), labels: { 'k8s-app': 'aws-node' } },
      spec: { template: { metadata: {}, spec: { containers: [container('aws-node')] } } },
    },
  ],
  '/apis/k8s.cni.cncf.io/v1/network-attachment-definitions': [
    { metadata: metadata('n6', 'core'), spec: { config: JSON.stringify(CONFIG) } },
    {
      metadata: metadata('n7', 'core'),
      spec: { config: `{"type": "macvlan", "token": "${secret('broken-config')}" oops` },
    },
  ],
});

export interface PlantedCluster {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function startPlantedCluster(): Promise<PlantedCluster> {
  const all = lists();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://api');
    const answer = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/version') answer({ gitVersion: 'v1.35.3' });
    else if (url.pathname.includes('/proxy/')) {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ kind: 'Status', reason: 'Forbidden', code: 403, message: `token=${secret('message')}` }),
      );
    } else if (url.searchParams.has('sendInitialEvents')) {
      response.writeHead(422, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', code: 422, message: secret('message') }));
    } else if (url.searchParams.get('watch') === 'true') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      if (url.searchParams.get('timeoutSeconds') === '1') response.end();
      else if (url.pathname === '/api/v1/pods')
        response.write(
          `${JSON.stringify({ type: 'ADDED', object: { ...pod('later'), metadata: { ...metadata('later', 'core'), resourceVersion: '11' } } })}\n`,
        );
    } else
      answer({
        kind: 'List',
        metadata: { resourceVersion: '10' },
        items: url.searchParams.has('fieldSelector') ? [] : (all[url.pathname] ?? []),
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
