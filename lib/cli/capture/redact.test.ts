import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigIntToIp, cidrContains, numberToIpv4, parseCidr } from '../../model/ip';
import { Redactor } from './redact';
import { PLUGINS } from '../../cni/registry';
import { redactIp, type BitOf } from './redact-ip';

/** Deterministic pseudo-randomness by text. */
const bitOf: BitOf = (text) => {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  return ((hash >>> 7) & 1) as 0 | 1;
};
const replaced = (text: string): string => redactIp(text, bitOf) ?? 'nothing';

describe('addresses', () => {
  it.each(['127.0.0.1', '169.254.1.1', '0.0.0.0', '0.0.0.0/0', '255.255.255.0', '::1', 'fe80::1', '::/0'])(
    '%s stays',
    (text) => expect(replaced(text)).toBe(text),
  );

  it.each(['', 'web-1', '10.0.0', '10.0.0.300', '10.0.0.1/33', ':::'])('%j is not an address', (text) =>
    expect(redactIp(text, bitOf)).toBeNull(),
  );

  it('are replaced, private ones by private ones, and keep their last twelve bits', () => {
    const others = ['10.20.33.7', '172.20.33.7', '100.70.33.7', '203.0.113.7'].map(replaced);
    expect(others).not.toContain('10.20.33.7');
    for (const [text, range] of [
      [others[0], '10.0.0.0/8'],
      [others[1], '172.16.0.0/12'],
      [others[2], '100.64.0.0/10'],
    ] as const) {
      const cidr = parseCidr(range);
      expect(cidr !== null && cidrContains(cidr, text ?? '')).toBe(true);
    }
  });

  it('contain each other exactly as before', () => {
    const address = fc.oneof(
      fc.nat(0xffffff).map((low) => numberToIpv4(0x0a000000 + low)),
      fc.bigInt({ min: 0n, max: (1n << 80n) - 1n }).map((low) => bigIntToIp((0x2600_1f14_0000n << 80n) + low, 6)),
    );
    fc.assert(
      fc.property(address, address, fc.integer({ min: 8, max: 32 }), (a, b, length) => {
        const bits = a.includes(':') ? length * 4 : length;
        const block = parseCidr(`${a}/${bits}`)?.text ?? '';
        const before = parseCidr(block);
        const after = parseCidr(replaced(block));
        if (before === null || after === null) throw new Error(block);
        expect(replaced(block)).toBe(after.text);
        if (a.includes(':') === b.includes(':')) expect(cidrContains(after, replaced(b))).toBe(cidrContains(before, b));
        expect(cidrContains(after, replaced(a))).toBe(true);
      }),
      { seed: 5, numRuns: 400 },
    );
  });
});

const pod = {
  kind: 'Pod',
  metadata: {
    namespace: 'payments',
    name: 'ledger-5d8c7-x2x9k',
    labels: {
      app: 'ledger',
      'corp.example/team': 'red',
      'node.kubernetes.io/instance-type': 'm5.large',
      enabled: 'true',
    },
    annotations: {
      'k8s.v1.cni.cncf.io/networks': '[{"name":"signalling","namespace":"payments","ips":["10.20.30.40/24"]}]',
    },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'ledger-5d8c7' }],
  },
  spec: {
    nodeName: 'ip-10-20-30-9.eu-west-1.compute.internal',
    hostNetwork: true,
    serviceAccountName: 'bookkeeper',
  },
  status: { podIPs: [{ ip: '10.20.30.40' }], phase: 'Running' },
};
const network = { kind: 'NetworkAttachmentDefinition', metadata: { namespace: 'payments', name: 'signalling' } };
const eni = {
  NetworkInterfaceId: 'eni-0123456789abcdef0',
  Description: 'aws-K8S-i-0fedcba9876543210',
  MacAddress: '0a:58:0a:14:1e:28',
  OwnerId: '123456789012',
  TagSet: [{ Key: 'Owner', Value: 'Bob' }],
  Tags: [
    { Key: 'cluster.k8s.amazonaws.com/name', Value: 'prod-payments' },
    { Key: 'kubernetes.io/cluster/prod-payments', Value: 'owned' },
    { Key: 'node.k8s.amazonaws.com/no_manage', Value: 'true' },
    { Key: 'Name', Value: 'ledger ENI of Alice' },
  ],
};
const redactor = new Redactor('a key');
for (const each of [pod, network, eni]) redactor.learn(each);
const text = JSON.stringify(redactor.value([pod, network, eni]));

