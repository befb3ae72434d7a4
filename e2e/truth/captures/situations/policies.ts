/** Policies for further networks, and captures of a single kind of object. */
import { Cluster } from '../kit/cluster';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { entry } from './attaching';
import { labPod, startLab } from './lab';
import { found, is, none, OLD, says, type Situation } from './situation';

const macvlan = (ipam: Json): Json => ({
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'eth1',
  mode: 'bridge',
  ipam,
});

function policy(
  c: Cluster,
  key: string,
  kind: 'NetworkPolicy' | 'MultiNetworkPolicy',
  more: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly spec?: Json;
    readonly version?: string;
  } = {},
): void {
  const [namespace = '', name = ''] = key.split('/');
  c.object({
    apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : `k8s.cni.cncf.io/${more.version ?? 'v1beta1'}`,
    kind,
    metadata: { namespace, name, uid: `${kind}-${key}`, annotations: { ...more.annotations } },
    spec: more.spec ?? { podSelector: {}, policyTypes: ['Ingress'], ingress: [] },
  });
}

const FOR = 'k8s.v1.cni.cncf.io/policy-for';

function policed(): { readonly cluster: Cluster } {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', macvlan({ type: 'whereabouts', range: '192.168.9.0/24' }));
  labPod(cluster, 'shop/db', node, 'lan', [entry('shop/lan', 'net1', '192.168.9.5', '0a:58:00:00:0d:01')], {
    labels: { app: 'db' },
  });
  return { cluster };
}

/** A NetworkPolicy holds for eth0 alone. */
function onlyNetworkPolicy(): Situation {
  const { cluster } = policed();
  policy(cluster, 'shop/deny', 'NetworkPolicy');
  return {
    source: 'kubeovn/kube-ovn#1126, k8snetworkplumbingwg/multus-cni#465',
    cluster,
    checks: [
      says('findings[rule=policy-uncovered]', 'shop/lan|net1'),
      says('findings[rule=policy-uncovered]', 'MultiNetworkPolicy'),
    ],
  };
}

/** The policy's annotation names the network without a namespace: the policy's own. */
function coveredByBareName(version: string): Situation {
  const { cluster } = policed();
  policy(cluster, 'shop/deny', 'NetworkPolicy');
  policy(cluster, 'shop/deny-lan', 'MultiNetworkPolicy', {
    version,
    annotations: { [FOR]: 'lan' },
    spec: {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 55000, protocol: 'TCP' }] }],
    },
  });
  return {
    source: 'k8snetworkplumbingwg/multi-networkpolicy (policy-for), m-lab/k8s-support revtr.jsonnet',
    cluster,
    checks: [none('findings[rule=policy-uncovered]'), says('pods[id=pod:shop/db].policies', 'deny-lan')],
  };
}

/** The policy names a network that does not exist. */
function policyForNothing(value: string | null, beside: boolean): Situation {
  const { cluster } = policed();
  if (beside) policy(cluster, 'shop/deny', 'NetworkPolicy');
  policy(cluster, 'shop/deny-lan', 'MultiNetworkPolicy', { annotations: value === null ? {} : { [FOR]: value } });
  return {
    source: 'ovn-kubernetes/ovn-kubernetes#5372, k8snetworkplumbingwg/multi-networkpolicy (policy-for)',
    cluster,
    checks: [
      // net1 is as open as without the policy, whatever its author believes.
      found('findings[rule=policy-uncovered]'),
      says('findings[rule=policy-uncovered]', 'deny-lan'),
    ],
  };
}

/** The policy is for another of the pod's networks. */
function policyForTheOther(): Situation {
  const { cluster } = policed();
  cluster.nad('shop/other', macvlan({ type: 'whereabouts', range: '192.168.10.0/24' }));
  policy(cluster, 'shop/deny', 'NetworkPolicy');
  policy(cluster, 'shop/deny-other', 'MultiNetworkPolicy', { annotations: { [FOR]: 'shop/other' } });
  return {
    source: 'k8snetworkplumbingwg/multi-networkpolicy-iptables (CheckPolicyNetwork)',
    cluster,
    checks: [says('findings[rule=policy-uncovered]', 'shop/lan|net1')],
  };
}

/** A policy for a network that exists, in a namespace where other pods have others: nothing is wrong. */
function policyForOtherPods(): Situation {
  const { cluster } = policed();
  cluster.nad('shop/other', macvlan({ type: 'whereabouts', range: '192.168.10.0/24' }));
  policy(cluster, 'shop/deny-other', 'MultiNetworkPolicy', { annotations: { [FOR]: 'shop/other' } });
  return {
    source: 'k8snetworkplumbingwg/multi-networkpolicy (policy-for)',
    cluster,
    checks: [none('findings[rule=policy-uncovered]')],
  };
}

