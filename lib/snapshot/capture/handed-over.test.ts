/**
 * Material as users provide it: terminal output, dumps of a cluster, archives of a node, including the text between the
 * answers.
 */
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { nodeObject, podObject } from '../../../e2e/testing/objects';
import type { FactKind } from '../../model/facts';
import { readCapture } from './read';

const TAKEN = { path: 'capture.json', text: '{"takenAt":"2026-09-01T12:00:00Z"}' };

function read(files: Readonly<Record<string, string>>) {
  const { batches, problems, others } = readCapture([
    TAKEN,
    ...Object.entries(files).map(([path, text]) => ({ path, text })),
  ]);
  const all = batches.flatMap(({ observations }) => observations);
  const keys = (kind: FactKind): readonly string[] =>
    all.flatMap((one) => (one.op === 'replaceAll' && one.kind === kind ? one.facts.map(([key]) => key) : []));
  const stateOf = (id: string): string | undefined =>
    all.flatMap((one) => (one.op === 'status' && one.source.id === id ? [one.source.state] : []))[0];
  return { keys, problems, others, stateOf };
}

const pod = (name: string): unknown => podObject({ metadata: { name, namespace: 'shop', uid: name } });
const list = (...items: readonly unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items });
const json = (value: unknown): string => JSON.stringify(value, null, 4);
const PODS = list(pod('a'), pod('b'));
const BOTH = ['shop/a', 'shop/b'];

describe('kubectl messages next to an answer do not affect it', () => {
  it.each<[string, string]>([
    ['a warning before it', `Warning: v1 ComponentStatus is deprecated in v1.19+\n${json(PODS)}`],
    ['the choice of a container', `Defaulted container "aws-node" out of: aws-node, aws-eks-nodeagent\n${json(PODS)}`],
    ['the client’s log', `W1129 12:00:00.123456    4711 warnings.go:70] x is deprecated\n${stringify(PODS)}`],
    [
      'the client’s log in the middle',
      stringify(PODS).replace('kind: List', 'I1129 12:00:00.1 1 x.go:1] x\nkind: List'),
    ],
    ['a port-forward after it', `${json(PODS)}\nHandling connection for 61678\n`],
    ['a command without a prompt', `kubectl get pods -A -o yaml\n${stringify(PODS)}`],
    ['a PowerShell command', `PS C:\\Users\\x> kubectl get pods -A -o json\r\n${json(PODS).replaceAll('\n', '\r\n')}`],
    ['a zsh command', `➜  ~ kubectl get pods -o yaml\n${stringify(PODS)}`],
    ['a root shell command', `root@host:/# kubectl get pods -o yaml\n${stringify(PODS)}`],
    ['a command traced by bash -x', `+ kubectl get pods -o yaml\n${stringify(PODS)}`],
    ['items without their kind', json([pod('a'), pod('b')].map((one) => ({ ...(one as object), kind: undefined })))],
  ])('%s', (_, text) => {
    const { keys, problems, others } = read({ 'pods.txt': text });
    expect([keys('pod'), problems, others]).toEqual([BOTH, [], []]);
  });

  it.each<[string, string, RegExp]>([
    ['prose before JSON', `here are the pods\n${json(PODS)}`, /^x:1: /],
    ['prose before YAML', `Hello team,\nhere are the pods:\n${stringify(PODS)}`, /^x:\d: /],
    ['prose after YAML', `${stringify(PODS)}That is all that I have.\n`, /^x:\d+: is text, not an API answer$/],
    [
      'a table after YAML',
      `${stringify(PODS)}NAME   READY   STATUS\na      1/1     Running\n`,
      /is a human-readable table/,
    ],
    [
      'a table before JSON',
      `NAME   READY   STATUS\na      1/1     Running\n${json(PODS)}`,
      /^x:1: is a human-readable table/,
    ],
    [
      'an error among the answers',
      `${stringify(PODS)}---\nError from server (NotFound): nodes "x" not found\n`,
      /^x:\d+: is an error message/,
    ],
    [
      'an error of the same command',
      `${json(PODS)}\nerror: the server doesn't have a resource type "nad"\n`,
      /error message/,
    ],
  ])('%s is reported, and the answer is read', (_, text, says) => {
    const { keys, problems, others } = read({ x: text });
    expect(keys('pod')).toEqual(BOTH);
    expect([...problems, ...others]).toEqual([expect.stringMatching(says)]);
  });
});

