/** Common damage to files in transit: encodings, compression, colours, truncation, and texts that are not answers. */
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { podObject } from '../../../e2e/testing/objects';
import { readDocuments } from './documents';
import { readCaptureFile } from './file';
import { TextFiles } from './text-files';

const pod = (name: string): object => podObject({ metadata: { name, namespace: 'shop', uid: name } }) as object;
const LIST = { apiVersion: 'v1', items: [pod('a'), pod('b')], kind: 'List', metadata: {} };
const lines = JSON.stringify(LIST, null, 4);

/** Names of the pods that are read, and the reports about the rest. */
function read(text: string) {
  const found = readCaptureFile(text);
  return {
    pods: found.flatMap((one) =>
      one.type === 'kubernetes'
        ? one.objects.map(({ object }) => (object as { readonly metadata: { readonly name: string } }).metadata.name)
        : [],
    ),
    said: found.flatMap((one) => (one.type === 'unreadable' ? [`${one.line}: ${one.reason}`] : [])),
  };
}

describe('values of JSON', () => {
  it.each([
    ['on one line', `${JSON.stringify(pod('a'))}${JSON.stringify(pod('b'))}`],
    ['on one line with blanks', `${JSON.stringify(pod('a'))}  ${JSON.stringify(pod('b'))}\n\n`],
    ['a list and an object', `${JSON.stringify({ ...LIST, items: [pod('a')] })}${JSON.stringify(pod('b'), null, 2)}`],
    [
      'a list in a list',
      JSON.stringify({
        ...LIST,
        items: [
          { ...LIST, items: [pod('a')] },
          { apiVersion: 'v1', kind: 'PodList', items: [pod('b')] },
        ],
      }),
    ],
    ['in the colours of jq -C', lines.replaceAll(/"(\w+)":/g, '\u001b[34;1m"$1"\u001b[0m:')],
    [
      'in the format of a watch',
      ['a', 'b'].map((name) => JSON.stringify({ type: 'ADDED', object: pod(name) })).join('\n'),
    ],
  ])('%s', (_what, text) => {
    expect(read(text)).toEqual({ pods: ['a', 'b'], said: [] });
  });

  it('that a watch reported as deleted are absent', () => {
    const told = [
      { type: 'MODIFIED', object: pod('a') },
      { type: 'DELETED', object: pod('b') },
    ];
    expect(read(told.map((one) => JSON.stringify(one)).join('\n'))).toEqual({ pods: ['a'], said: [] });
  });

  it.each([
    ['the zsh end-of-line mark', '%\n'],
    ['a prompt', 'bash-4.2# '],
    ['a prompt in brackets and its command', '[root@ip-10-0-0-1 /]# exit\nexit\n'],
    ['the BusyBox prompt', '/ # '],
    ['a prompt with a path, then a command', 'me@host ~ % kubectl version -o "json"\nWarning: version difference\n'],
  ])('with %s directly behind them', (_what, behind) => {
    const damaged = (said: readonly string[]): readonly string[] => said.filter((one) => one.includes('not valid'));
    for (const text of [JSON.stringify(LIST), lines, JSON.stringify(LIST.items, null, 2)]) {
      const { pods, said } = read(`${text}${behind}`);
      expect([pods, damaged(said)]).toEqual([['a', 'b'], []]);
    }
  });

  it('followed by a prompt and another answer', () => {
    const text = `${JSON.stringify(pod('a'))}sh-4.2$ kubectl get pod b -o json\n${JSON.stringify(pod('b'))}%`;
    expect(read(text)).toEqual({ pods: ['a', 'b'], said: [] });
  });

  it('followed by something else', () => {
    const { pods, said } = read(`${JSON.stringify(LIST)}x`);
    expect(pods).toEqual(['a', 'b']);
    expect(said).toEqual([expect.stringMatching(/^1: is not valid JSON/)]);
  });
});

describe('aws-node metrics', () => {
  const metrics = [
    '# HELP awscni_eni_allocated The number of ENIs allocated',
    '# TYPE awscni_eni_allocated gauge',
    'awscni_eni_allocated 2',
    'go_goroutines 41',
    'awscni_assigned_ip_per_eni{eni="eni-1"} 3',
  ].join('\n');
  const yaml = stringify(pod('b'));

  it.each([
    ['before and after answers', `${lines}\n${metrics}\n${yaml}`, ['a', 'b', 'b']],
    ['after YAML and before JSON', `${yaml}${metrics}\n${lines}`, ['b', 'a', 'b']],
    ['twice', `${metrics}\n${yaml}${metrics}\n`, ['b']],
    ['without HELP and TYPE lines', `${yaml}${metrics.split('\n').slice(2).join('\n')}\n${lines}`, ['b', 'a', 'b']],
  ])('are read %s, without a separator between them', (what, text, pods) => {
    expect(read(text)).toEqual({ pods, said: [] });
    const found = readDocuments(text).metrics;
    expect(found.length).toBe(what === 'twice' ? 2 : 1);
    for (const one of found) {
      expect(one.text).toContain('go_goroutines 41');
      expect(one.text).not.toContain('apiVersion');
    }
  });
});

