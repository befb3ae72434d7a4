/** Networks that no pod has, of which some are asked for by what has no pod now. */
import { expectFinding, allowFinding, type ClusterState } from '../../../lib/sim/model/state';
import type { NewNetwork } from '../../../lib/sim/model/networks';
import { addObject } from '../../../lib/sim/scenes/base/scene';

const NAMESPACE = 'trouble';
const NETWORKS = 'k8s.v1.cni.cncf.io/networks';

interface Lab {
  readonly state: ClusterState;
  network(name: string, options: Partial<NewNetwork>): string;
}

const asking = (network: string) => ({
  template: {
    metadata: { annotations: { [NETWORKS]: network } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'registry.example.com/app:1' }] },
  },
});

export function addAskers(lab: Lab): void {
  const { state } = lab;
  const names = ['cronjob', 'suspended-job', 'stopped-machine', 'done-job'];
  const [byCronJob = '', bySuspended = '', byMachine = '', byDone = ''] = names.map((name, at) =>
    lab.network(`of-${name}`, { range: `10.93.2.${String(at * 32)}/27` }),
  );
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  const job = { apiVersion: 'batch/v1', kind: 'Job' };
  addObject(state, 'batch/cronjobs', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata('yearly'),
    spec: { schedule: '0 3 1 1 *', suspend: true, jobTemplate: { spec: asking(byCronJob) } },
  });
  addObject(state, 'batch/jobs', {
    ...job,
    metadata: metadata('waits'),
    spec: { suspend: true, ...asking(bySuspended) },
  });
  addObject(state, 'batch/jobs', {
    ...job,
    metadata: metadata('done'),
    spec: asking(byDone),
    status: { conditions: [{ type: 'Complete', status: 'True' }] },
  });
  addObject(state, 'kubevirt.io/virtualmachines', {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: metadata('stopped'),
    spec: {
      runStrategy: 'Halted',
      template: { spec: { networks: [{ name: 'lan', multus: { networkName: byMachine.split('/')[1] ?? '' } }] } },
    },
    status: { printableStatus: 'Stopped' },
  });
  expectFinding(state, 'network-unused', `net:${byDone}`);
  // Nobody uses these either.
  const others = ['nobody', 'broken', 'vpc-again'].map((name) => `net:${NAMESPACE}/${name}`);
  allowFinding(state, 'network-unused', `net:${byDone}`, ...others);
}