describe('everything else', () => {
  it.each([
    'payments',
    'ledger',
    'signalling',
    'bookkeeper',
    'corp.example',
    '10.20.30',
    '10-20-30',
    '0123456789abcdef0',
    '0fedcba9876543210',
    '123456789012',
    '14:1e:28',
    'prod-payments',
    'Alice',
    'Bob',
    'Owner"',
  ])('no %s is left', (word) => expect(text).not.toContain(word));

  it.each([
    'NetworkAttachmentDefinition',
    'aws-K8S-i-',
    '"true"',
    'm5.large',
    'Running',
    'no_manage',
    'ReplicaSet',
    'k8s.v1.cni.cncf.io/networks',
    '\\"ips\\"',
    'eu-west-1.compute.internal',
    '0a:58:',
    'hostNetwork',
  ])('%s stays', (word) => expect(text).toContain(word));
});

describe('names', () => {
  it('a name has the same substitute everywhere, also inside annotations', () => {
    const [one, other] = redactor.value([pod, network]) as [typeof pod, typeof network];
    const [selection] = JSON.parse(one.metadata.annotations['k8s.v1.cni.cncf.io/networks']) as {
      name: string;
      ips: string[];
    }[];
    expect(selection?.name).toBe(other.metadata.name);
    expect(other.metadata.namespace).toBe(one.metadata.namespace);
    expect(selection?.ips[0]).toBe(`${one.status.podIPs[0]?.ip ?? ''}/24`);
  });

  it('a name that is also a key of the annotation is replaced only as a name', () => {
    const own = new Redactor('a key');
    own.learn({ metadata: { namespace: 'shop', name: 'mac' } });
    const status = '[{"name": "shop/mac","mac" : "0a:58:0a:14:1e:28"},{\n    "mac": "0"}]';
    const written = JSON.parse(own.value(status) as string) as { name: string; mac: string }[];
    expect(written.map((one) => Object.keys(one))).toEqual([['name', 'mac'], ['mac']]);
    expect(written[0]?.name).toMatch(/^x-[0-9a-f]+\/x-[0-9a-f]+$/);
    expect(own.text('container to network "mac": failed')).not.toContain('mac');
  });

  it('names that are only referenced are replaced as well', () => {
    const own = new Redactor('a key');
    own.learn({
      metadata: {
        namespace: 'kube-system',
        name: 'agent',
        annotations: { 'k8s.v1.cni.cncf.io/networks': 'elsewhere/missing@uplink, [{"name": "second"}' },
      },
      involvedObject: { namespace: 'departed', name: 'gone-1' },
      spec: { allocations: { 5: { podref: 'departed/gone-2' } } },
    });
    const said = own.text('"name": elsewhere/missing@uplink second departed/gone-1 departed/gone-2');
    expect(said).toMatch(/^"name": (x-[0-9a-f]{10}[/@ ]?){8}$/);
  });

  it('uids, image registries and host domains identify nobody', () => {
    const uid = '8f0d0c5e-6dc4-4f74-a95e-cbc26662087a';
    const node = { kind: 'Node', metadata: { name: 'ip-10-20-30-9.corp.example', uid } };
    const agent = {
      metadata: { namespace: 'kube-system', name: 'aws-node-x', ownerReferences: [{ uid }] },
      spec: {
        nodeName: 'ip-10-20-30-9.corp.example',
        containers: [
          { image: '210987654321.dkr.ecr.eu-west-1.amazonaws.com/mirror/amazon-k8s-cni:v1.21.1-eksbuild.1' },
        ],
      },
      text: 'of i-0123456789abcdef0.corp.example and ip-10-20-30-9.eu-west-1.compute.internal.',
    };
    const own = new Redactor('a key');
    own.learn(node);
    own.learn(agent);
    const written = own.value([node, agent]) as [typeof node, typeof agent];
    const whole = JSON.stringify(written);
    for (const word of [uid, 'corp.example', '210987654321', 'mirror', 'dkr.ecr']) expect(whole).not.toContain(word);
    expect(written[1].spec.nodeName).toBe(written[0].metadata.name);
    expect(written[0].metadata.name).toMatch(/^ip(-\d+){4}\.x-[0-9a-f]{10}$/);
    expect(written[1].metadata.ownerReferences[0]?.uid).toBe(written[0].metadata.uid);
    expect(written[0].metadata.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(written[1].spec.containers[0]?.image).toMatch(/^x-[0-9a-f]{10}\/amazon-k8s-cni:v1\.21\.1-eksbuild\.1$/);
    expect(written[1].text).toMatch(/\.x-[0-9a-f]{10} and ip(-\d+){4}\.eu-west-1\.compute\.internal\.$/);
  });

  it('another capture has other names', () => {
    const again = new Redactor('another key');
    for (const each of [pod, network, eni]) again.learn(each);
    expect(again.text('ledger')).not.toBe(redactor.text('ledger'));
  });
});

it('keeps every plugin type, even if an object has that name', () => {
  const redactor = new Redactor('a key');
  const types = PLUGINS.flatMap(({ type, aliases = [] }) => [type, ...aliases]);
  for (const name of [...types, 'ledger']) redactor.learn({ metadata: { namespace: 'payments', name } });
  expect(redactor.text(types.join(' '))).toBe(types.join(' '));
  expect(redactor.text('ledger')).not.toBe('ledger');
});

describe('claims', () => {
  const claim = {
    metadata: { namespace: 'ml', name: 'secret-claim' },
    spec: { devices: { requests: [{ name: 'secret-request', exactly: { deviceClassName: 'secret-class' } }] } },
    status: {
      allocation: {
        devices: {
          results: [{ request: 'secret-request', driver: 'dra.net', pool: 'secret-pool', device: 'secret-link' }],
        },
      },
      reservedFor: [{ resource: 'pods', name: 'secret-pod', uid: 'u' }],
    },
  };
  const slice = {
    metadata: { name: 'secret-slice' },
    spec: {
      driver: 'dra.net',
      pool: { name: 'secret-pool', generation: 1 },
      devices: [{ name: 'secret-link' }, { name: 'pci-0000-20-01-0' }, { name: '0000-3b-01-2' }, { name: 'gpu-0' }],
    },
  };
  const user = {
    metadata: { namespace: 'ml', name: 'secret-pod' },
    spec: { resourceClaims: [{ name: 'secret-entry', resourceClaimTemplateName: 'secret-template' }] },
    status: { resourceClaimStatuses: [{ name: 'secret-entry', resourceClaimName: 'secret-claim' }] },
  };

  it('lose their names and those of requests, pools and devices, and stay linked', () => {
    const redactor = new Redactor('key');
    for (const object of [claim, slice, user]) redactor.learn(object);
    const read = (object: unknown) => redactor.value(object) as Record<string, never>;
    const text = JSON.stringify([read(claim), read(slice), read(user)]);
    expect(text).not.toContain('secret');
    for (const kept of ['dra.net', 'pci-0000-20-01-0', '0000-3b-01-2', 'gpu-0']) expect(text).toContain(kept);
    const { status } = redactor.value(claim) as {
      status: { allocation: { devices: { results: { pool: string; device: string }[] } } };
    };
    const { spec } = redactor.value(slice) as { spec: { pool: { name: string }; devices: { name: string }[] } };
    const [result] = status.allocation.devices.results;
    expect([result?.pool, result?.device]).toEqual([spec.pool.name, spec.devices[0]?.name]);
  });
});

describe('values of labels', () => {
  const planted = {
    metadata: {
      namespace: 'shop',
      labels: {
        name: 'acme-1',
        tier: 'acme-2',
        'k8s-app': 'acme-3',
        'app.kubernetes.io/instance': 'acme-4',
        'app.kubernetes.io/version': '1.4.2-rc1',
        'eks.amazonaws.com/nodegroup': 'acme-5',
        'topology.kubernetes.io/zone': 'eu-west-1a',
      },
    },
    spec: {
      template: { metadata: { labels: { team: 'acme-6' } } },
      podSelector: {
        matchLabels: { team: 'acme-7' },
        matchExpressions: [{ key: 'acme.example/team', operator: 'In', values: ['acme-8', 'acme-9'] }],
      },
      nodeSelector: { group: 'acme-0' },
    },
  };

  it('are replaced unless AWS or Kubernetes defines them, in selectors and templates as well', () => {
    const own = new Redactor('a key');
    own.learn(planted);
    const written = JSON.stringify(own.value(planted));
    expect(written).not.toContain('acme');
    for (const kept of ['app.kubernetes.io/instance', '1.4.2-rc1', 'eu-west-1a', 'matchExpressions'])
      expect(written).toContain(kept);
  });

  it('of kube-system stay, and so do those that identify agents', () => {
    const own = new Redactor('a key');
    own.learn({ metadata: { namespace: 'kube-system', labels: { 'k8s-app': 'coredns' } } });
    own.learn({ metadata: { namespace: 'net', labels: { 'app.kubernetes.io/name': 'multus-cni', app: 'aws-node' } } });
    expect(own.text('coredns multus-cni aws-node')).toBe('coredns multus-cni aws-node');
  });
});
