/** The connection to a real API server is choked: ifscope's sources report how far behind they are. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { LAG_CASES } from '../testing/lag-cases';
import { ControlPlane, IFSCOPE_TOKEN } from './control-plane';
import { clusterRole, clusterRoleBinding } from './rights';

const plane = new ControlPlane();
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PODS = '/api/v1/namespaces/core/pods';
let changes = 0;

beforeAll(async () => {
  await plane.start();
  await plane.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'core' } });
  await plane.must('POST', `${RBAC}/clusterroles`, clusterRole());
  await plane.must('POST', `${RBAC}/clusterrolebindings`, clusterRoleBinding);
  await plane.must('POST', PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'upf-0', namespace: 'core' },
    spec: { containers: [{ name: 'main', image: 'example.com/app:1' }] },
  });
}, 240_000);
afterAll(() => plane.dispose());

describe.concurrent('a throttled source', () => {
  it.for(LAG_CASES)('%s', { timeout: 120_000 }, async ([, run], { onTestFinished }) => {
    await run({
      url: plane.url,
      token: IFSCOPE_TOKEN,
      atEnd: (end) => onTestFinished(end),
      async change() {
        await plane.must('PATCH', `${PODS}/upf-0`, { metadata: { labels: { change: String(changes++) } } });
      },
    });
  });
});
