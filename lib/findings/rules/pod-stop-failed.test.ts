import { ago, face, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const P = 'pod:core/p1';
const ending = pod('p1', { deleting: true });
const refused = (text: string, change: object = {}, kind = 'FailedKillPod') => signal(P, kind, text, change);
const sandbox = (text: string) =>
  `error killing pod: failed to "KillPodSandbox" for "u" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox \\"0a\\": ${text}"`;
const IPAMD = sandbox(
  'plugin type=\\"aws-cni\\" name=\\"aws-cni\\" failed (delete): del cmd: error received from DelNetwork gRPC call: rpc error: code = Unavailable desc = connection error',
);

cases('pod-stop-failed', [
  {
    name: 'ipamd does not answer',
    records: [node(), ending, refused(IPAMD)],
    subjects: [P],
    severity: 'warning',
    says: /ipamd does not answer on the node[^]*keeps 10\.0\.0\.21[^]*Check aws-node on n1/,
  },
  {
    name: 'Multus does not answer',
    records: [
      node(),
      ending,
      refused(sandbox('plugin type=\\"multus-shim\\": dial unix /run/multus/multus.sock: connect: connection refused')),
    ],
    subjects: [P],
    says: /Multus does not answer/,
  },
  {
    name: 'the plugin was removed before the pod',
    records: [node(), ending, refused(sandbox('failed to find plugin \\"calico\\" in path [/opt/cni/bin]'))],
    subjects: [P],
    says: /not on the node any more[^]*Install the plugin on n1 again/,
  },
  {
    name: 'it keeps its device as well',
    records: [node(), ending, face('net1', { device: { type: 'pci', pciAddress: '0000:3b:02.1' } }), refused(IPAMD)],
    subjects: [P],
    says: /keeps 10\.0\.0\.21 and 0000:3b:02\.1/,
  },
  {
    name: 'an unknown text is quoted',
    records: [node(), ending, refused(sandbox('netplugin failed: unlinkat /run/netns: device or resource busy'))],
    subjects: [P],
    says: /does not know this message[^]*device or resource busy/,
  },
  {
    name: 'the agent of a CNI that was removed',
    records: [
      node(),
      ending,
      refused(
        sandbox('plugin type="calico" failed (delete): stat /var/lib/calico/nodename: no such file or directory'),
      ),
    ],
    subjects: [P],
    says: /plugin of Calico[^]*\/etc\/cni\/net\.d[^]*tries again by itself/,
  },
  {
    name: 'an expired token',
    records: [
      node(),
      ending,
      refused(
        sandbox(
          'plugin type="calico" failed (delete): error getting ClusterInformation: connection is unauthorized: Unauthorized',
        ),
      ),
    ],
    subjects: [P],
    says: /rejects the plugin’s token[^]*calico-node/,
  },
  {
    name: 'reported under the reason of an older kubelet',
    records: [node(), ending, refused(IPAMD, {}, 'FailedSync')],
    subjects: [P],
  },
  { name: 'guard: it is not being deleted', records: [node(), pod('p1'), refused(IPAMD)], subjects: [] },
  {
    name: 'Multus was removed, but its config was not',
    records: [
      node(),
      ending,
      refused(
        'KillPodSandboxError: plugin type="multus" failed (delete): error getting k8s client: GetK8sClient: stat /etc/cni/net.d/multus.d/multus.kubeconfig: no such file or directory',
      ),
    ],
    subjects: ['pod:core/p1'],
    says: /multus\.kubeconfig[^]*If Multus was removed/,
  },
  {
    name: 'whereabouts does not become leader',
    records: [
      node(),
      ending,
      refused('KillPodSandboxError: error at storage engine: time limit exceeded while waiting to become leader'),
    ],
    subjects: ['pod:core/p1'],
    says: /did not get its turn in time[^]*Lease/,
  },
  {
    name: 'guard: a container does not stop, which is not its network',
    records: [
      node(),
      ending,
      refused('error killing pod: failed to "KillContainer" for "main": context deadline exceeded'),
    ],
    subjects: [],
  },
  {
    name: 'guard: for half a minute',
    records: [node(), ending, refused(IPAMD, { firstAt: ago(30) })],
    subjects: [],
  },
  {
    name: 'guard: long ago, and not repeated',
    records: [node(), ending, refused(IPAMD, { firstAt: ago(9_000), lastAt: ago(1_200) })],
    subjects: [],
  },
  {
    name: 'guard: a hostNetwork pod has no sandbox network',
    records: [node(), pod('p1', { deleting: true, hostNetwork: true }), refused(IPAMD)],
    subjects: [],
  },
]);
