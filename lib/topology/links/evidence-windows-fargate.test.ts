/** Links of the cluster network on Windows and Fargate. */
import { describe, expect, it } from 'vitest';
import type { EniFact, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import { awsNode, batch, engineOf, eni, get, node, ownEni, pod, upsert } from '../../../e2e/testing/facts';

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

describe('Windows', () => {
  const WINDOWS = [upsert('node', node('n1', { os: 'windows' })), upsert('eni', PRIMARY)];
  const CASES: readonly Case[] = [
    {
      what: 'prefix mode: the address lies in a prefix of the primary ENI',
      given: [WINDOWS[0], upsert('eni', { ...PRIMARY, ipv4Prefixes: ['10.0.0.32/28'] })].flatMap((one) => one ?? []),
      pod: { ips: ['10.0.0.40'], windowsIp: '10.0.0.40' },
      wanted: { eni: 'eni-0', link: { rule: 'windows-annotation', certainty: 'observed' } },
    },
    {
      what: 'an unreadable annotation leaves what EC2 lists',
      given: WINDOWS,
      pod: { ips: ['10.0.0.5'], windowsIp: null },
      wanted: { eni: 'eni-0', link: { rule: 'secondary-ip', certainty: 'observed' } },
    },
    {
      what: 'the pod reports another address than the annotation',
      given: WINDOWS,
      pod: { ips: ['10.0.0.5'], windowsIp: '10.0.0.6' },
      wanted: { eni: 'eni-0', link: { rule: 'windows-annotation', certainty: 'inferred' } },
      says: /the pod itself reports another address/,
    },
    {
      what: 'EC2 has the address on another ENI, which Windows never has',
      given: [...WINDOWS, second({ secondaryIps: ['10.0.0.88'] })],
      pod: { ips: ['10.0.0.88'], windowsIp: '10.0.0.88' },
      wanted: { eni: null, link: { certainty: 'unknown', candidates: ['eni-0', 'eni-1'] } },
    },
    {
      what: 'EC2 has the address on another node',
      given: [...WINDOWS, upsert('eni', eni('eni-9', { instanceId: 'i-9', secondaryIps: ['10.0.0.88'] }))],
      pod: { ips: ['10.0.0.88'], windowsIp: '10.0.0.88' },
      wanted: { eni: null, link: { rule: 'none', candidates: ['eni-9'] }, addresses: [{ backed: 'other-node' }] },
    },
    {
      what: 'the annotation has no meaning on Linux',
      given: [...BASE, second({ secondaryIps: ['10.0.0.88'] })],
      pod: { ips: ['10.0.0.88'], windowsIp: '10.0.0.88' },
      wanted: { eni: 'eni-1', link: { rule: 'secondary-ip', certainty: 'observed' } },
    },
  ];
  it.each(CASES)('$what', check);
});

describe('Fargate', () => {
  const own = { computeType: 'fargate', instanceId: null, providerId: null, internalIps: ['10.0.0.50'] } as const;
  const FARGATE = [upsert('node', node('n1', own))];
  const ENI = (more: Partial<EniFact> = {}) =>
    upsert(
      'eni',
      eni('eni-f', { instanceId: null, deviceIndex: null, primaryIp: '10.0.0.50', securityGroups: ['sg-1'], ...more }),
    );
  const IN_VPC: Observation = { op: 'cluster', cluster: { vpcId: 'vpc-1' } };
  const CASES: readonly Case[] = [
    {
      what: 'without attachment',
      given: [...FARGATE, ENI()],
      pod: { ips: ['10.0.0.50'] },
      wanted: { eni: 'eni-f', link: { rule: 'vpc-ip', certainty: 'observed' } },
    },
    {
      what: 'attached to an AWS-owned instance',
      given: [...FARGATE, ENI({ instanceId: 'i-0ffffffffffffffff', ownerId: '999' })],
      pod: { ips: ['10.0.0.50'] },
      wanted: { eni: 'eni-f', addresses: [{ backed: 'eni' }] },
    },
    {
      what: 'the same address in another VPC is not the pod’s',
      given: [IN_VPC, ...FARGATE, ENI({ vpc: 'vpc-2' })],
      pod: { ips: ['10.0.0.50'] },
      wanted: { eni: null, link: { candidates: [] }, addresses: [{ backed: 'none' }] },
    },
    {
      what: 'of two VPCs with the same range, the cluster’s counts',
      given: [
        IN_VPC,
        ...FARGATE,
        ENI(),
        upsert('eni', eni('eni-9', { instanceId: 'i-9', vpc: 'vpc-2', primaryIp: '10.0.0.50' })),
      ],
      pod: { ips: ['10.0.0.50'] },
      wanted: { eni: 'eni-f', link: { certainty: 'observed', candidates: [] } },
    },
    {
      what: 'reports the security groups that the annotation requests',
      given: [...FARGATE, ENI()],
      pod: { ips: ['10.0.0.50'], fargatePodSg: ['sg-1'] },
      wanted: { eni: 'eni-f' },
      says: /pod-sg asks for sg-1\.$/,
    },
    {
      what: 'reports the groups that the ENI has instead',
      given: [...FARGATE, ENI()],
      pod: { ips: ['10.0.0.50'], fargatePodSg: ['sg-1', 'sg-2'] },
      wanted: { eni: 'eni-f' },
      says: /asks for sg-1, sg-2, and the ENI has sg-1\.$/,
    },
  ];
  it.each(CASES)('$what', check);

  it('depends on the VPC, even if that is known late', () => {
    const engine = engineOf([...FARGATE, ENI({ vpc: 'vpc-2' }), upsert('pod', pod('a', { ips: ['10.0.0.50'] }))]);
    expect(get(engine, 'enis', 'eni-f').node).toBe('node:n1');
    engine.apply(batch([IN_VPC]));
    expect(engine.replica.records.enis.has('eni-f')).toBe(false);
    expect(get(engine, 'interfaces', ETH0).eni).toBeNull();
  });
});
