/** Rows of `advice.test.ts` about ENI tags, devices and autoscalers, and a decision for every rule. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ago,
  cni,
  eni,
  eth0,
  foreignEni,
  found,
  network,
  node,
  pod,
  pool,
  request,
  signal,
  waitingPod,
  type world,
} from '../../e2e/testing/findings';
import { ruleIds } from './report';

interface Row {
  readonly rule: string;
  readonly when: string;
  readonly records: Parameters<typeof world>[0];
  readonly not: RegExp;
  readonly but: RegExp;
  readonly later?: number;
}

const throttled = signal(
  'node:n1',
  'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/RequestLimitExceeded',
  'rose from 1 to 4',
);
const starved = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
  firstAt: ago(600),
});
const DAEMON = { owner: { kind: 'DaemonSet', name: 'ds' }, createdAt: ago(600) };
const cordoned = (key: string) =>
  node({
    unschedulable: true,
    taints: [
      { key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoSchedule' },
      { key, value: null, effect: 'NoSchedule' },
    ],
  });
const MANAGED = { state: 'managed', rule: 'no-manage-tag-false', certainty: 'observed', observed: true } as const;
const mistyped = { 'node.k8s.amazonaws.com/no_manage': 'True', 'node.k8s.amazonaws.com/instance_id': 'i-0' };
const policy = { name: 'db', securityGroups: ['sg-0db'], certainty: 'inferred' as const, dependsOn: null };
const missingParent = [
  network('ipvlan-a'),
  waitingPod('w1', { requested: [request('ipvlan-a')], createdAt: ago(600) }),
  signal(
    'pod:core/w1',
    'FailedCreatePodSandBox',
    'plugin type="multus" failed (add): [core/w1/u:ipvlan-a]: error adding container to network "ipvlan-a": failed to lookup master "eth1": Link not found',
    { firstAt: ago(600) },
  ),
];

const ROWS: readonly Row[] = [
  {
    rule: 'ec2-throttled',
    when: 'WARM_IP_TARGET is not set',
    records: [node(), throttled],
    not: /WARM_IP_TARGET/,
    but: /what else calls EC2/,
  },
  {
    rule: 'ec2-throttled',
    when: 'prefix mode is on',
    records: [node({ cni: cni({ warmIpTarget: 1, mode: 'prefix', prefixDelegation: true }) }), throttled],
    not: /use prefix mode/,
    but: /raise it together with MINIMUM_IP_TARGET/,
  },
  {
    rule: 'ec2-throttled',
    when: 'it is unknown whether prefix mode is on',
    records: [node({ cni: cni({ warmIpTarget: 1, prefixDelegation: null }) }), throttled],
    not: /use prefix mode/,
    but: /raise it/,
  },
  ...['karpenter.sh/disrupted', 'ToBeDeletedByClusterAutoscaler', 'aws-node-termination-handler/spot-itn'].map(
    (key): Row => ({
      rule: 'cordoned-no-growth',
      when: `the node is being taken away (${key})`,
      records: [cordoned(key), waitingPod('w1', DAEMON), starved],
      not: /[Uu]ncordon/,
      but: /nothing to do/,
    }),
  ),
  {
    rule: 'no-manage-bad-value',
    when: 'pods have addresses on the ENI',
    records: [
      node(),
      eni(),
      foreignEni({ id: 'eni-0000000000000000f', tags: mistyped, management: MANAGED }),
      pod(),
      eth0({ eni: 'eni-0000000000000000f' }),
    ],
    not: /create-tags/,
    but: /drain the node first/,
  },
  {
    rule: 'no-manage-bad-value',
    when: 'it is the only ENI of a multi-NIC card',
    records: [
      node({ cni: cni({ multiNic: true }) }),
      eni(),
      foreignEni({ id: 'eni-0000000000000000f', card: 1, deviceIndex: 0, tags: mistyped, management: MANAGED }),
    ],
    not: /create-tags|exactly true/,
    but: /Remove the tag/,
  },
  {
    rule: 'parent-interface-missing',
    when: 'no other ENI can be attached',
    records: [node({ eniSlots: { limit: 3, used: 3, unmanaged: 0, reserved: 0, free: 0 } }), ...missingParent],
    not: /Attach the ENI/,
    but: /no further ENI can be attached/,
  },
  {
    rule: 'security-group-policy-missed',
    when: 'its node has no branch ENI left',
    records: [
      node({ cni: cni({ podEni: true }), branch: { limit: 4, used: 4 } }),
      pod('p1', { createdAt: ago(600), securityGroupPolicies: [policy], owner: { kind: 'ReplicaSet', name: 'a' } }),
    ],
    not: /kubectl/,
    but: /another node has one/,
  },
  {
    rule: 'warm-pool-waste',
    when: 'EC2 throttles the node',
    records: [
      node({ pools: [pool({ total: 36, assigned: 0, available: 36, target: 9 })] }),
      eni('eni-0000000000000000a', { addressCapacity: 9 }),
      { ...throttled, lastAt: ago(-590) },
    ],
    later: 601,
    not: /Set WARM_IP_TARGET/,
    but: /Fix ec2-throttled first/,
  },
  {
    rule: 'pod-eni-stuck',
    when: 'the quota of groups is the reason',
    records: [
      node(),
      waitingPod('w1', { resources: { 'vpc.amazonaws.com/pod-eni': 1 }, startedAt: ago(600) }),
      signal(
        'pod:core/w1',
        'BranchAllocationFailed',
        'user 1 exceeded limit 5 on the number of interface security group memberships',
      ),
    ],
    not: /out of addresses/,
    but: /quota/,
  },
];

describe('the advice of', () => {
  it.each(ROWS.map((row) => [row.rule, row.when, row] as const))('%s is not given when %s', (rule, _when, row) => {
    const [finding] = found(rule, row.records, row.later === undefined ? {} : { later: row.later });
    expect(`${finding?.advice ?? 'nothing'} ${finding?.command ?? ''}`).not.toMatch(row.not);
    expect(finding?.advice).toMatch(row.but);
  });
});

/** Why a rule's advice never does harm. */
const ALWAYS: Readonly<Record<string, string>> = {
  'address-not-on-eni': 'assigning an address that is on no ENI; the case of another pod’s is in its own table',
  'branch-eni-leaked': 'deletes only what EC2 calls available; EC2 refuses otherwise',
  'claim-not-ready': 'read a log',
  'claim-status-mismatch': 'look into the pod',
  'claimed-device-gone': 'check first; the pod has no device to lose',
  'claimed-eni-managed': 'what would not help is said in its own table',
  'cni-settings-refused': 'corrects what cannot work; none is given while aws-node runs',
  'default-route-conflict': 'a choice of the author of the network, by version in its own table',
  'device-exhausted': 'free, add, check; a plugin that lost count is in its own table',
  'device-offered-twice': 'a choice between the two',
  'device-pool-incomplete': 'read a log; a restart of a driver leaves pods their devices',
  'devices-on-different-roots': 'a constraint for new pods',
  'duplicate-mac': 'a MAC for each pod',
  'ec2-permission-missing': 'an AWS managed policy; IPv6 is named apart',
  'eni-adopted': 'cards and IMDS-only are in its own table',
  'eni-leaked': 'deletes only what EC2 calls available, and says to make sure first',
  'eni-survives-node': 'the flag acts when the instance ends',
  'eni-without-ipv4': 'an upgrade, or an address of its own; no tag would help',
  'eniconfig-missing': 'creates what is missing',
  'eniconfig-wrong-zone': 'corrects what cannot work',
  'host-device-conflict': 'one of the two has nothing to lose',
  'interfaces-share-card': 'for new nodes',
  'ipam-inconsistent': 'one pod after the other',
  'ipam-pool-full': 'dead pods’ allocations alone are removed',
  'ipvlan-macvlan-conflict': 'a choice between the two',
  'branch-pod-unprobed': 'on and off are in its own table; standard mode gets none',
  'subnet-in-service-cidr': 'nothing that could be followed already: the ranges overlap',
  'pods-not-created': 'reads and corrects; the pods do not exist',
  'efa-count-differs': 'more and fewer are in its own table',
  'networking-not-ready': 'reason and aws-node are in its own table',
  'parent-link-down': 'ENI or not is in its own table',
  'replies-leave-elsewhere': 'a pod that is Ready is left alone, in its own table',
  'bond-mode-unfit': 'for the next pods; whole cards and trusted functions are in its own table',
  'machine-behind-macvlan': 'the machine gets no answer as it is',
  'macvlan-on-eni': 'macvlan reaches nobody there',
  'managed-eni-claimable': 'for what is claimed next; IMDS-only is in its own table',
  'metrics-untrusted': 'which gauge to use',
  'mtu-exceeds-parent': 'the parent’s MTU always works; a larger one is said to need the network’s support',
  'mixed-address-modes': 'a new node has one kind',
  'multus-down': 'Multus does not answer: a restart loses nothing',
  'network-config-invalid': 'running pods keep what they have, as it says',
  'network-missing': 'creates what is missing',
  'network-status-missing': 'look; Fargate is in its own table',
  'network-subnet-mismatch': 'corrects what cannot work',
  'networks-annotation-invalid': 'corrects what cannot work',
  'networks-annotation-key': 'writes the key that is read; not where the pod has it',
  'networks-annotation-on-workload': 'moves what has no effect',
  'networks-changed-after-start': 'an owner makes the pod again, else its manifest is saved first',
  'networks-on-host-network': 'a choice between the two',
  'no-manage-late': 'drains first',
  'parent-name-drift': 'for new nodes',
  'plugin-binary-missing': 'installs what is missing',
  'pod-identity-agent-missing': 'installs what is missing; taints and an agent that is not Ready are in its own table',
  'address-in-ipamd-pool': 'for a network that is made anew',
  'pod-on-primary-address': 'the pod cannot be reached as it is',
  'pod-start-failed': 'by resource, in its own table',
  'pod-stop-failed': 'look',
  'branch-vlan-conflict': 'an owner makes the pod again, else its manifest is saved first',
  'policy-uncovered': 'adds a policy, if wanted',
  'pool-low': 'read a log',
  'subnet-excluded': 'if pods should use them',
  'unmanaged-miscount':
    'running pods keep their addresses while aws-node restarts; what else a restart does is in guards/restart.ts',
  'vpc-cni-as-secondary': 'it does not work as it is',
};

it('has a row for every rule: when the advice does not apply, or why there is no such case', () => {
  const rows = ['advice.test.ts', 'advice-more.test.ts', 'advice-place.test.ts']
    .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  const withRows = ruleIds().filter((id) => rows.includes(`rule: '${id}'`));
  const decided = [...new Set([...withRows, ...Object.keys(ALWAYS)])].sort();
  expect(decided).toEqual([...ruleIds()].sort());
  expect(Object.keys(ALWAYS).filter((id) => rows.includes(`rule: '${id}'`))).toEqual([]);
});