describe('a file that is not an answer is reported as such', () => {
  it.each<[string, string, RegExp]>([
    [
      'a status',
      json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'pods is forbidden' }),
      /error message/,
    ],
    ['a Table of the API', json({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [] }), /kubectl get -o json/],
    ['names', 'pod/a\npod/b\n', /contains only names; take it again with -o yaml/],
    ['an error of curl', 'curl: (7) Failed to connect to localhost port 61679\n', /error message/],
  ])('%s', (_, text, says) => {
    expect(read({ x: text }).problems).toEqual([expect.stringMatching(says)]);
  });

  it('a log is not a damaged answer, and fails no source', () => {
    const logs = {
      'ns/aws-node-x/logs.txt': '{"level":"info","ts":"2026-09-01T12:00:00Z","msg":"x"}\n'.repeat(50),
      'b.txt': '2026-09-01T12:00:00Z [verbose] multus-daemon started\n',
      'pods.txt': 'I1129 12:00:00.1 1 main.go:1] starting\nE1129 12:00:01.1 1 main.go:2] no\n'.repeat(4),
    };
    const { problems, others, stateOf } = read({ 'a.json': json(PODS), ...logs });
    expect(problems).toEqual([]);
    expect(others.filter((one) => one.includes('is a log'))).toHaveLength(3);
    expect(stateOf('kubernetes/pods')).toBe('live');
  });

  it('unrelated files are reported, and fail no source', () => {
    const { keys, problems, others, stateOf } = read({
      'a.json': json(PODS),
      'etc/fstab': '# /etc/fstab\n/dev/x / xfs defaults 0 0\n\n[section\nkey = "value',
      'networking/iptables.txt': '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
      'values.yaml': 'image: x\n',
      'ipamd/pods.json': '{}',
    });
    expect([keys('pod'), problems, others.length > 0]).toEqual([BOTH, [], true]);
    expect(stateOf('kubernetes/pods')).toBe('live');
  });

  it('a file named after an answer is expected to be one', () => {
    const { problems, stateOf } = read({ 'a.json': json(PODS), 'enis.json': '{}' });
    expect([problems, stateOf('ec2/network-interfaces')]).toEqual([['enis.json: is an empty object'], 'failing']);
  });

  it('many similar reports are combined into one line', () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `secrets/${String(at)}.yaml`,
        stringify({ kind: 'Secret', apiVersion: 'v1' }),
      ]),
    );
    const { keys, problems, others } = read({ 'a.json': json(PODS), ...many });
    expect(keys('pod')).toEqual(BOTH);
    expect(problems).toEqual([]);
    expect(others).toEqual([
      'secrets/0.yaml: holds only Secret, which ifscope does not read; and 39 more like it (secrets/1.yaml, secrets/10.yaml …)',
    ]);
  });
});

it('kubectl cluster-info dump: reads lists with logs between them', () => {
  const log = (name: string): string =>
    `==== START logs for container main of pod shop/${name} ====\nplain words: {\n{"a": 1}\n[oops\n==== END logs for container main of pod shop/${name} ====\n`;
  const nodes = { kind: 'NodeList', apiVersion: 'v1', items: [nodeObject()] };
  const pods = { kind: 'PodList', apiVersion: 'v1', items: [pod('a'), pod('b')] };
  const { keys, problems } = read({ dump: `${json(nodes)}\n${json(pods)}\n${log('a')}${log('b')}` });
  expect([keys('node'), keys('pod'), problems]).toEqual([['node-a'], BOTH, []]);
});

it('aws --output yaml-stream: merges the pages of an answer', () => {
  const page = (id: string, more: object): object => ({
    Subnets: [{ SubnetId: id, CidrBlock: '10.0.0.0/24' }],
    ...more,
  });
  const pages = [page('subnet-1', { NextToken: 'x' }), page('subnet-2', {})];
  const whole = read({ 'subnets.yaml': stringify(pages) });
  expect([whole.keys('subnet'), whole.problems]).toEqual([['subnet-1', 'subnet-2'], []]);
  const cut = read({ 'subnets.yaml': stringify(pages.slice(0, 1)) });
  expect(cut.problems).toEqual([expect.stringMatching(/one page of a longer answer/)]);
});

