import { eth0, face, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';
import { aSource } from '../../../e2e/testing/records';

const POD = 'pod:core/p1';

const twoPolicies = pod('p1', { policies: ['NetworkPolicy/a', 'NetworkPolicy/b'] });

cases('policy-uncovered', [
  {
    name: 'covered network by network',
    records: [
      node(),
      twoPolicies,
      eth0(),
      face(),
      face('net2', { network: 'net:core/b' }),
      signal(POD, 'policy-for', 'core/b'),
    ],
    subjects: [POD],
    says: /2 NetworkPolicies, which act on eth0 only; no MultiNetworkPolicy covers net1 \(core\/ipvlan-a\)\./,
  },
  {
    name: 'all covered',
    records: [
      node(),
      twoPolicies,
      eth0(),
      face(),
      face('net2', { network: 'net:core/b' }),
      signal(POD, 'policy-for', 'core/b, core/ipvlan-a'),
    ],
    subjects: [],
  },
  {
    name: 'guard: stale MultiNetworkPolicies',
    records: [node(), twoPolicies, eth0(), face()],
    states: { 'kubernetes/multi-networkpolicies': 'stale' },
    subjects: [],
  },
  {
    name: 'a MultiNetworkPolicy that names no network that exists',
    records: [
      node(),
      pod('p1', { policies: ['MultiNetworkPolicy/a'] }),
      eth0(),
      face(),
      signal(POD, 'policy-for-nothing', 'a names core/lam, which does not exist'),
    ],
    subjects: [POD],
    severity: 'warning',
    says: /a names core\/lam, which does not exist\): nothing limits the traffic of net1/,
  },
  {
    name: 'guard: the pod has no additional interface that such a policy could cover',
    records: [
      node(),
      pod('p1', { policies: ['MultiNetworkPolicy/a'] }),
      eth0(),
      signal(POD, 'policy-for-nothing', 'a names no network'),
    ],
    subjects: [],
  },
  {
    name: 'guard: a MultiNetworkPolicy alone requires nothing for eth0',
    records: [node(), pod('p1', { policies: ['MultiNetworkPolicy/a'] }), eth0(), face()],
    subjects: [],
  },
]);

cases('policy-uncovered', [
  {
    name: 'a NetworkPolicy and an extra interface without a policy',
    records: [node(), pod('p1', { policies: ['NetworkPolicy/deny'] }), eth0(), face()],
    subjects: [POD],
  },
  {
    name: 'a MultiNetworkPolicy covers its network',
    records: [
      node(),
      pod('p1', { policies: ['MultiNetworkPolicy/deny', 'NetworkPolicy/deny'] }),
      signal(POD, 'policy-for', 'core/b, core/ipvlan-a'),
      eth0(),
      face(),
    ],
    subjects: [],
  },
  {
    name: 'a MultiNetworkPolicy for another network covers nothing of this one',
    records: [
      node(),
      pod('p1', { policies: ['MultiNetworkPolicy/deny', 'NetworkPolicy/deny'] }),
      signal(POD, 'policy-for', 'core/b'),
      eth0(),
      face(),
      face('net2', { network: 'net:core/b' }),
    ],
    subjects: [POD],
    says: /no MultiNetworkPolicy covers net1 \(core\/ipvlan-a\)\./,
  },
  {
    name: 'guard: MultiNetworkPolicies may not be read',
    records: [
      node(),
      pod('p1', { policies: ['NetworkPolicy/deny'] }),
      eth0(),
      face(),
      aSource('kubernetes/multi-networkpolicies', 'denied'),
    ],
    subjects: [],
  },
  {
    name: 'MultiNetworkPolicies are not served: there are none',
    records: [
      node(),
      pod('p1', { policies: ['NetworkPolicy/deny'] }),
      eth0(),
      face(),
      aSource('kubernetes/multi-networkpolicies', 'absent'),
    ],
    subjects: [POD],
  },
  {
    name: 'no extra interface',
    records: [node(), pod('p1', { policies: ['NetworkPolicy/deny'] }), eth0()],
    subjects: [],
  },
  {
    name: 'guard: mNicIf interfaces are covered',
    records: [node(), pod('p1', { policies: ['NetworkPolicy/deny'] }), eth0(), face('mNicIf1', { network: 'cluster' })],
    subjects: [],
  },
]);
