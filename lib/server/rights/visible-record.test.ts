import { expect, it } from 'vitest';
import { eni, node, otherEni, subnet } from '../../../e2e/testing/findings';
import { visibleRecord } from './visible-record';

const visibility = { visible: new Set(['shop']), hidden: new Set(['bank']), used: new Set<string>() };
const seen = (description: string) =>
  visibleRecord(
    'subnets',
    subnet('subnet-a', { others: [otherEni('eni-0a', { description, ips: ['10.0.0.9'] })] }),
    visibility,
  );

it.each([
  // The names of load balancers contain a namespace and an Ingress or Service.
  ['ELB app/k8s-bank-ledger-0a1b2c/77', ''],
  ['ELB net/k8s-bank-ledger-0a1b2c/77', ''],
  ['AWS Lambda VPC ENI-bank', ''],
  ['Interface for NAT Gateway nat-0a1b', 'Interface for NAT Gateway nat-0a1b'],
  ['RDSNetworkInterface', 'RDSNetworkInterface'],
])(
  'the description “%s” of an ENI of others is seen as “%s”, and its addresses are unchanged',
  (description, wanted) => {
    expect(seen(description)?.others).toEqual([otherEni('eni-0a', { description: wanted, ips: ['10.0.0.9'] })]);
  },
);

it('of addresses in ipamd’s list, the names of hidden pods are not shown', () => {
  const address = (ip: string, pod: string) => ({ ip, pod, held: false });
  const assigned = [address('10.0.0.5', 'bank/ledger'), address('10.0.0.6', 'shop/web')];
  const record = node({ ipamdEnis: [{ id: 'eni-a', card: 0, ranges: [], assigned }] });
  const enis = visibleRecord('nodes', record, visibility)?.ipamdEnis ?? [];
  expect(enis.flatMap((eni) => eni.assigned.map(({ pod }) => pod))).toEqual([null, 'shop/web']);
});

it('of ipamd’s view of an ENI, the names of hidden pods are left out', () => {
  const believed = { known: true, addresses: 9, assigned: 2, unheld: [], taken: [], missing: [], extra: [] };
  const record = eni('eni-a', { ipamd: { ...believed, unheldBy: ['bank/ledger', 'shop/web'] } });
  expect(visibleRecord('enis', record, visibility)?.ipamd?.unheldBy).toEqual(['shop/web']);
});
