import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { clusterRules, ec2Actions, iamPolicy, rbacList } from './permissions';

const deploy = (file: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../../deploy', file), 'utf8'));

it('asks for reading only, and never for Secrets', () => {
  for (const { verbs, resources } of clusterRules()) {
    expect(['get', 'list', 'watch']).toEqual(expect.arrayContaining([...verbs]));
    expect(resources).not.toContain('secrets');
  }
  for (const action of ec2Actions()) expect(action).toMatch(/^ec2:(Describe|Get)/);
});

it('deploy/rbac.json gives exactly these rights', () => {
  expect(deploy('rbac.json')).toEqual(rbacList());
});

it('deploy/iam-policy.json allows exactly these actions', () => {
  expect(deploy('iam-policy.json')).toEqual(iamPolicy());
});
