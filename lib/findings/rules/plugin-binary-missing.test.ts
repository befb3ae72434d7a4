import { node, pod, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const NODE = 'node:n1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

cases('plugin-binary-missing', [
  {
    name: 'the pods that wait for it are counted',
    records: [
      node(),
      waitingPod('w1'),
      waitingPod('w2'),
      sandbox('failed to find plugin "macvlan" in path [/opt/cni/bin]'),
      sandbox('failed to find plugin "macvlan" in path [/opt/cni/bin]', 'pod:core/w2'),
    ],
    subjects: [NODE],
    says: /2 pods wait for it/,
  },
  ...(
    [
      ['aws-cni', /init container aws-vpc-cni-init of aws-node installs it/],
      ['multus-shim', /Multus’ DaemonSet installs it/],
      ['calico', /install-cni of calico-node installs it/],
      ['sriov', /Its DaemonSet installs it/],
      ['bridge', /on the node image/],
      ['wherabouts', /if whereabouts is meant/],
      ['my-own-plugin', /on the node image/],
    ] as const
  ).map(([plugin, says]) => ({
    name: `who installs ${plugin}`,
    records: [node(), waitingPod('w1'), sandbox(`failed to find plugin "${plugin}" in path [/opt/cni/bin]`)],
    subjects: [NODE],
    says,
  })),
  {
    name: 'a type similar to a known one',
    records: [node(), waitingPod('w1'), sandbox('failed to find plugin "route-overwrite" in path [/opt/cni/bin]')],
    subjects: [NODE],
    says: /if route-override is meant; otherwise install route-overwrite/,
  },
  { name: 'guard: another reason', records: [node(), waitingPod('w1'), sandbox('Link not found')], subjects: [] },
]);

cases('plugin-binary-missing', [
  {
    name: 'named by the event',
    records: [
      node(),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to find plugin "macvlan" in path [/opt/cni/bin]'),
    ],
    subjects: [NODE],
    says: /macvlan/,
  },
  {
    name: 'k3s uses its own folder',
    records: [
      node(),
      waitingPod(),
      signal(
        'pod:core/w1',
        'FailedCreatePodSandBox',
        'plugin type="multus" failed (add): failed to find plugin "multus" in path [/var/lib/rancher/k3s/data/cni]',
      ),
    ],
    subjects: [NODE],
    says: /looks in \/var\/lib\/rancher\/k3s\/data\/cni only/,
  },
  {
    name: 'the pod runs by now',
    records: [
      node(),
      pod('w1'),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to find plugin "macvlan" in path [/opt/cni/bin]'),
    ],
    subjects: [],
  },
]);
