/** A real etcd is restored from a backup, and events of a real API server are lost. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connect } from '../../lib/server/sources/kubernetes/connection';
import { RESTORE_CASES } from '../testing/restore-cases';
import { ControlPlane } from './control-plane';
import { clusterRole, clusterRoleBinding } from './rights';

const plane = new ControlPlane();
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PODS = '/api/v1/namespaces/core/pods';

const pods = async (): Promise<readonly string[]> => {
  const list = (await plane.must('GET', '/api/v1/pods')) as {
    readonly items: readonly { readonly metadata: { readonly namespace: string; readonly name: string } }[];
  };
  return list.items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();
};

beforeAll(async () => {
  await plane.start();
  await plane.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'core' } });
  await plane.must('POST', `${RBAC}/clusterroles`, clusterRole());
  await plane.must('POST', `${RBAC}/clusterrolebindings`, clusterRoleBinding);
}, 240_000);
afterAll(() => plane.dispose());

describe('a real API server', () => {
  it.for(RESTORE_CASES)('%s', { timeout: 240_000 }, async ([, run], { onTestFinished }) => {
    for (const pod of await pods())
      await plane.must('DELETE', `${PODS}/${pod.split('/')[1] ?? ''}?gracePeriodSeconds=0`);
    await run({
      connect: () => connect({ context: null, kubeconfig: [plane.kubeconfig()], env: {} }).transport,
      atEnd: (end) => onTestFinished(end),
      pods,
      async add(name) {
        const spec = { containers: [{ name: 'main', image: 'example.com/app:1' }] };
        await plane.must('POST', PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'core' }, spec });
      },
      async remove(name) {
        await plane.must('DELETE', `${PODS}/${name}?gracePeriodSeconds=0`);
      },
      backUp: () => plane.backUp(),
    });
  });
});