describe('an archive of a node from eks-log-collector', () => {
  const instance = 'i-0123456789abcdef0';
  const answer = json({ 0: { ENIs: { 'eni-1': { ID: 'eni-1', AvailableIPv4Cidrs: {} } } } });
  const metrics = '# TYPE go_gc gauge\ngo_gc 1\n# TYPE awscni_total_ip_addresses gauge\nawscni_total_ip_addresses 5\n';
  const other = nodeObject({
    metadata: { name: 'node-b', uid: 'b' },
    spec: { providerID: 'aws:///a/i-0bbbbbbbbbbbbbbbb' },
  });

  it('belongs to the instance in the archive’s name', () => {
    const top = `eks_${instance}_2026-09-01_1200-UTC_0.7.8.tar.gz/ipamd`;
    const { keys, problems, others, stateOf } = read({
      'nodes.json': json(list(nodeObject(), other)),
      'pods.json': json(PODS),
      [`${top}/enis.json`]: answer,
      [`${top}/metrics.json`]: metrics,
      [`${top}/pods.json`]: json({ 'a_shop_x/eth0': { IP: '10.0.0.1', DeviceNumber: 0 } }),
    });
    expect([keys('ipamdEnis'), keys('awsNodeMetrics')]).toEqual([['node-a'], ['node-a']]);
    expect(problems).toEqual([]);
    expect(others).toEqual([expect.stringMatching(/pods\.json: holds no API answer that ifscope reads/)]);
    expect(stateOf('kubernetes/pods')).toBe('live');
  });

  it('belongs to the node whose pods have the addresses assigned by ipamd', () => {
    const at = (node: string, name: string, ip: string): unknown =>
      podObject({
        metadata: { name, namespace: 'shop', uid: name },
        spec: { nodeName: node },
        status: { podIPs: [{ ip }] },
      });
    const given = json({
      ENIs: {
        'eni-1': {
          ID: 'eni-1',
          AvailableIPv4Cidrs: {
            '10.0.0.9/32': { IPAddresses: { '10.0.0.9': { Address: '10.0.0.9', IPAMKey: { containerID: 'x' } } } },
          },
        },
      },
    });
    const { keys, problems } = read({
      'nodes.json': json(list(nodeObject(), other)),
      'pods.json': json(list(at('node-a', 'a', '10.0.0.8'), at('node-b', 'b', '10.0.0.9'))),
      'ipamd/enis.json': given,
    });
    expect([keys('ipamdEnis'), problems]).toEqual([['node-b'], []]);
  });

  it('belongs to the node whose pods have the addresses that its metrics count', () => {
    const pods = [
      ['node-a', '10.0.0.8'],
      ['node-b', '10.0.0.9'],
    ].map(([node, ip]) =>
      podObject({
        metadata: { name: `on-${node ?? ''}`, namespace: 'shop', uid: node },
        spec: { nodeName: node },
        status: { podIPs: [{ ip }] },
      }),
    );
    const text = `${metrics}awscni_assigned_ip_per_cidr{cidr="10.0.0.8/32"} 0\nawscni_assigned_ip_per_cidr{cidr="10.0.0.9/32"} 1\n`;
    const { keys, problems } = read({
      'nodes.json': json(list(nodeObject(), other)),
      'pods.json': json(list(...pods)),
      'metrics.txt': text,
    });
    expect([keys('awsNodeMetrics'), problems]).toEqual([['node-b'], []]);
  });

  it('belongs to the only node', () => {
    const { keys, problems } = read({ 'n.json': json(nodeObject()), 'ipamd/enis.json': answer });
    expect([keys('ipamdEnis'), problems]).toEqual([['node-a'], []]);
  });

  it('by itself reports what is missing', () => {
    expect(read({ 'ipamd/enis.json': answer }).problems).toEqual([
      expect.stringMatching(/belongs to a node, and the capture has none; add what kubectl get nodes -o json prints/),
    ]);
  });
});
