/** Links of the cluster network with ambiguous or contradicting evidence. */
import { describe, expect, it } from 'vitest';
import type { EniFact, IpamdEnisFact, PodEniEntry, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import {
  AT,
  awsNode,
  engineOf,
  eni,
  entry,
  get,
  iso,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  nad,
  node,
  ownEni,
  pod,
  status,
  upsert,
} from '../../../e2e/testing/facts';

const PRIMARY = ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5', '10.0.0.6'] });
const BASE: readonly Observation[] = [upsert('node', node()), upsert('pod', awsNode()), upsert('eni', PRIMARY)];
const ETH0 = 'if:default/a/eth0';

const eth0 = (observations: readonly Observation[], more: Partial<PodFact>) =>
  get(engineOf([...observations, upsert('pod', pod('a', more))]), 'interfaces', ETH0);

interface Case {
  readonly what: string;
  readonly given: readonly Observation[];
  readonly pod: Partial<PodFact>;
  readonly wanted: object;
  readonly says?: RegExp;
}

const check = ({ given, pod: more, wanted, says }: Case): void => {
  const found = eth0(given, more);
  expect(found).toMatchObject(wanted);
  if (says !== undefined) expect(found.link.evidence).toMatch(says);
};

const second = (more: Partial<EniFact>) => upsert('eni', ownEni('eni-1', { deviceIndex: 1, ...more }));

const SEVERAL: readonly Case[] = [
  {
    what: 'two ENIs of the node: neither is chosen, both are named',
    given: [...BASE, second({ secondaryIps: ['10.0.0.5'] })],
    pod: { ips: ['10.0.0.5'] },
    wanted: {
      eni: null,
      link: { rule: 'none', certainty: 'unknown', candidates: ['eni-0', 'eni-1'] },
      addresses: [{ backed: 'unknown', eni: null }],
    },
    says: /eni-0 .* and on eni-1/,
  },
  {
    what: 'two prefixes of the node',
    given: [
      ...BASE,
      second({ ipv4Prefixes: ['10.0.0.32/28'] }),
      upsert('eni', ownEni('eni-2', { deviceIndex: 2, ipv4Prefixes: ['10.0.0.32/28'] })),
    ],
    pod: { ips: ['10.0.0.40'] },
    wanted: { eni: null, link: { certainty: 'unknown', candidates: ['eni-1', 'eni-2'] } },
  },
  {
    what: 'an exact address takes precedence over a prefix that contains it',
    given: [...BASE, second({ ipv4Prefixes: ['10.0.0.0/28'] })],
    pod: { ips: ['10.0.0.5'] },
    wanted: { eni: 'eni-0', link: { rule: 'secondary-ip', certainty: 'inferred', candidates: ['eni-0', 'eni-1'] } },
    says: /eni-1 claims it, too/,
  },
  {
    what: "a prefix takes precedence over another ENI's own primary address",
    given: [...BASE, second({ ipv4Prefixes: ['10.0.0.0/28'] })],
    pod: { ips: ['10.0.0.4'] },
    wanted: { eni: 'eni-1', link: { rule: 'ipv4-prefix', certainty: 'inferred', candidates: ['eni-1', 'eni-0'] } },
  },
  {
    what: 'one address of each family on two ENIs is no contradiction',
    given: [...BASE, second({ ipv6Prefixes: ['2001:db8:0:0:1::/80'] })],
    pod: { ips: ['10.0.0.5', '2001:db8:0:0:1::7'] },
    wanted: {
      eni: 'eni-0',
      link: { certainty: 'observed', candidates: ['eni-0', 'eni-1'] },
      addresses: [
        { backed: 'eni', eni: 'eni-0' },
        { backed: 'eni', eni: 'eni-1' },
      ],
    },
    says: /Another address of this interface is on eni-1/,
  },
  {
    what: 'both families on one ENI',
    given: [upsert('node', node()), upsert('eni', { ...PRIMARY, ipv6Addresses: ['2001:db8::5'] })],
    pod: { ips: ['10.0.0.5', '2001:db8::5'] },
    wanted: { eni: 'eni-0', link: { rule: 'secondary-ip', certainty: 'observed', candidates: [] } },
  },
  {
    what: 'the same range in another VPC holds other addresses',
    given: [...BASE, upsert('eni', eni('eni-9', { instanceId: 'i-9', vpc: 'vpc-2', ipv4Prefixes: ['10.0.0.0/28'] }))],
    pod: { ips: ['10.0.0.5'] },
    wanted: { eni: 'eni-0', link: { certainty: 'observed', candidates: [] } },
  },
  {
    what: 'only in another VPC: on no ENI here',
    given: [...BASE, upsert('eni', eni('eni-9', { instanceId: 'i-9', vpc: 'vpc-2', secondaryIps: ['10.0.0.77'] }))],
    pod: { ips: ['10.0.0.77'] },
    wanted: { eni: null, link: { candidates: [] }, addresses: [{ backed: 'none' }] },
  },
  {
    what: 'on an instance outside the cluster: another’s',
    given: [...BASE, upsert('eni', eni('eni-9', { instanceId: 'i-9', ownerId: '999', secondaryIps: ['10.0.0.77'] }))],
    pod: { ips: ['10.0.0.77'] },
    wanted: { eni: null, link: { candidates: ['eni-9'] }, addresses: [{ backed: 'other-node' }] },
    says: /attached to i-9/,
  },
  {
    what: 'on an ENI without an attachment in EC2: may be this node’s',
    given: [...BASE, upsert('eni', eni('eni-9', { instanceId: null, deviceIndex: null, secondaryIps: ['10.0.0.77'] }))],
    pod: { ips: ['10.0.0.77'] },
    wanted: { eni: null, link: { certainty: 'unknown', candidates: ['eni-9'] }, addresses: [{ backed: 'unknown' }] },
    says: /without saying where that is attached/,
  },
  {
    what: 'on an available ENI: on none',
    given: [
      ...BASE,
      upsert('eni', eni('eni-9', { instanceId: null, status: 'available', secondaryIps: ['10.0.0.77'] })),
    ],
    pod: { ips: ['10.0.0.77'] },
    wanted: { link: { candidates: ['eni-9'] }, addresses: [{ backed: 'none' }] },
    says: /which is not attached/,
  },
  {
    what: 'on an ENI of unknown type',
    given: [...BASE, second({ interfaceType: 'evs_of_tomorrow', secondaryIps: ['10.0.0.88'] })],
    pod: { ips: ['10.0.0.88'] },
    wanted: { eni: 'eni-1', link: { rule: 'secondary-ip', certainty: 'observed' } },
  },
  {
    what: 'aws-node runs, but the node has no providerID: its instance is unknown',
    given: [
      upsert('node', node('n1', { computeType: 'other', instanceId: null, providerId: null })),
      upsert('pod', awsNode()),
      upsert('eni', PRIMARY),
    ],
    pod: { ips: ['10.0.0.5'] },
    wanted: { eni: null, link: { certainty: 'unknown', candidates: ['eni-0'] }, addresses: [{ backed: 'unknown' }] },
  },
];

describe('several ENIs with the same address', () => {
  it.each(SEVERAL)('$what', check);
});

it('an interface of a NAD whose address two ENIs list is on neither', () => {
  const reported = [entry('default/lan', { interface: 'net1', ips: ['10.1.0.5'] })];
  const engine = engineOf([
    ...BASE,
    upsert('nad', nad('lan', { cniVersion: '0.3.1', type: 'ipvlan' })),
    second({ secondaryIps: ['10.1.0.5'] }),
    upsert('eni', ownEni('eni-2', { deviceIndex: 2, secondaryIps: ['10.1.0.5'] })),
    upsert('pod', pod('a', { ips: ['10.0.0.5'], statusAnnotation: { state: 'valid', error: null }, reported })),
  ]);
  expect(get(engine, 'interfaces', 'if:default/a/net1')).toMatchObject({
    eni: null,
    // Without a master, the plugin would use the link of the default route, which contradicts both.
    link: { rule: 'none', certainty: 'unknown', candidates: ['eni-1', 'eni-2', 'eni-0'] },
  });
});

describe('the branch ENI of the annotation', () => {
  const entry = (more: Partial<PodEniEntry> = {}): PodEniEntry => ({
    eniId: 'eni-b',
    mac: null,
    privateIp: '10.0.0.99',
    ipv6: null,
    vlanId: 7,
    ...more,
  });
  const TRUNK = upsert('eni', eni('eni-t', { interfaceType: 'trunk', deviceIndex: 2 }));
  const branch = (more: Partial<EniFact> = {}) =>
    upsert(
      'eni',
      eni('eni-b', {
        instanceId: null,
        interfaceType: 'branch',
        primaryIp: '10.0.0.99',
        tags: { 'vpcresources.k8s.aws/trunk-eni-id': 'eni-t' },
        ...more,
      }),
    );
  const own = { ips: ['10.0.0.99'], podEni: [entry()] };
  const CASES: readonly Case[] = [
    {
      what: 'without VLAN and addresses is an ENI regardless',
      given: [...BASE, TRUNK, branch()],
      pod: { ips: ['10.0.0.99'], podEni: [entry({ vlanId: null, privateIp: null })] },
      wanted: { eni: 'eni-b', link: { rule: 'pod-eni', certainty: 'observed' }, addresses: [{ backed: 'eni' }] },
    },
    {
      what: 'of several elements, the one with the pod’s address counts',
      given: [...BASE, TRUNK, branch()],
      pod: { ips: ['10.0.0.99'], podEni: [entry({ eniId: 'eni-x', privateIp: '10.0.0.98' }), entry()] },
      wanted: { eni: 'eni-b' },
    },
    {
      what: 'that is unreadable leaves what EC2 lists',
      given: [...BASE, TRUNK, branch()],
      pod: { ips: ['10.0.0.99'], podEni: [] },
      wanted: { eni: 'eni-b', card: null, link: { rule: 'vpc-ip', certainty: 'observed' } },
    },
    {
      what: 'is not a branch ENI in EC2',
      given: [...BASE, branch({ interfaceType: 'interface', tags: {} })],
      pod: own,
      wanted: { eni: 'eni-b', link: { rule: 'pod-eni', certainty: 'inferred', candidates: ['eni-b'] } },
      says: /EC2 lists it as interface, not as a branch/,
    },
    {
      what: 'is on the trunk of another node',
      given: [
        ...BASE,
        upsert('node', node('n2', { instanceId: 'i-2' })),
        upsert('eni', eni('eni-t', { interfaceType: 'trunk', instanceId: 'i-2', deviceIndex: 2 })),
        branch(),
      ],
      pod: own,
      wanted: {
        eni: 'eni-b',
        link: { certainty: 'inferred', candidates: ['eni-b'] },
        addresses: [{ backed: 'other-node', eni: null }],
      },
      says: /its trunk eni-t is on node n2/,
    },
    {
      what: 'is ignored if the pod has an address of its node’s pool',
      given: [
        ...BASE,
        TRUNK,
        branch(),
        upsert('eni', ownEni('eni-p', { deviceIndex: 3, secondaryIps: ['10.0.0.50'] })),
      ],
      pod: { ips: ['10.0.0.50'], podEni: [entry()] },
      wanted: { eni: 'eni-p', link: { rule: 'secondary-ip', certainty: 'observed' } },
    },
    {
      what: 'does not have the pod’s address',
      given: [...BASE, TRUNK, branch({ primaryIp: '10.0.0.98' })],
      pod: own,
      wanted: { eni: 'eni-b', link: { certainty: 'inferred' }, addresses: [{ backed: 'none', eni: null }] },
      says: /EC2 does not list 10\.0\.0\.99 on it/,
    },
  ];
  it.each(CASES)('$what', check);

  it('belongs to the live pod, not to an earlier finished one', () => {
    const engine = engineOf([
      ...BASE,
      TRUNK,
      branch(),
      upsert('pod', pod('a', { ...own, phase: 'Succeeded' })),
      upsert('pod', pod('b', own)),
    ]);
    expect(get(engine, 'enis', 'eni-b').branchPod).toBe('pod:default/b');
  });
});

describe("ipamd's own list", () => {
  const held = (more: Partial<IpamdEnisFact['enis'][number]['addresses'][number]> = {}) =>
    upsert(
      'ipamdEnis',
      ipamdEnis('n1', [
        ipamdEni('eni-0', [
          ipamdAddress('10.0.0.77', { assigned: true, podNamespace: 'default', podName: 'a', ...more }),
        ]),
      ]),
    );
  const DENIED = status('ec2/network-interfaces', 'denied', null);
  const OTHER = upsert('eni', eni('eni-9', { instanceId: 'i-9', secondaryIps: ['10.0.0.77'] }));
  const CASES: readonly Case[] = [
    {
      what: 'contradicts EC2, which lists the address nowhere',
      given: [...BASE, held()],
      pod: { ips: ['10.0.0.77'] },
      wanted: { eni: 'eni-0', link: { rule: 'ipamd', certainty: 'inferred' }, addresses: [{ backed: 'none' }] },
      says: /EC2 lists it on no ENI/,
    },
    {
      what: 'contradicts EC2, which lists it on another node: EC2 takes precedence',
      given: [...BASE, OTHER, held()],
      pod: { ips: ['10.0.0.77'] },
      wanted: { eni: null, link: { rule: 'none', candidates: ['eni-9'] }, addresses: [{ backed: 'other-node' }] },
    },
    {
      what: 'names another pod',
      given: [...BASE, DENIED, held({ podName: 'b' })],
      pod: { ips: ['10.0.0.77'] },
      wanted: { eni: null, link: { rule: 'none' } },
    },
    {
      what: 'names the previous pod of the same name',
      given: [...BASE, DENIED, held({ assignedAt: iso(AT - 86_400_000) })],
      pod: { ips: ['10.0.0.77'] },
      wanted: { eni: null, link: { rule: 'none' } },
    },
    {
      what: 'has the zero time of a checkpoint',
      given: [...BASE, DENIED, held({ assignedAt: '1970-01-01T00:00:00Z' })],
      pod: { ips: ['10.0.0.77'] },
      wanted: { eni: 'eni-0', link: { rule: 'ipamd', certainty: 'observed' } },
    },
    {
      what: 'names no pod, as in the first versions',
      given: [...BASE, DENIED, held({ podName: null, podNamespace: null })],
      pod: { ips: ['10.0.0.77'] },
      wanted: { eni: 'eni-0', link: { rule: 'ipamd' } },
    },
  ];
  it.each(CASES)('$what', check);
});
