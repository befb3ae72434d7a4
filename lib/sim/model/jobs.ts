/** CronJobs and the Jobs that they create. */
import { rfc3339 } from './clock';
import { uidOf } from './identity';
import { objectsOf, type ClusterState } from './state';

interface Scheduled {
  readonly namespace: string;
  readonly app: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const podTemplate = ({ app, annotations = {} }: Scheduled) => ({
  metadata: { labels: { app }, annotations },
  spec: { restartPolicy: 'Never', containers: [{ name: app, image: `registry.example.com/${app}:1.4.2` }] },
});

const metadataOf = (state: ClusterState, kind: string, namespace: string, name: string, age = 0) => ({
  name,
  namespace,
  uid: uidOf(`${kind}/${namespace}/${name}`),
  creationTimestamp: rfc3339(state.now() - age),
  generation: 1,
});

/** Writes a CronJob whose Jobs run the workload. */
export function writeCronJob(state: ClusterState, of: Scheduled): void {
  objectsOf(state, 'batch/cronjobs').put({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { ...metadataOf(state, 'CronJob', of.namespace, of.app, 8 * 86_400_000), labels: { app: of.app } },
    spec: {
      schedule: '* * * * *',
      concurrencyPolicy: 'Allow',
      jobTemplate: { metadata: { labels: { app: of.app } }, spec: { template: podTemplate(of) } },
    },
    status: { lastScheduleTime: rfc3339(state.now()) },
  });
}

/** Writes a Job with that name, created by the CronJob of the same app. */
export function writeJob(state: ClusterState, of: Scheduled, name: string): void {
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: of.app,
    uid: uidOf(`CronJob/${of.namespace}/${of.app}`),
    controller: true,
    blockOwnerDeletion: true,
  };
  objectsOf(state, 'batch/jobs').put({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...metadataOf(state, 'Job', of.namespace, name), labels: { app: of.app }, ownerReferences: [owner] },
    spec: { parallelism: 1, completions: 1, backoffLimit: 0, template: podTemplate(of) },
    status: { startTime: rfc3339(state.now()), active: 1 },
  });
}

/** Marks a Job as complete or failed. */
export function endJob(state: ClusterState, namespace: string, name: string, type: 'Complete' | 'Failed'): void {
  const jobs = objectsOf(state, 'batch/jobs');
  const job = jobs.get(`${namespace}/${name}`);
  if (job === undefined) return;
  const at = rfc3339(state.now());
  jobs.put({
    ...job,
    status: {
      startTime: job.metadata.creationTimestamp,
      conditions: [{ type, status: 'True', lastProbeTime: at, lastTransitionTime: at }],
    },
  });
}

/** Deletes a Job. */
export const removeJob = (state: ClusterState, namespace: string, name: string): void => {
  objectsOf(state, 'batch/jobs').delete(`${namespace}/${name}`);
};
