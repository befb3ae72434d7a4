import type { NodeRecord } from '../../model/records';
import { ago, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';
type Condition = NodeRecord['networkConditions'][number];

const condition = (more: Partial<Condition> = {}): Condition => ({
  type: 'NetworkingReady',
  reason: 'IPAMDNotReady',
  message: 'IPAM-D has failed to connect to API Server',
  since: ago(3600),
  ...more,
});
const reports = (...networkConditions: readonly Condition[]) => node({ networkConditions });

const looping = (agentTrouble = 'container aws-node waits: CrashLoopBackOff, restarted 9 times') =>
  node({ ipamd: { ready: false, version: 'v1.23.1' }, agentTrouble });

cases('networking-not-ready', [
  {
    name: 'a fault of ipamd, but aws-node is Ready: contradictory facts',
    records: [reports(condition())],
    subjects: [NODE],
    severity: 'warning',
    says: /IPAMDNotReady: IPAM-D has failed[^]*most likely the fault is over[^]*aws-node on n1 is Ready[^]*Restart the agent’s pod/,
    commands: /^kubectl describe node n1$/,
  },
  {
    name: 'a fault of ipamd, and aws-node is not Ready',
    records: [node({ networkConditions: [condition()], ipamd: { ready: false, version: 'v1.23.1' } })],
    subjects: [NODE],
    says: /The node reports a network fault[^]*Read the log of aws-node/,
  },
  {
    name: 'ipamd is missing, and another CNI runs',
    records: [node({ networkConditions: [condition({ reason: 'IPAMDNotRunning' })], ipamd: null, cni: null })],
    subjects: [NODE],
    says: /If another CNI has replaced the VPC CNI, the agent is wrong/,
  },
  {
    name: 'EKS Auto Mode, whose nodes have ipamd and the agent without pods',
    records: [node({ networkConditions: [condition()], computeType: 'auto', ipamd: null, cni: null })],
    subjects: [NODE],
    says: /EKS Auto Mode runs the agent and ipamd on the node itself/,
  },
  {
    name: 'a link is down',
    records: [reports(condition({ reason: 'InterfaceNotUp', message: 'Interface Name: "ens6" is not up' }))],
    subjects: [NODE],
    says: /InterfaceNotUp: Interface Name: "ens6" is not up[^]*Check the link that the message names/,
  },
  {
    name: 'kube-proxy does not run',
    records: [reports(condition({ reason: 'KubeProxyNotReady', message: 'kube-proxy is not healthy' }))],
    subjects: [NODE],
    says: /Check the pod of the DaemonSet kube-proxy on the node/,
  },
  {
    name: 'the agent reports another fault',
    records: [reports(condition({ reason: 'NetworkSysctl', message: 'a sysctl has an unexpected value' }))],
    subjects: [NODE],
    says: /Check on the node what the message names/,
  },
  {
    name: 'rules of pods are missing, by an Event of the agent',
    records: [node(), signal(NODE, 'NetworkingReady', 'MissingIPRules: Missing rules for 10.0.0.9')],
    subjects: [NODE],
    severity: 'warning',
    says: /MissingIPRules[^]*wrong ENI[^]*ManageForeignRoutingPolicyRules=no/,
  },
  {
    name: 'aws-node does not start, and no pod is waiting',
    records: [looping()],
    subjects: [NODE],
    severity: 'warning',
    says: /aws-node on n1 is not Ready: container aws-node waits: CrashLoopBackOff[^]*log of its last run/,
    commands: /^kubectl -n kube-system describe pods -l k8s-app=aws-node --field-selector spec\.nodeName=n1$/,
  },
  {
    name: 'guard: aws-node does not start, and a pod is waiting, which pod-ip-failed reports',
    records: [looping(), pod('a', { ips: [] })],
    subjects: [],
  },
  {
    name: 'guard: aws-node runs, but its probe fails',
    records: [looping('container aws-node runs and is not ready, restarted 3 times, last ended: Error, exit code 2')],
    subjects: [],
  },
  {
    name: 'aws-node runs, but its probe kills it each time',
    records: [
      looping(
        'container aws-node runs and is not ready, restarted 3 times, last ended: Error, exit code 137, after 95 seconds',
      ),
    ],
    subjects: [NODE],
    says: /is not Ready: container aws-node runs[^]*port 50051/,
  },
  {
    name: 'the instance drops packets to its resolver',
    records: [node(), signal(NODE, 'NetworkingReady', 'LinkLocalExceeded: 340 packets were dropped')],
    subjects: [NODE],
    severity: 'info',
    says: /more packets to link-local addresses[^]*NodeLocal DNSCache/,
  },
  {
    name: 'guard: it dropped packets some hours ago',
    records: [node(), signal(NODE, 'NetworkingReady', 'ConntrackExceeded: 3 dropped', { lastAt: ago(7200) })],
    subjects: [],
  },
  {
    name: 'guard: rules were missing some hours ago',
    records: [node(), signal(NODE, 'NetworkingReady', 'MissingIPRules: Missing rules', { lastAt: ago(7200) })],
    subjects: [],
  },
  {
    name: 'guard: an Event of the agent that other rules explain',
    records: [node(), signal(NODE, 'NetworkingReady', 'IPAMDNoIPs: There are no available IP addresses')],
    subjects: [],
  },
  {
    name: 'the cloud controller has no route to the node',
    records: [reports(condition({ type: 'NetworkUnavailable', reason: 'NoRouteCreated', message: '' }))],
    subjects: [NODE],
    says: /The condition NetworkUnavailable of n1 is not False \(NoRouteCreated\)\.[^]*the cloud’s controller/,
  },
  {
    name: 'guard: pods are no longer readable: unknown whether aws-node is Ready',
    records: [reports(condition())],
    states: { 'kubernetes/pods': 'stale' },
    subjects: [NODE],
    says: /^The node reports a network fault/,
  },
  { name: 'none', records: [node()], subjects: [] },
  { name: 'guard: it began a moment ago', records: [reports(condition({ since: ago(60) }))], subjects: [] },
  { name: 'guard: its start is unknown', records: [reports(condition({ since: null }))], subjects: [NODE] },
]);
