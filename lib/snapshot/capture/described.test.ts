/** `kubectl describe` as kubectl prints it; the posts that contain it seldom contain anything else. */
import { describe, expect, it } from 'vitest';
import { normaliseNode } from '../../normalise/kubernetes/node';
import { normalisePod } from '../../normalise/kubernetes/pod';
import { describedObjects } from './described';
import { readCapture } from './read';

const POD = `Name:             upf-0
Namespace:        core
Node:             ip-10-0-1-5.ec2.internal/10.0.1.5
Start Time:       Mon, 30 Nov 2026 10:00:00 +0000
Labels:           app=upf
                  statefulset.kubernetes.io/pod-name=upf-0
Annotations:      k8s.v1.cni.cncf.io/network-status:
                    [{
                        "name": "aws-cni",
                        "interface": "dummy1234",
                        "ips": [
                            "10.0.1.20"
                        ],
                        "default": true
                    },{
                        "name": "core/n6",
                        "interface": "net1",
                        "ips": [
                            "10.6.0.20"
                        ],
                        "mac": "0a:00:00:00:00:01"
                    }]
                  k8s.v1.cni.cncf.io/networks: core/n6
                  vpc.amazonaws.com/pod-eni:
                    [{"eniId":"eni-0123456789abcdef0","ifAddress":"02:12:34:56:78:9a","privateIp":"10.0.1.20","ipv6Addr":"","vlanId":1,"subnetCidr":"10.0.0.0/20","su...
Status:           Running
IP:               10.0.1.20
IPs:
  IP:           10.0.1.20
Controlled By:  StatefulSet/upf
Containers:
  upf:
    Image:          registry.example/upf:1
    State:          Running
      Started:      Mon, 30 Nov 2026 10:00:20 +0000
    Ready:          True
    Restart Count:  0
    Limits:
      vpc.amazonaws.com/pod-eni:  1
    Requests:
      vpc.amazonaws.com/pod-eni:  1
    Environment:                  <none>
    Mounts:
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-abc (ro)
Conditions:
  Type                        Status
  Initialized                 True
  Ready                       True
Volumes:
  kube-api-access-abc:
    Type:                    Projected (a volume that contains injected data from multiple sources)
QoS Class:                   BestEffort
Node-Selectors:              <none>
Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
Events:                      <none>
`;

const AGENT = `Name:             aws-node-abcde
Namespace:        kube-system
Node:             ip-10-0-1-5.ec2.internal/10.0.1.5
Start Time:       Mon, 30 Nov 2026 09:00:00 +0000
Labels:           app.kubernetes.io/name=aws-node
                  k8s-app=aws-node
Annotations:      <none>
Status:           Running
IP:               10.0.1.5
IPs:
  IP:           10.0.1.5
Controlled By:  DaemonSet/aws-node
Init Containers:
  aws-vpc-cni-init:
    Image:          602401143452.dkr.ecr.us-east-1.amazonaws.com/amazon-k8s-cni-init:v1.18.1-eksbuild.1
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Mon, 30 Nov 2026 09:00:01 +0000
      Finished:     Mon, 30 Nov 2026 09:00:02 +0000
    Ready:          True
    Restart Count:  0
    Environment:
      DISABLE_TCP_EARLY_DEMUX:  false
      ENABLE_IPv6:              false
Containers:
  aws-node:
    Image:          602401143452.dkr.ecr.us-east-1.amazonaws.com/amazon-k8s-cni:v1.18.1-eksbuild.1
    State:          Running
      Started:      Mon, 30 Nov 2026 09:00:03 +0000
    Ready:          True
    Restart Count:  2
    Requests:
      cpu:      25m
    Environment:
      ADDITIONAL_ENI_TAGS:                    {}
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG:     false
      ENABLE_POD_ENI:                         true
      ENABLE_PREFIX_DELEGATION:               false
      MY_NODE_NAME:                            (v1:spec.nodeName)
      WARM_ENI_TARGET:                        1
    Mounts:
      /host/etc/cni/net.d from cni-net-dir (rw)
Conditions:
  Type              Status
  Ready             True
Events:             <none>

`;

