/**
 * The Kubernetes source against a real kube-apiserver, in every way in which a server may answer: lists streamed or
 * paged, in protobuf or JSON. The facts are compared with those from the server's plain JSON.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS, type AnyKindRow } from '../../lib/normalise/kubernetes/kinds';
import { messageOf } from '../../lib/normalise/protobuf/messages';
import { connect } from '../../lib/server/sources/kubernetes/connection';
import { createKubernetesSource } from '../../lib/server/sources/kubernetes/kubernetes';
import type { Transport } from '../../lib/server/sources/kubernetes/transport';
import { createRecorder, type Recorder } from '../testing/servers/recorder';
import { ADMIN_TOKEN, ControlPlane } from './control-plane';

const PODS = '/api/v1/namespaces/core/pods';
const ROWS = KINDS.filter((row) => messageOf(row) !== null);
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const labels = { app: 'x', empty: '' };
const template = {
  metadata: { labels, annotations: { 'k8s.v1.cni.cncf.io/networks': 'a' } },
  spec: {
    containers: [
      { name: 'aws-node', image: 'amazon-k8s-cni:v1.20.1', env: [{ name: 'MAX_ENI', value: '3' }, { name: 'VPC_ID' }] },
      { name: 'kube-multus', image: 'multus-cni:v4', args: ['--multus-default-networks=a', ''] },
    ],
  },
};
const metadata = (name: string, more: object = {}): object => ({
  name,
  namespace: 'core',
  labels,
  annotations: { 'k8s.v1.cni.cncf.io/networks': 'a,b', note: 'höchst 漢😀', empty: '' },
  ...more,
});

const pod = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata(name, {
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true }],
  }),
  spec: {
    nodeName: 'ip-10-0-1-9',
    hostNetwork: true,
    initContainers: [{ name: 'i', image: 'x', restartPolicy: 'Always', resources: { limits: { 'a.b/c': '3' } } }],
    containers: [{ name: 'main', image: 'y', resources: { limits: { 'a.b/c': '2k', cpu: '1' } } }],
  },
});

async function fill(plane: ControlPlane): Promise<void> {
  const post = (path: string, body: object): Promise<unknown> => plane.must('POST', path, body);
  await post('/api/v1/namespaces', { metadata: { name: 'core' } });
  await post('/api/v1/nodes', {
    metadata: { name: 'ip-10-0-1-9', labels: { 'topology.kubernetes.io/zone': 'eu-west-1a' } },
    spec: {
      providerID: 'aws:///eu-west-1a/i-0123456789abcdef0',
      taints: [{ key: 'a', value: '', effect: 'NoSchedule' }],
    },
  });
  await plane.must('PATCH', '/api/v1/nodes/ip-10-0-1-9/status', {
    status: {
      capacity: { pods: '29', 'a.b/c': '4' },
      allocatable: { pods: '29', 'a.b/c': '2k' },
      addresses: [{ type: 'InternalIP', address: '10.0.1.9' }],
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-09-01T12:00:00Z' }],
      nodeInfo: { osImage: 'Amazon Linux 2023', operatingSystem: 'linux' },
    },
  });
  for (const name of ['a', 'b', 'c', 'd', 'e']) await post(PODS, pod(name));
  await plane.must('PATCH', `${PODS}/a/status`, {
    status: {
      phase: 'Running',
      podIP: '10.0.1.9',
      podIPs: [{ ip: '10.0.1.9' }, { ip: 'fd00::9' }],
      startTime: '2026-09-01T12:00:00Z',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  await plane.must('PATCH', `${PODS}/b/status`, { status: { phase: 'Failed' } });
  const selector = { matchLabels: { app: 'x' } };
  const workloads = '/apis/apps/v1/namespaces/core';
  await post(`${workloads}/daemonsets`, { metadata: metadata('d'), spec: { selector, template } });
  await post(`${workloads}/deployments`, { metadata: metadata('e'), spec: { selector, template } });
  await post(`${workloads}/statefulsets`, { metadata: metadata('s'), spec: { selector, serviceName: 's', template } });
  const jobs = '/apis/batch/v1/namespaces/core';
  const once = { spec: { ...template.spec, restartPolicy: 'Never' } };
  const asking = { ...template, ...once };
  await post(`${jobs}/jobs`, { metadata: metadata('j'), spec: { template: asking } });
  await post(`${jobs}/jobs`, { metadata: metadata('done'), spec: { template: asking } });
  await plane.must('PATCH', `${jobs}/jobs/done/status`, {
    status: {
      startTime: '2026-09-01T12:00:00Z',
      completionTime: '2026-09-01T12:05:00Z',
      succeeded: 1,
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True' },
        { type: 'Complete', status: 'True' },
      ],
    },
  });
  await post(`${jobs}/cronjobs`, {
    metadata: metadata('c'),
    spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { metadata: { labels }, spec: { template: asking } } },
  });
  await post('/apis/networking.k8s.io/v1/namespaces/core/networkpolicies', {
    metadata: metadata('p'),
    spec: { podSelector: { matchExpressions: [{ key: 'k', operator: 'In', values: ['v', ''] }] } },
  });
  const involvedObject = { kind: 'Pod', namespace: 'core', name: 'a', uid: 'u' };
  await post('/api/v1/namespaces/core/events', {
    metadata: { name: 'old', namespace: 'core' },
    involvedObject,
    reason: 'FailedCreatePodSandBox',
    message: 'no address',
    firstTimestamp: '2026-09-01T12:00:00Z',
    lastTimestamp: '2026-09-01T12:05:00Z',
    count: 7,
  });
  await post('/apis/events.k8s.io/v1/namespaces/core/events', {
    metadata: { name: 'new', namespace: 'core' },
    regarding: involvedObject,
    reason: 'NoNetworkFound',
    note: 'none',
    action: 'Adding',
    type: 'Warning',
    reportingController: 'multus',
    reportingInstance: 'x',
    eventTime: '2026-09-01T12:00:00.000000Z',
    series: { count: 3, lastObservedTime: '2026-09-01T12:00:05.123456Z' },
  });
}

/** The facts of all rows, from the server's JSON. */
async function factsFromJson(plane: ControlPlane): Promise<ReadonlyMap<string, unknown>> {
  const facts = new Map<string, unknown>();
  for (const row of ROWS) {
    const base = row.group === '' ? '/api/v1' : `/apis/${row.group}/v1`;
    const { body } = await plane.call('GET', `${base}/${row.resource}`);
    for (const item of (body as { readonly items: readonly unknown[] }).items) {
      const keyed = row.normalise(item);
      if (keyed !== null) facts.set(`${row.id} ${keyed.key}`, keyed.fact);
    }
  }
  return facts;
}

