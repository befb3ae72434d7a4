/**
 * Two visitors identified by a proxy, and a real API server that decides what each may see. Names are planted in a
 * namespace that one of them may not see; no response to this visitor contains them, whatever is requested.
 */
import { gunzipSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewList } from '../testing/permissions';
import { FrameCutter } from '../../lib/snapshot/keyframe/frames';
import { follow, type Follower } from '../follower';
import { serve, type Served } from '../server';
import { ControlPlane } from './control-plane';
import { clusterRole, clusterRoleBinding } from './rights';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const plane = new ControlPlane();
let served: Served | undefined;
const followers: Follower[] = [];

const as = (user: string, ...groups: string[]) => ({
  'x-forwarded-user': user,
  'x-forwarded-groups': groups.join(','),
});
const ALICE = as('alice', 'shop-team');
const BOB = as('bob', 'operators');

const rbac = (kind: string, name: string, rest: object) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name },
  ...rest,
});
const LISTS_PODS = { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] };
const toGroup = (name: string) => [{ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' }];
const ROLE = { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'lists-pods' } };

async function createPod(namespace: string, name: string, ip: string): Promise<void> {
  await plane.must('POST', `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: `label-${name}` } },
    spec: { nodeName: 'ip-10-0-1-9', containers: [{ name: 'main', image: 'example.com/app:1' }] },
  });
  await plane.must('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], startTime: '2026-09-01T12:00:00Z' },
  });
}

const url = (): string => served?.url ?? '';
const get = (path: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${url()}${path}`, { headers });
async function followAs(headers: Readonly<Record<string, string>>): Promise<Follower> {
  const follower = await follow(url(), headers);
  followers.push(follower);
  return follower;
}

beforeAll(async () => {
  await plane.start();
  for (const name of ['shop', 'bank'])
    await plane.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await plane.must('POST', `${RBAC}/clusterroles`, clusterRole());
  await plane.must('POST', `${RBAC}/clusterrolebindings`, clusterRoleBinding);
  await plane.must('POST', `${RBAC}/clusterroles`, rbac('ClusterRole', 'lists-pods', LISTS_PODS));
  await plane.must(
    'POST',
    `${RBAC}/namespaces/shop/rolebindings`,
    rbac('RoleBinding', 'shop-team', { ...ROLE, subjects: toGroup('shop-team') }),
  );
  await plane.must(
    'POST',
    `${RBAC}/clusterrolebindings`,
    rbac('ClusterRoleBinding', 'operators', { ...ROLE, subjects: toGroup('operators') }),
  );
  await plane.must('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'ip-10-0-1-9', labels: { 'topology.kubernetes.io/zone': 'eu-west-1a' } },
    spec: { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0' },
  });
  await createPod('shop', 'web-0', '10.0.1.20');
  await createPod('bank', 'ledger-0', '10.0.1.21');
  served = await serve(['--from', 'real', '--auth', 'proxy', '--proxy-from', '127.0.0.1,::1'], {
    KUBECONFIG: plane.kubeconfig(),
    IFSCOPE_EC2: 'off',
  });
}, 240_000);

afterAll(async () => {
  for (const follower of followers) follower.stop();
  await served?.stop();
  await plane.dispose();
});

/** A visitor's agent: calls tools over `/mcp` and returns their results. */
async function agentOf(headers: Readonly<Record<string, string>>, calls: readonly ToolCall[]): Promise<string[]> {
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url()}/mcp`), { requestInit: { headers } }));
  const said: string[] = [];
  for (const [name, args] of calls) {
    const { content } = await client.callTool({ name, arguments: args });
    said.push((content as readonly { readonly text: string }[]).map(({ text }) => text).join('\n'));
  }
  await client.close();
  return said;
}
type ToolCall = readonly [tool: string, args: Readonly<Record<string, unknown>>];
const TOOL_CALLS: readonly ToolCall[] = [
  ['lookup', { what: 'web-0' }],
  ['lookup', { what: 'dger-' }],
  ['lookup', { what: 'ip-10-0-1-9' }],
  ['check', {}],
  ['explain', { about: 'node ip-10-0-1-9' }],
  ['explain', { about: 'clashes' }],
  ['capacity', { changes: ['WARM_IP_TARGET=5'] }],
];

const PLANTED = /bank|ledger|10\.0\.1\.2[1-9]/;

/** The responses to every possible request, as one text. */
async function everything(headers: Readonly<Record<string, string>>): Promise<string> {
  const paths = [
    '/api/topology',
    '/api/topology?sources=recorded',
    '/api/lookup?q=web-0',
    '/api/lookup?q=dger-',
    '/api/lookup?q=ip-10-0-1-9',
    ...['node ip-10-0-1-9', 'leaked', 'clashes', 'differs'].map((words) => `/api/explain?q=${words}`),
    ...['json', 'csv', 'svg'].map((format) => `/api/export?format=${format}`),
    '/metrics',
    '/',
  ];
  const texts = await Promise.all(paths.map(async (path) => (await get(path, headers)).text()));
  const keyframe = new FrameCutter();
  for await (const piece of (await get('/api/topology?format=keyframe', headers)).body ?? [])
    for (const chunk of keyframe.push(piece)) texts.push(gunzipSync(chunk).toString());
  texts.push(...(await agentOf(headers, TOOL_CALLS)));
  return texts.join('\n').replaceAll('q=dger-', '').replaceAll('"dger-"', '');
}

describe('visitors identified by a proxy', () => {
  it('see no pods, and the reason, while their permissions cannot be reviewed', async () => {
    const alice = await followAs(ALICE);
    await alice.until('the reason', ({ records }) =>
      records.sources.get('ifscope/rights')?.reason?.includes('subjectaccessreviews'),
    );
    await alice.until('the node', ({ records }) => records.nodes.has('node:ip-10-0-1-9'));
    expect(alice.replica.records.pods.size).toBe(0);
    expect(alice.replica.records.sources.get('ifscope/rights')?.state).toBe('failing');
    for (const item of (reviewList() as { readonly items: readonly { readonly kind: string }[] }).items)
      await plane.must('POST', `${RBAC}/${item.kind.toLowerCase()}s`, item);
    // The stream checks the rights again by itself and ends, and the page reconnects.
    await alice.ended;
  });

  it('see what the API server lets them list', async () => {
    const alice = await followAs(ALICE);
    await alice.until('her pod', ({ records }) => records.pods.has('pod:shop/web-0'));
    await alice.until('the count', ({ records }) =>
      records.sources.get('ifscope/rights')?.reason?.startsWith('1 pod you may not see'),
    );
    expect([...alice.replica.records.pods.keys()]).toEqual(['pod:shop/web-0']);
    const bob = await followAs(BOB);
    await bob.until('both pods', ({ records }) => records.pods.size === 2);
    expect(bob.replica.records.sources.has('ifscope/rights')).toBe(false);
    expect(await everything(BOB)).toMatch(PLANTED);
    const said = await everything(ALICE);
    expect(said).toContain('web-0');
    expect(PLANTED.exec(said)?.[0]).toBeUndefined();
  });

  it('have agents that see the same, and cannot tell a hidden pod from an absent one', async () => {
    const alice = await followAs(ALICE);
    await alice.until('her pod', ({ records }) => records.pods.has('pod:shop/web-0'));
    const hidden: ToolCall = ['explain', { about: 'pod bank/ledger-0' }];
    const absent: ToolCall = ['explain', { about: 'pod bank/absent-0' }];
    const [found, counted, , , , , , refused, unknown] = await agentOf(ALICE, [...TOOL_CALLS, hidden, absent]);
    expect(found).toContain('pod:shop/web-0');
    expect(counted).toContain('1 pod you may not see');
    expect(refused).toMatch(/^no such pod: bank\/ledger-0\b/);
    expect(refused?.replace('ledger-0', 'absent-0')).toBe(unknown);
    const [ofBob] = await agentOf(BOB, [hidden]);
    expect(ofBob).toContain('pod:bank/ledger-0');
    const { position } = JSON.parse(found ?? '') as { readonly position: string };
    const ofAlice: ToolCall = ['diff', { since: position }];
    const bob = await followAs(BOB);
    await createPod('bank', 'ledger-9', '10.0.1.29');
    await createPod('shop', 'web-9', '10.0.1.39');
    await bob.until('the pod of the bank', ({ records }) => records.pods.has('pod:bank/ledger-9'));
    await alice.until('her new pod', ({ records }) => records.pods.has('pod:shop/web-9'));
    const [changes] = await agentOf(ALICE, [ofAlice]);
    expect(changes).toContain('pod:shop/web-9');
    expect(changes).not.toMatch(PLANTED);
    // A position in her view is meaningless in another view.
    expect((await agentOf(BOB, [ofAlice]))[0]).toMatch(/not known/);
    for (const [namespace, name] of [
      ['bank', 'ledger-9'],
      ['shop', 'web-9'],
    ] as const)
      await plane.must('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`);
    await bob.until('the end of the pods', ({ records }) => records.pods.size === 2);
  });

  it('receive no hidden records in deltas', async () => {
    const alice = await followAs(ALICE);
    const bob = await followAs(BOB);
    await createPod('bank', 'ledger-1', '10.0.1.22');
    await createPod('shop', 'web-1', '10.0.1.23');
    await bob.until('the pod of the bank', ({ records }) => records.pods.has('pod:bank/ledger-1'));
    await alice.until('her new pod', ({ records }) => records.interfaces.has('if:shop/web-1/eth0'));
    await alice.until('the new count', ({ records }) =>
      records.sources.get('ifscope/rights')?.reason?.startsWith('2 pods you may not see'),
    );
    expect(alice.seen.delta).toBeGreaterThan(0);
    const { nodes, pods, interfaces, findings } = alice.replica.records;
    expect(JSON.stringify([...pods.values(), ...interfaces.values(), ...findings.values()])).not.toMatch(/bank|ledger/);
    // A node's pod count includes the pods that the visitor may not see.
    expect(nodes.get('node:ip-10-0-1-9')?.podCount).toBe(4);
  });

  it('lose access within a minute when it is revoked in the cluster', async () => {
    const alice = await followAs(ALICE);
    await alice.until('her pod', ({ records }) => records.pods.has('pod:shop/web-0'));
    await plane.must('DELETE', `${RBAC}/namespaces/shop/rolebindings/shop-team`);
    await alice.ended;
    const again = await followAs(ALICE);
    expect(again.replica.records.pods.size).toBe(0);
    // A lookup's response repeats the query.
    expect((await everything(ALICE)).replaceAll('"web-0"', '')).not.toMatch(/web-|ledger/);
  });

  it('are not identified without the proxy', async () => {
    for (const path of ['/', '/metrics', '/api/topology', '/api/stream', '/api/lookup?q=x', '/api/export?format=csv']) {
      expect((await get(path, {})).status, path).toBe(401);
      expect((await get(path, { 'x-ifscope-viewer': 'x.bnVsbA' })).status, path).toBe(401);
    }
    await expect(agentOf({}, TOOL_CALLS)).rejects.toThrow(/no user name/);
    for (const path of ['/healthz', '/readyz']) expect(await (await get(path, {})).text()).not.toMatch(PLANTED);
  });
});
