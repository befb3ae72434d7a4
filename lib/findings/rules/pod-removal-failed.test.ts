import { face, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const P = 'pod:core/p1';

const killed = (text: string) =>
  signal(
    P,
    'FailedKillPod',
    `error killing pod: failed to "KillPodSandbox" for "u1" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox "0a1b": ${text}"`,
  );

const refused = killed(
  'plugin type="multus" name="multus-cni-network" failed (delete): delegateDel: error invoking ConflistDel - "lan": failed to del rule table 500: no such file or directory',
);
const going = (change: object = {}) => pod('p1', { deleting: true, ips: ['10.0.0.5'], ...change });

cases('pod-removal-failed', [
  {
    name: 'a plugin refuses',
    records: [node(), going(), refused],
    subjects: [P],
    severity: 'warning',
    says: /is being deleted[^]*keeps 10\.0\.0\.5[^]*failed to del rule table 500[^]*--force removes the object alone/,
  },
  {
    name: 'it keeps its device',
    records: [node(), going(), face('net1', { device: { type: 'pci', pciAddress: '0000:3b:02.1' } }), refused],
    subjects: [P],
    says: /keeps 10\.0\.0\.5 and 0000:3b:02\.1/,
  },
  {
    name: 'Multus was removed, and its config was not',
    records: [
      node(),
      going(),
      killed(
        'CmdDel (shim): failed to send CNI request: dial unix /run/multus/multus.sock: connect: connection refused',
      ),
    ],
    subjects: [P],
    says: /Run Multus on the node again/,
  },
  {
    name: 'the plugin was removed',
    records: [node(), going(), killed('failed to find plugin "calico" in path [/opt/cni/bin]')],
    subjects: [P],
    says: /Install the plugin/,
  },
  {
    name: 'a pod that has ended',
    records: [node(), pod('p1', { phase: 'Failed' }), refused],
    subjects: [P],
    says: /has ended/,
  },
  {
    name: 'guard: it lives: the kubelet removes a former sandbox',
    records: [node(), pod('p1'), refused],
    subjects: [],
  },
  { name: 'guard: on the host network', records: [node(), going({ hostNetwork: true }), refused], subjects: [] },
  { name: 'guard: nothing failed', records: [node(), going()], subjects: [] },
]);
