/** The same cluster in every form in which users post it gives the same facts. */
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { nodeObject, podObject } from '../../../e2e/testing/objects';
import type { FactKind } from '../../model/facts';
import { readCapture } from './read';
import type { Capture } from './read';

const read = (files: Readonly<Record<string, string>>): Capture =>
  readCapture([
    { path: 'capture.json', text: '{"takenAt":"2026-09-01T12:00:00Z"}' },
    ...Object.entries(files).map(([path, text]) => ({ path, text })),
  ]);
const keysOf = (capture: Capture, kind: FactKind): readonly string[] =>
  capture.batches.flatMap(({ observations }) =>
    observations.flatMap((one) => (one.op === 'replaceAll' && one.kind === kind ? one.facts.map(([key]) => key) : [])),
  );
const sourceOf = (capture: Capture, id: string) =>
  capture.batches
    .flatMap(({ observations }) => observations)
    .flatMap((one) => (one.op === 'status' && one.source.id === id ? [one.source] : []))[0];
const json = (value: unknown): string => JSON.stringify(value, null, 4);
const list = (...objects: readonly unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items: objects });

const named = (name: string): unknown => podObject({ metadata: { name, namespace: 'shop', uid: name } });
const [one, two] = [named('web-1'), named('web-2')];

describe('the output of kubectl', () => {
  const expected = new Map(readCapture([{ path: 'x.json', text: json(list(one, two)) }]).batches.flatMap(factsOf));

  function factsOf({ observations }: Capture['batches'][number]): readonly (readonly [string, unknown])[] {
    return observations.flatMap((each) => (each.op === 'replaceAll' && each.kind === 'pod' ? each.facts : []));
  }

  it.each<[string, string]>([
    ['a list as YAML', stringify(list(one, two))],
    ['a list as YAML with tabs after it and Windows line ends', stringify(list(one, two)).replaceAll('\n', '\r\n')],
    ['several YAML documents', `---\n${stringify(one)}---\n# the other\n${stringify(two)}...\n`],
    [
      'a document marker followed by the document on the same line',
      `--- ${JSON.stringify(one)}\n--- ${JSON.stringify(two)}\n`,
    ],
    ['one object after another as JSON', `${json(one)}\n${json(two)}\n`],
    ['without a line between them', `${json(one)}${json(two)}`],
    ['lines of JSON', `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`],
    ['a bare list', json([one, two])],
    ['lists in a list, as jq -s makes', json([list(one), list(two)])],
    ['the items under another key', json({ pods: [one, two] })],
    [
      'with the commands before it',
      `$ kubectl get pod web-1 -o yaml\n${stringify(one)}$ kubectl get pod web-2 -o json\n${json(two)}\n$ \n`,
    ],
    ['with the prompt of a host', `[root@ip-10-0-1-5 ~]# kubectl get pods -o json\n${json(list(one, two))}\n`],
    ['in Markdown fences', `\`\`\`yaml\n${stringify(one)}\`\`\`\n\n\`\`\`json\n${json(two)}\n\`\`\`\n`],
    ['with a byte order mark', `\ufeff${stringify(list(one, two))}`],
    ['with anchors', stringify({ ...list(one, two), extra: [one, one] })],
  ])('%s', (_, text) => {
    for (const path of ['x.yaml', 'pods', 'kubernetes/a.txt', 'b.json']) {
      const capture = read({ [path]: text });
      expect([path, capture.problems, new Map(capture.batches.flatMap(factsOf))]).toEqual([path, [], expected]);
    }
  });

  it('is a part of the answer, with a note, if it consists of single objects', () => {
    const reason = 'The capture contains single objects and no list; others may exist.';
    const single = sourceOf(read({ 'a.yaml': stringify(one) }), 'kubernetes/pods');
    expect(single).toMatchObject({ state: 'live', reason, partial: true });
    const listed = sourceOf(
      read({
        'a.yaml': stringify(list(one, podObject({ metadata: { name: 'dns', namespace: 'kube-system', uid: 'dns' } }))),
      }),
      'kubernetes/pods',
    );
    expect(listed).toMatchObject({ state: 'live', reason: null });
    expect(listed).not.toHaveProperty('partial');
  });

  it('dates a capture in YAML as in JSON', () => {
    const text = stringify(
      podObject({ metadata: { name: 'p', creationTimestamp: '2026-09-01T11:00:00Z' }, status: {} }),
    );
    expect(readCapture([{ path: 'a.yaml', text }]).takenAt).toBe('2026-09-01T11:00:00Z');
    expect(readCapture([{ path: 'a.yaml', text: `${text}expiry-time: 2036-01-01T00:00:00Z\n` }]).takenAt).toBe(
      '2026-09-01T11:00:00Z',
    );
  });
});

