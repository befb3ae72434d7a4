/** `vitest run lib/normalise/permissions.test.ts --update` regenerates the files of `deploy/`. */
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { chartRules, clusterRules, ec2Actions, iamPolicy, rbacList, reviewList } from '../../e2e/testing/permissions';

it('requests only read access, and never to Secrets', () => {
  for (const { verbs, resources } of clusterRules()) {
    expect(['get', 'list', 'watch']).toEqual(expect.arrayContaining([...verbs]));
    expect(resources).not.toContain('secrets');
  }
  for (const action of ec2Actions()) expect(action).toMatch(/^ec2:(Describe|Get)/);
});

it.each([
  ['rbac.json', rbacList()],
  ['rbac-reviews.json', reviewList()],
  ['iam-policy.json', iamPolicy()],
  ['helm/ifscope/files/rules.json', chartRules()],
])('deploy/%s grants exactly these permissions', async (name, rights) => {
  const file = path.join(import.meta.dirname, '../../deploy', name);
  const written = await format(JSON.stringify(rights, null, 2), { ...(await resolveConfig(file)), filepath: file });
  await expect(written).toMatchFileSnapshot(file);
});
