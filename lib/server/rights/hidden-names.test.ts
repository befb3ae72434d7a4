import { describe, expect, it } from 'vitest';
import { namesHidden } from './hidden-names';

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