describe('the output of aws', () => {
  const eni = {
    NetworkInterfaceId: 'eni-1',
    AvailabilityZone: 'a',
    TagSet: [],
    SubnetId: 'subnet-1',
    Attachment: { InstanceId: 'i-1' },
  };
  const instance = {
    InstanceId: 'i-1',
    InstanceType: 'm5.large',
    SubnetId: 'subnet-1',
    NetworkInterfaces: [{ NetworkInterfaceId: 'eni-9' }],
  };
  const reservation = { ReservationId: 'r-1', OwnerId: '1', Instances: [instance] };
  const subnet = { SubnetId: 'subnet-1', CidrBlock: '10.0.0.0/24' };
  const type = { InstanceType: 'm5.large', NetworkInfo: { MaximumNetworkInterfaces: 3 } };
  const reserved = {
    SubnetCidrReservationId: 'scr-1',
    SubnetId: 'subnet-1',
    Cidr: '10.0.0.0/28',
    ReservationType: 'prefix',
  };

  it.each<[string, unknown, Partial<Record<FactKind, readonly string[]>>]>([
    ['the answer', { NetworkInterfaces: [eni] }, { eni: ['eni-1'] }],
    ["--query 'NetworkInterfaces'", [eni], { eni: ['eni-1'] }],
    ["--query 'NetworkInterfaces[0]'", eni, { eni: ['eni-1'] }],
    ["--query '[NetworkInterfaces]'", [[eni]], { eni: ['eni-1'] }],
    ["--query '{enis: NetworkInterfaces}'", { enis: [eni] }, { eni: ['eni-1'] }],
    ["--query 'Reservations'", [reservation], { instance: ['i-1'], eni: ['eni-9'] }],
    ["--query 'Reservations[0]'", reservation, { instance: ['i-1'], eni: ['eni-9'] }],
    ["--query 'Reservations[].Instances[]'", [instance], { instance: ['i-1'], eni: ['eni-9'] }],
    [
      "--query 'Reservations[*].Instances[*]'",
      [[instance], [{ ...instance, InstanceId: 'i-2' }]],
      { instance: ['i-1', 'i-2'], eni: ['eni-9'] },
    ],
    ["--query 'Reservations[0].Instances[0]'", instance, { instance: ['i-1'], eni: ['eni-9'] }],
    [
      "--query '{Reservations: Reservations[].Instances}'",
      { Reservations: [[instance]] },
      { instance: ['i-1'], eni: ['eni-9'] },
    ],
    ["--query 'Subnets[]'", [subnet], { subnet: ['subnet-1'] }],
    ["--query 'Subnets[0]'", subnet, { subnet: ['subnet-1'] }],
    ["--query 'InstanceTypes'", [type], { instanceType: ['m5.large'] }],
    ["--query 'SubnetIpv4CidrReservations'", [reserved], { subnetReservation: ['scr-1'] }],
    ['several answers in one', { a: [eni], b: [subnet] }, { eni: ['eni-1'], subnet: ['subnet-1'] }],
  ])('%s', (_, value, expected) => {
    for (const [path, text] of [
      ['x.json', json(value)],
      ['x.yaml', stringify(value)],
      ['posted', `$ aws ec2 describe-something\n${json(value)}\n`],
    ] as const) {
      const capture = read({ [path]: text });
      const found = Object.fromEntries(Object.keys(expected).map((kind) => [kind, keysOf(capture, kind as FactKind)]));
      expect([path, capture.problems, found]).toEqual([path, [], expected]);
    }
  });

  it.each([
    ['ec2/network-interfaces.json', 'ec2/network-interfaces'],
    ['enis.yaml', 'ec2/network-interfaces'],
    ['aws-ec2-describe-subnets.json', 'ec2/subnets'],
    ['describe_instances.json', 'ec2/instances'],
    ['instance-types.json', 'ec2/instance-types'],
  ])(
    'reads an empty list as no objects of the kind in the name %s, and an unreadable one as a failing source',
    (path, source) => {
      expect(sourceOf(read({ [path]: '[]' }), source)).toMatchObject({ state: 'live' });
      expect(sourceOf(read({ [path]: '{"a":' }), source)).toMatchObject({ state: 'failing', asOf: null });
    },
  );

  it('prefers the answer with tags to the interfaces listed by an instance', () => {
    const capture = read({ 'x.json': json([{ NetworkInterfaceId: 'eni-1', Attachment: { DeviceIndex: 0 } }]) });
    expect(keysOf(capture, 'eni')).toEqual([]);
    expect(capture.problems).toEqual([
      'x.json: lists 1 interface of an instance, without tags; take the answer of aws ec2 describe-network-interfaces',
    ]);
  });
});