const NODE = `Name:               ip-10-0-1-5.ec2.internal
Roles:              <none>
Labels:             node.kubernetes.io/instance-type=m5.large
                    topology.kubernetes.io/zone=us-east-1a
Annotations:        alpha.kubernetes.io/provided-node-ip: 10.0.1.5
                    node.alpha.kubernetes.io/ttl: 0
CreationTimestamp:  Mon, 30 Nov 2026 08:59:00 +0000
Taints:             dedicated=upf:NoSchedule
Unschedulable:      false
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message
  ----             ------  -----------------                 ------------------                ------                       -------
  Ready            True    Mon, 30 Nov 2026 10:10:00 +0000   Mon, 30 Nov 2026 09:00:30 +0000   KubeletReady                 kubelet is posting ready status
Addresses:
  InternalIP:   10.0.1.5
  Hostname:     ip-10-0-1-5.ec2.internal
Capacity:
  cpu:                        2
  pods:                       29
  vpc.amazonaws.com/pod-eni:  9
Allocatable:
  cpu:                        1930m
  pods:                       29
  vpc.amazonaws.com/pod-eni:  9
System Info:
  Kernel Version:             6.1.0
  OS Image:                   Amazon Linux 2023
  Operating System:           linux
  Kubelet Version:            v1.33.1
ProviderID:                   aws:///us-east-1a/i-0123456789abcdef0
Non-terminated Pods:          (2 in total)
  Namespace                   Name              CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----              ------------  ----------  ---------------  -------------  ---
Allocated resources:
Events:              <none>
`;

const podOf = (text: string) => normalisePod(describedObjects(text)[0])?.fact ?? null;

describe('a described pod', () => {
  it('has its node, addresses, owner, networks and ENI', () => {
    expect(podOf(POD)).toMatchObject({
      namespace: 'core',
      name: 'upf-0',
      node: 'ip-10-0-1-5.ec2.internal',
      phase: 'Running',
      ready: true,
      hostNetwork: false,
      startedAt: '2026-11-30T10:00:00Z',
      owner: { kind: 'StatefulSet', name: 'upf' },
      ips: ['10.0.1.20'],
      requested: [{ namespace: 'core', name: 'n6' }],
      podEni: [{ eniId: 'eni-0123456789abcdef0', privateIp: '10.0.1.20' }],
      problems: [],
    });
  });

  it('of aws-node has its settings and restarts, and is on the host network', () => {
    const fact = podOf(AGENT);
    expect(fact).toMatchObject({ hostNetwork: true, podEni: null });
    expect(JSON.stringify(fact?.awsNode)).toMatch(/ENABLE_POD_ENI.*true/);
    expect(JSON.stringify(fact?.awsNode)).not.toContain('eks-pod-identity');
  });

  it.each([
    [
      'waits',
      POD.replace(/^IP: .*\nIPs:\n.*$/m, 'IP:               \nIPs:              <none>').replace('Running', 'Pending'),
    ],
    ['has no annotations', POD.replace(/^Annotations:[^]*?^(?=Status)/m, 'Annotations:      <none>\n')],
  ])('that %s is read', (_what, text) => expect(podOf(text)).toMatchObject({ name: 'upf-0', problems: [] }));

  it.each([
    ['an annotation that matters is cut off', POD.replace(/"name": "core\/n6",/, `"name": "${'n'.repeat(120)}...`)],
    ['it is being deleted', POD.replace('Status:           Running', 'Status:           Terminating (lasts 5m)')],
    ['it is another kind', POD.replace(/^Node: .*\n/m, '')],
  ])('is not read if %s', (_what, text) => expect(describedObjects(text)).toEqual([]));

  it('is read for all or none, so that no pod is missing without a word', () => {
    expect(describedObjects(`${POD}\n\n${AGENT}`)).toHaveLength(2);
    expect(describedObjects(`${POD}\n\n${AGENT.replace('Running', 'Terminating (lasts 5m)')}`)).toEqual([]);
  });
});

it('a described node has its instance, limits, taints and condition', () => {
  expect(normaliseNode(describedObjects(NODE)[0])?.fact).toMatchObject({
    name: 'ip-10-0-1-5.ec2.internal',
    instanceId: 'i-0123456789abcdef0',
    instanceType: 'm5.large',
    zone: 'us-east-1a',
    internalIps: ['10.0.1.5'],
    ready: true,
    readySince: '2026-11-30T09:00:30Z',
    maxPods: 29,
    taints: [{ key: 'dedicated', value: 'upf', effect: 'NoSchedule' }],
    osImage: 'Amazon Linux 2023',
    problems: [],
  });
});

it('a post of both is a capture as of the newest time in it', () => {
  const ends = 'example.com/certificate-ends: Mon, 01 Jan 2035 00:00:00 +0000';
  const node = NODE.replace('node.alpha.kubernetes.io/ttl: 0', ends);
  const text = `$ kubectl describe pod upf-0 -n core\n${POD}$ kubectl describe node\n${node}`;
  const { takenAt, problems, others, doubts } = readCapture([{ path: 'post.txt', text }]);
  expect([takenAt, problems, doubts]).toEqual(['2026-11-30T10:10:00Z', [], []]);
  expect(others[0]).toMatch(/^post.txt:2: is the output of kubectl describe: its pods, nodes and Events are read/);
});

it('a description that ends anywhere is read without an error', () => {
  const text = `${POD}\n\n${AGENT}\n\n${NODE}`;
  for (let end = 0; end < text.length; end += 29)
    expect(() => readCapture([{ path: 'post.txt', text: text.slice(0, end) }])).not.toThrow();
});
