import { describe, expect, it } from 'vitest';
import { namesHidden, withoutNumbers } from './hidden-names';

const names = {
  visible: new Set(['shop', 'default']),
  hidden: new Set(['bank', 'kube-system']),
  used: new Set(['net:infra/vlan7']),
};

describe('a text that mentions a hidden object', () => {
  it.each([
    'eth0 of bank/ledger-0 is on eni-1',
    'shop/web and bank/ledger-0 hold 10.0.0.4',
    'The pods: bank/ledger-0.',
    'event FailedCreatePodSandBox of bank/ledger-0: failed',
    'Multus: [bank/ledger-0/0af1:net1]: error adding container',
    'pod "ledger-0_bank(0af1)" failed',
    'a namespace of which nothing is left: gone/ledger-0',
    'the invalid annotation of pod bank/ledger-0',
    'kubectl -n bank delete pod ledger-0',
    "kubectl --namespace='gone' get pods",
    'infra/vlan8 takes its addresses from 10.0.0.0/24',
    'ipamd names /ledger-0.',
    '“bank”',
    'k8s_POD_ledger-0_bank_0af1',
  ])('%s', (text) => expect(namesHidden(text, names)).toBe(true));
});

describe('a text that mentions nothing hidden', () => {
  it.each([
    '',
    'eth0 of shop/web-1 is on eni-0123 (card 0, device 1)',
    'shop/web asks for its default route through infra/vlan7.',
    'Kubernetes: IPPool has 3/10 of 10.0.0.0/24 and fd00:ab::cd/80 allocated',
    'k8s.v1.cni.cncf.io/networks of the pod',
    'node.k8s.amazonaws.com/instance_id',
    'kubernetes/pods, ec2/network-interfaces and aws-node/metrics are not live',
    'kubectl -n shop delete pod web-1',
    'kubectl uncordon ip-10-0-0-1.eu-west-1.compute.internal',
    'the pod template of Deployment shop/web',
    '/etc/cni/net.d and /opt/cni/bin/aws-cni',
    'aws-node answers /metrics and /v1/enis',
    'NetworkPolicy/deny-all, MultiNetworkPolicy/deny-all',
    'embankment, banking',
  ])('%s', (text) => expect(namesHidden(text, names)).toBe(false));
});

describe('a text without the addresses and MACs in it', () => {
  it.each([
    ['10.0.0.5 is on eni-1', '(not shown) is on eni-1'],
    ['not on an ENI: 10.0.0.5, 10.0.0.6.', 'not on an ENI: (not shown), (not shown).'],
    ['dial tcp 10.0.0.5:8080: refused', 'dial tcp (not shown):8080: refused'],
    ['10.0.0.5-10.0.0.9', '(not shown)-(not shown)'],
    ['10.0.0.5/24, 10.0.0.5/32', '(not shown), (not shown)'],
    ['fd00::5, [fd00::6]:80 and fd00::.', '(not shown), [(not shown)]:80 and (not shown).'],
    ['has fd00::5:', 'has (not shown):'],
    ['MAC 0a:1b:2c:3d:4e:5f, 00-15-5D-00-00-01', 'MAC (not shown), (not shown)'],
    ['::ffff:10.0.0.5', '(not shown)'],
    // Ranges, PCI addresses, versions, times and names of nodes stay.
    ['of 10.0.0.16/28 and fd00::/80', 'of 10.0.0.16/28 and fd00::/80'],
    ['0000:00:06.0', '0000:00:06.0'],
    ['v1.18.0 at 12:30:00, 3: error', 'v1.18.0 at 12:30:00, 3: error'],
    ['node ip-10-0-0-5.ec2.internal', 'node ip-10-0-0-5.ec2.internal'],
  ])('%s', (text, wanted) => expect(withoutNumbers(text)).toBe(wanted));
});