/** Nothing but the text of two objects was posted, with the shell's prompts around. */
function pastedSession(): Situation {
  const cluster = new Cluster({ daemon: false, withoutEc2: true });
  const text = [
    '[root@master ~]# kubectl get net-attach-def lan -o yaml',
    'apiVersion: k8s.cni.cncf.io/v1',
    'kind: NetworkAttachmentDefinition',
    'metadata:',
    '  name: lan',
    '  namespace: shop',
    'spec:',
    '  config: \'{ "cniVersion": "0.3.1", "type": "macvlan", "master": "ens192", "ipam": { "type": "whereabouts", "range": "192.168.1.0/24" } }\'',
    '[root@master ~]# kubectl get pod samplepod -o yaml',
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  annotations:',
    '    k8s.v1.cni.cncf.io/networks: lan',
    '    k8s.v1.cni.cncf.io/network-status: |-',
    '      [{',
    '          "name": "cbr0",',
    '          "interface": "eth0",',
    '          "ips": ["10.244.1.18"],',
    '          "default": true,',
    '          "dns": {}',
    '      },{',
    '          "name": "shop/lan",',
    '          "interface": "net1",',
    '          "ips": ["192.168.1.7"],',
    '          "mac": "3a:e1:a8:41:07:24",',
    '          "dns": {}',
    '      }]',
    '  name: samplepod',
    '  namespace: shop',
    'spec:',
    '  nodeName: worker-1',
    '  containers: [{ name: a, image: centos }]',
    'status:',
    '  phase: Running',
    '  podIP: 10.244.1.18',
    '  podIPs: [{ ip: 10.244.1.18 }]',
    '',
  ].join('\n');
  cluster.extraFiles.push({ path: 'session.txt', text });
  return {
    source: 'posted: a terminal session (k8snetworkplumbingwg/multus-cni#1197)',
    cluster,
    checks: [
      is('networks[id=net:shop/lan].ipam.type', 'whereabouts'),
      is('interfaces[id=if:shop/samplepod/net1].network', 'net:shop/lan'),
      none('findings[severity=error]'),
    ],
    sayings: [
      { command: 'lookup', words: '3a:e1:a8:41:07:24', says: /samplepod/ },
      { command: 'lookup', words: '192.168.1.7', says: /samplepod/ },
      { command: 'lookup', words: '192.168.1.8', says: /shop\/lan/ },
    ],
  };
}

/** Nothing but networks. */
function networksAlone(): Situation {
  const cluster = new Cluster({ daemon: false, withoutEc2: true });
  cluster.nad('shop/lan', macvlan({ type: 'host-local', subnet: '192.168.1.0/24', rangeStart: '192.168.1.200' }));
  cluster.nad('shop/bad', null, {}, '{ "cniVersion": "0.3.1", "type": "macvlan", }');
  return {
    source: 'posted: kubectl get net-attach-def -A -o yaml',
    cluster,
    checks: [
      found('networks[id=net:shop/lan]'),
      found('findings[rule=network-config-invalid][subjects~net:shop/bad]'),
      // No pod was posted: that none uses it is not known.
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.1.201', says: /shop\/lan/ }],
  };
}

/** Nothing but pods: the networks that they name are not known to be missing. */
function podsAlone(): Situation {
  const cluster = new Cluster({ daemon: false, withoutEc2: true });
  cluster.extraFiles.push({
    path: 'pods.json',
    text: JSON.stringify({
      apiVersion: 'v1',
      kind: 'PodList',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name: 'a',
            namespace: 'shop',
            uid: 'a',
            creationTimestamp: OLD,
            annotations: {
              [NETWORKS]: 'lan',
              [STATUS]: JSON.stringify([
                { name: 'cbr0', interface: 'eth0', ips: ['10.244.1.18'], default: true, dns: {} },
                { name: 'shop/lan', interface: 'net1', ips: ['192.168.1.7'], mac: '3a:e1:a8:41:07:24', dns: {} },
              ]),
            },
          },
          spec: { nodeName: 'w1', containers: [{ name: 'a', image: 'a' }] },
          status: { phase: 'Running', podIP: '10.244.1.18', podIPs: [{ ip: '10.244.1.18' }] },
        },
      ],
    }),
  });
  return {
    source: 'posted: kubectl get pods -o json',
    cluster,
    checks: [
      found('interfaces[id=if:shop/a/net1]'),
      none('findings[rule=network-missing]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.1.7', says: /shop\/a/ }],
  };
}

export const policies: Readonly<Record<string, () => Situation>> = {
  'NetworkPolicy, and a further network': onlyNetworkPolicy,
  'MultiNetworkPolicy by a bare name': () => coveredByBareName('v1beta1'),
  'MultiNetworkPolicy of v1beta2': () => coveredByBareName('v1beta2'),
  'MultiNetworkPolicy for a network that is not there': () => policyForNothing('shop/lam', true),
  'MultiNetworkPolicy for no network': () => policyForNothing(null, true),
  'MultiNetworkPolicy for no network, alone': () => policyForNothing('lam', false),
  'MultiNetworkPolicy for all pods': policyForOtherPods,
  'MultiNetworkPolicy for another network': policyForTheOther,
  'terminal session': pastedSession,
  'only networks, as YAML': networksAlone,
  'only pods': podsAlone,
};