describe('the output of aws-node', () => {
  const node = nodeObject();
  const instance = 'i-0123456789abcdef0';
  const eni = { NetworkInterfaceId: 'eni-1', TagSet: [], Attachment: { InstanceId: instance, DeviceIndex: 0 } };
  const base = { 'n.yaml': stringify(list(node)), 'e.json': json({ NetworkInterfaces: [eni] }) };
  const answer = json({ 0: { TotalIPs: 0, AssignedIPs: 0, ENIs: { 'eni-1': { ID: 'eni-1' } } } });
  const curl = `$ curl -s http://localhost:61679/v1/enis | python -m json.tool
  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
100   675  100   675    0     0    675      0  0:00:01 --:--:--  0:00:01  131k
${answer}
`;
  const metrics = '# TYPE awscni_assigned_ip_per_eni gauge\nawscni_assigned_ip_per_eni{eni="eni-1"} 5\n';

  it.each([
    ['aws-node/node-a.enis.json', answer, 'ipamdEnis'],
    ['aws-node/node-a.enis.yaml', stringify(JSON.parse(answer)), 'ipamdEnis'],
    ['aws-node/node-a/enis.json', answer, 'ipamdEnis'],
    ['node-a.txt', curl, 'ipamdEnis'],
    ['posted.txt', curl, 'ipamdEnis'],
    ['v1-enis.json', answer, 'ipamdEnis'],
    ['old.json', json({ AssignedIPs: 0, ENIIPPools: { 'eni-1': { ID: 'eni-1' } } }), 'ipamdEnis'],
    [`${instance}.prom`, metrics, 'awsNodeMetrics'],
    ['metrics.txt', metrics, 'awsNodeMetrics'],
    ['posted', `$ curl localhost:61678/metrics\n${metrics}`, 'awsNodeMetrics'],
  ] as const)('%s belongs to the node given by its name or its ENIs', (path, text, kind) => {
    const capture = read({ ...base, [path]: text });
    expect([capture.problems, keysOf(capture, kind)]).toEqual([[], ['node-a']]);
  });

  it('with damage after the answer fails no EC2 source', () => {
    const capture = read({ ...base, 'enis.txt': `${answer}x` });
    expect(keysOf(capture, 'ipamdEnis')).toEqual(['node-a']);
    expect(capture.problems).toEqual([expect.stringMatching(/^enis\.txt:\d+: is not valid JSON/)]);
    expect(sourceOf(capture, 'ec2/network-interfaces')?.state).toBe('live');
  });

  it('is reported if neither identifies the node', () => {
    const capture = read({ ...base, 'other.txt': answer.replaceAll('eni-1', 'eni-2') });
    expect(capture.problems).toEqual([
      'other.txt: no node of the capture has this name or instance id, or one of these ENIs',
    ]);
  });
});

describe('unreadable parts are reported with their line, and the rest is read', () => {
  const good = stringify(one);
  const after = (text: string): number => text.split('\n').length;
  it.each<[string, string, string]>([
    [
      'YAML between two documents',
      `${good}---\nkind: Pod\n bad: [\n---\n${stringify(two)}`,
      `x:${after(good) + 1}: is not valid YAML (`,
    ],
    [
      'JSON that ends in the middle',
      `${json(one)}\n${json(two)}\n${json(one).slice(0, 60)}`,
      `x:${after(json(one)) + after(json(two)) + 4}: ends too early; take it again`,
    ],
    [
      'JSON that breaks in the middle',
      `${json(one)}\n{\n    "kind": oops\n}\n${json(two)}\n`,
      `x:${after(json(one)) + 2}: is not valid JSON (Unexpected token 'o'`,
    ],
    [
      'a table',
      `${good}---\n${stringify(two)}$ kubectl get pods\nNAME   READY   STATUS\nweb-1   1/1     Running\n`,
      `: is a human-readable table, not an API answer`,
    ],
    [
      'a kind that ifscope does not read',
      `${good}---\n${stringify(two)}---\nkind: Secret\napiVersion: v1\n`,
      ': holds only Secret, which ifscope does not read',
    ],
    [
      'text',
      `${good}---\nsome words\n---\n${stringify(two)}`,
      `x:${after(good) + 1}: holds neither an object nor a list of objects`,
    ],
    [
      'unrelated items in a list',
      json([one, two, { Name: 'x' }, 'y']),
      'x: holds 2 more that ifscope does not read (first: Name)',
    ],
    [
      'an alias bomb',
      `${good}---\n${stringify(two)}---\n${bomb()}`,
      'is not read: its YAML aliases expand to far more than the file contains',
    ],
    ['endless lists', `${good}---\n${stringify(two)}---\n- ${'['.repeat(50_000)}`, ': is text, not an API answer'],
    ['endless braces', `${json(one)}\n${json(two)}\n${'['.repeat(50_000)}`, ': ends too early; take it again'],
  ])('%s', (_, text, problem) => {
    const capture = read({ x: text });
    expect([...capture.problems, ...capture.others]).toEqual([expect.stringContaining(problem)]);
    expect(capture.problems.join('')).not.toContain('\n');
    expect(keysOf(capture, 'pod')).toEqual(['shop/web-1', 'shop/web-2']);
  });

  function bomb(): string {
    const letter = (index: number): string => String.fromCharCode(97 + index);
    const levels = Array.from({ length: 9 }, (_, index) => {
      const name = letter(index + 1);
      const before = `*${letter(index)}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
    });
    return `a: &a [x, x, x]\n${levels.join('\n')}\n`;
  }

  it('reports at most twenty problems per file', () => {
    const text = Array.from({ length: 90 }, () => '{"a":').join('\n');
    expect(read({ x: text }).problems).toHaveLength(20);
  });
});