interface Asked {
  readonly path: string;
  readonly query: string;
  readonly type: string | null;
}

/**
 * Records which lists and watches are requested, and how they are answered; the lag probes request metadata only.
 * `accept` simulates a proxy that passes only these media types.
 */
function noting(transport: Transport, asked: Asked[], accept: string | null): Transport {
  return {
    ...transport,
    async request(path, query, options) {
      if (options.accept?.includes('PartialObjectMetadata') === true) return transport.request(path, query, options);
      const answer = await transport.request(path, query, accept === null ? options : { ...options, accept });
      if (/\/(pods|nodes)$/.test(path)) {
        const names = Object.keys(query).filter((name) => query[name] !== null);
        asked.push({ path, query: `${answer.status} ${names.join(' ')}`, type: answer.header('content-type') });
      }
      return answer;
    },
  };
}

const CASES: readonly (readonly [
  name: string,
  flags: readonly string[],
  accept: string | null,
  rows: readonly AnyKindRow[],
])[] = [
  ['streamed lists, protobuf', ['--feature-gates=WatchList=true'], null, ROWS],
  ['streamed lists, JSON', ['--feature-gates=WatchList=true'], 'application/json', ROWS],
  ['pages, protobuf', ['--feature-gates=WatchList=false'], null, ROWS],
  ['pages, JSON', ['--feature-gates=WatchList=false'], 'application/json', ROWS],
];

describe.each(CASES)('a real API server: %s', (name, flags, accept, rows) => {
  const plane = new ControlPlane(flags);
  const asked: Asked[] = [];
  const seen: Recorder = createRecorder();
  let stop = (): Promise<void> => Promise.resolve();
  const isStreamed = name.startsWith('streamed');

  beforeAll(async () => {
    await plane.start();
    await fill(plane);
    const { transport } = connect({ context: null, env: { KUBECONFIG: plane.kubeconfig(ADMIN_TOKEN) } });
    const source = createKubernetesSource(seen.context(Date.now), {
      transport: noting(transport, asked, accept),
      kinds: rows,
      policy: { protobufPageSize: 2 },
    });
    source.start(seen.emit);
    stop = () => source.stop();
  }, 120_000);

  afterAll(async () => {
    await stop();
    await plane.dispose();
  });

  const settled = async (): Promise<void> => {
    const wanted = await factsFromJson(plane);
    await seen.until(() => seen.facts.size === wanted.size && seen.status('kubernetes/pods')?.state === 'live');
    await expect.poll(() => new Map(seen.facts), { timeout: 10_000 }).toEqual(wanted);
  };

  it('reads the same as in JSON', async () => {
    for (const row of rows) await seen.until(() => seen.status(row.source)?.state === 'live');
    await settled();
    expect(seen.facts.size).toBeGreaterThan(10);
    const wantedType = accept ?? PROTOBUF;
    const [nodes, pods] = ['/nodes', '/pods'].map((end) => asked.filter(({ path }) => path.endsWith(end)));
    if (isStreamed) {
      expect(pods?.[0]?.query).toContain('200 watch allowWatchBookmarks timeoutSeconds sendInitialEvents');
      expect(pods?.some(({ query }) => query.includes('limit'))).toBe(false);
    } else {
      // Pods are listed last: by then, other lists have shown that the server does not stream lists.
      expect(nodes?.[0]?.query).toMatch(/^422 .*sendInitialEvents/);
      expect(pods?.some(({ query }) => query.includes('sendInitialEvents'))).toBe(false);
      expect(pods?.filter(({ query }) => query.includes('limit'))).toHaveLength(3);
    }
    for (const { type } of asked) expect(type?.startsWith(wantedType)).toBe(true);
  });

  it('follows changes', async () => {
    await plane.must('POST', PODS, pod('f'));
    await plane.must('PATCH', `${PODS}/c`, { metadata: { labels: { app: 'changed' } } });
    await plane.must('DELETE', `${PODS}/d?gracePeriodSeconds=0`);
    await seen.until(() => !seen.facts.has('kubernetes/pods core/d') && seen.facts.has('kubernetes/pods core/f'));
    await settled();
  });

  it('catches up after the server was down and has lost its watch history', async () => {
    await plane.stop();
    await plane.start();
    await plane.must('POST', PODS, pod('g'));
    await plane.must('DELETE', `${PODS}/e?gracePeriodSeconds=0`);
    await seen.until(() => !seen.facts.has('kubernetes/pods core/e') && seen.facts.has('kubernetes/pods core/g'));
    await settled();
  }, 120_000);
});