describe('a file that ends too early', () => {
  const end = lines.indexOf('"name": "b"');

  it.each([
    ['inside an object', lines.slice(0, end + 3)],
    ['after a comma', lines.slice(0, lines.lastIndexOf(',', end) + 1)],
    ['inside a string with a brace', `${lines.slice(0, end)}"note": "}`],
  ])('%s: complete items are read, and the line is reported', (_what, text) => {
    const { pods, said } = read(text);
    expect(pods).toEqual(['a']);
    expect(said).toEqual([
      `${text.split('\n').length}: ends too early: what is complete before is read; take it again`,
    ]);
  });

  it('before the end of its first item is only reported', () => {
    const text = lines.slice(0, lines.indexOf('{', 1) + 1);
    expect(read(text)).toEqual({ pods: [], said: [`${text.split('\n').length}: ends too early; take it again`] });
  });

  it('is not repaired if the error is in the middle', () => {
    expect(read(lines.replace('"name": "b"', 'name: b'))).toMatchObject({
      pods: [],
      said: [expect.stringMatching(/is not valid JSON/)],
    });
  });

  it('as YAML: reports that the kind after the items is missing', () => {
    const text = stringify(LIST);
    const { pods, said } = read(text.slice(0, text.indexOf('kind: List')));
    expect(pods).toEqual(['a', 'b']);
    expect(said).toEqual([expect.stringMatching(/^1: ends too early: the kind of the list/)]);
  });
});

describe('a text that is not an answer', () => {
  it.each([
    [
      'kubectl describe pod',
      'Name:             web-1\nNamespace:        core\nPriority:         0\nEvents:\n  Type  Reason\n',
      /is the output of kubectl describe, not an API answer; take it again with kubectl get -o yaml/,
    ],
    [
      'kubectl describe pod of a pod on a node',
      'Name:             web-1\nNamespace:        core\nPriority:         0\nNode:             n1/10.0.0.5\nIP:\nEvents:\n',
      /take it again with kubectl get pods,events -n core -o yaml$/,
    ],
    [
      'kubectl describe of another kind',
      'Name:         ipvlan\nNamespace:    core\nLabels:       <none>\nAPI Version:  k8s.cni.cncf.io/v1\n',
      /take it again with kubectl get -o yaml$/,
    ],
    [
      'kubectl describe node',
      'Name:               n1\nRoles:              <none>\nLabels:  a=b\n',
      /kubectl describe, .* take it again with kubectl get node n1 -o yaml$/,
    ],
    ['kubectl', 'error: the server doesn\'t have a resource type "net-attach-def"\n', /is an error message/],
    [
      'kubectl’s rights',
      'Error from server (Forbidden): pods is forbidden: User "x" cannot list\n',
      /is an error message/,
    ],
    [
      'aws',
      '\nAn error occurred (UnauthorizedOperation) when calling the DescribeSubnets operation\n',
      /is an error message/,
    ],
    [
      'aws --output text',
      'NETWORKINTERFACES\teu-west-1a\teni-1\nATTACHMENT\tx\n',
      /take it again with .*--output json/,
    ],
    [
      'kubectl get',
      'NAMESPACE   NAME    READY   STATUS\ncore        web-1   1/1     Running\n',
      /is a human-readable table/,
    ],
  ])('%s', (_what, text, says) => {
    expect(readDocuments(text)).toMatchObject({
      documents: [],
      unreadable: [{ reason: expect.stringMatching(says) as unknown }],
    });
  });

  it('next to an answer does not affect it', () => {
    const { pods, said } = read(
      `$ kubectl describe pod a\nName: a\nNamespace: shop\n$ kubectl get pods -o json\n${lines}\n`,
    );
    expect(pods).toEqual(['a', 'b']);
    expect(said).toEqual([expect.stringMatching(/^2: is the output of kubectl describe/)]);
  });
});

describe('the bytes of a file', () => {
  const text = '{"höchst": "漢😀"}\r\n';
  const utf16 = (big: boolean, mark: boolean): Uint8Array => {
    const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
    return big ? bytes.swap16() : bytes;
  };
  const files = (): TextFiles => new TextFiles((what) => new Error(what), { files: 9, file: 1_000, total: 10_000 });

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 as PowerShell writes it', utf16(false, true)],
    ['UTF-16 without a byte order mark', utf16(false, false)],
    ['UTF-16, big-endian', utf16(true, true)],
    ['UTF-16, big-endian, without a byte order mark', utf16(true, false)],
  ])('%s', async (_what, bytes) => {
    for (const [path, content] of [
      ['a.json', bytes],
      ['a.json.gz', gzipSync(bytes)],
    ] as const) {
      const into = files();
      expect(into.wants(path)).toBe(true);
      await into.take(path, content);
      const { files: read, skipped } = into.end();
      expect(skipped).toEqual([]);
      expect(read.map((one) => ({ ...one, text: one.text.replace('\ufeff', '') }))).toEqual([{ path: 'a.json', text }]);
    }
  });

  it('that are not text are reported', async () => {
    const into = files();
    await into.take('a.bin', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 0, 0]));
    await into.take('b.bin', Buffer.from([1, 0, 0, 0, 2, 0, 0, 0]));
    await into.take('c.bin', Buffer.from([0, 1, 2, 3]));
    await into.take('d.bin', Buffer.from([0, 0xd8, 0x41, 0x41]));
    expect(into.end().skipped).toEqual(['a', 'b', 'c', 'd'].map((name) => `${name}.bin: not read (it is no text)`));
  });

  it.each([
    ['damaged', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2])],
    ['too large to be read', gzipSync(Buffer.alloc(2_000, 32))],
  ])('that are compressed and %s are reported, and the rest is read', async (_what, bytes) => {
    const into = files();
    await into.take('a.json.gz', bytes);
    await into.take('b.json', Buffer.from('{}'));
    expect(into.end()).toMatchObject({
      files: [{ path: 'b.json' }],
      unreadable: [expect.stringMatching(/^a\.json\.gz: is gzip that cannot/)],
    });
  });

  it.each([
    ['pods.json.gz', true],
    ['capture.tar.gz', true],
    ['x.pcap.gz', false],
    ['x.zip', true],
    ['x.tar.xz', false],
  ])('of %s are read: %s', (path, wanted) => {
    expect(files().wants(path)).toBe(wanted);
  });
});
