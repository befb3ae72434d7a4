import { ago, cni, network, node, signal, waitingPod } from '../../../e2e/testing/findings';
import { claimOf, devicePool } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const W = 'pod:core/w1';
const unplaced = (text: string) => signal(W, 'FailedScheduling', text);

cases('pod-start-failed', [
  {
    name: 'EFA devices are short',
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/efa': 4 }, createdAt: ago(600) }),
      unplaced('0/2 nodes are available: 2 Insufficient vpc.amazonaws.com/efa.'),
    ],
    subjects: [W],
    says: /has vpc\.amazonaws\.com\/efa left/,
    nowhere: true,
  },
  {
    name: 'a resource that no network names',
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'openshift.io/ens1f1': 1 }, createdAt: ago(600) }),
      unplaced('0/2 nodes are available: 2 Insufficient openshift.io/ens1f1.'),
    ],
    subjects: [W],
    nowhere: true,
  },
  {
    name: 'its claims cannot be allocated',
    records: [
      waitingPod('w1', { node: null, createdAt: ago(600) }),
      unplaced('0/3 nodes are available: 3 cannot allocate all claims.'),
    ],
    subjects: [W],
    says: /resource claims cannot be allocated/,
    nowhere: true,
  },
  {
    name: 'its claims cannot be allocated: names them, their class, and what drivers publish',
    records: [
      waitingPod('w1', {
        node: null,
        createdAt: ago(600),
        claims: [{ ...claimOf(), state: 'pending', devices: [] }],
      }),
      unplaced('0/3 nodes are available: 3 cannot allocate all claims.'),
    ],
    subjects: [W],
    says: /free device that its claims accept[^]*claim c1 \(class nics\) is pending[^]*no ResourceSlice[^]*driver of device class nics/,
    nowhere: true,
  },
  {
    name: 'its claims cannot be allocated, and devices are tainted',
    records: [
      node({ devicePools: [devicePool({ devices: 1, tainted: ['ens6: dra.net/down:NoSchedule'] })] }),
      waitingPod('w1', {
        node: null,
        createdAt: ago(600),
        claims: [{ ...claimOf(), state: 'pending', devices: [] }],
      }),
      unplaced('0/1 nodes are available: 1 cannot allocate all claims.'),
    ],
    subjects: [W],
    says: /tainted, so only for claims that tolerate it: ens6: dra\.net\/down:NoSchedule/,
    nowhere: true,
  },
  {
    name: 'its claim does not exist',
    records: [
      waitingPod('w1', {
        node: null,
        createdAt: ago(600),
        claims: [{ ...claimOf(), state: 'missing', devices: [] }],
      }),
      unplaced('0/3 nodes are available: could not find v1.ResourceClaim "core/c1".'),
    ],
    subjects: [W],
    says: /ResourceClaim c1 does not exist in the pod’s namespace/,
    nowhere: true,
  },
  {
    name: 'an extended resource backed by a device class',
    records: [
      network('vfs', { id: 'class:vfs', name: 'vfs', namespace: null, resourceName: 'example.com/vf' }),
      waitingPod('w1', { node: null, resources: { 'example.com/vf': 1 }, createdAt: ago(600) }),
      unplaced('0/3 nodes are available: 3 cannot allocate all claims.'),
    ],
    subjects: [W],
    says: /example\.com\/vf stands for DeviceClass vfs/,
    nowhere: true,
  },
  {
    name: 'no node matches its selector, and nodes have had no has-trunk-attached since v1.15',
    records: [
      node({ cni: cni({ version: 'v1.18.3', podEni: true }) }),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 }, createdAt: ago(900) }),
      unplaced("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."),
    ],
    subjects: [W],
    says: /since v1\.15\.0 the VPC CNI does not set this label/,
    nowhere: true,
  },
  {
    name: 'Fargate provides no machine in time for a pod whose policy replaces the cluster’s security group',
    records: [
      node(),
      waitingPod('w1', {
        node: null,
        createdAt: ago(900),
        securityGroupPolicies: [
          { name: 'db', securityGroups: ['sg-0db'], certainty: 'inferred', dependsOn: null },
          { name: 'web', securityGroups: ['sg-0db', 'sg-0web'], certainty: 'inferred', dependsOn: null },
        ],
      }),
      unplaced('Pod provisioning timed out (will retry) for pod: core/w1'),
    ],
    subjects: [W],
    says: /gives it sg-0db, sg-0web in place of[^]*is not among them, add it to the policy[^]*Fargate profile/,
    nowhere: true,
  },
  {
    name: 'guard: Fargate reports another reason, and the policy is not it',
    records: [
      node(),
      waitingPod('w1', {
        node: null,
        createdAt: ago(900),
        securityGroupPolicies: [{ name: 'db', securityGroups: ['sg-0db'], certainty: 'inferred', dependsOn: null }],
      }),
      unplaced('Misconfigured Fargate Profile: fargate profile fp blocked for new launches'),
    ],
    subjects: [W],
    says: /^(?![^]*sg-0db)[^]*Fargate/,
    nowhere: true,
  },
  {
    name: 'the scheduler reports a reason that is no interface',
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'openshift.io/ens1f1': 1 }, createdAt: ago(900) }),
      unplaced('0/2 nodes are available: 2 Insufficient cpu.'),
    ],
    subjects: [W],
    severity: 'warning',
    says: /none of the reasons is an interface[^]*2 Insufficient cpu[^]*Read the event/,
    nowhere: true,
  },
  {
    name: 'the same for claims that wait for the node',
    records: [
      waitingPod('w1', {
        node: null,
        createdAt: ago(900),
        claims: [{ ...claimOf(), state: 'pending', devices: [] }],
      }),
      unplaced('0/3 nodes are available: 3 node(s) had untolerated taint(s).'),
    ],
    subjects: [W],
    severity: 'warning',
    says: /none of the reasons is an interface/,
    nowhere: true,
  },
  {
    name: 'guard: before v1.15, the label exists',
    records: [
      node({ cni: cni({ version: 'v1.14.1', podEni: true }), ipamd: null }),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 }, createdAt: ago(900) }),
      unplaced("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."),
    ],
    subjects: [W],
    says: /Read the event: it counts the nodes by reason/,
    nowhere: true,
  },
  {
    name: 'guard: GPUs are no interface',
    records: [
      waitingPod('w1', { node: null, resources: { 'nvidia.com/gpu': 8 }, createdAt: ago(600) }),
      unplaced('0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'),
    ],
    subjects: [],
  },
]);
