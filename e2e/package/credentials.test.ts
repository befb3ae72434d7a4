/**
 * The installed package shows the cluster of a kubeconfig within a minute of its installation, and reads EC2 with
 * credentials as provided to pods by EKS: it contains everything that the AWS SDK needs for that.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { startSim, type Sim } from '../../lib/sim/sim';
import { follow } from '../follower';
import { kubeconfigOf } from '../scenes/kubeconfig';
import { small } from '../scenes/small';
import { ROLE, startCredentials, type Credentials } from '../testing/servers/credentials';
import { start } from '../installed';

const MINUTE_MS = 60_000;
const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-credentials-'));
const token = path.join(folder, 'token');
const installed = inject('installed');
let sim: Sim;
let credentials: Credentials;
beforeAll(async () => {
  sim = await startSim({ scene: small, seed: 1, changesPerSecond: 0 });
  credentials = await startCredentials(sim.ec2Url);
  credentials.tokens.add('token-of-the-pod');
  writeFileSync(token, 'token-of-the-pod');
  writeFileSync(path.join(folder, 'kubeconfig'), kubeconfigOf(sim));
});
afterAll(async () => {
  await credentials.stop();
  await sim.stop();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  [
    'IRSA',
    'sts',
    () => ({
      AWS_ROLE_ARN: ROLE,
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ENDPOINT_URL_STS: credentials.stsUrl,
    }),
  ],
  [
    'Pod Identity',
    'agent',
    () => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials.agentUrl,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token,
    }),
  ],
] as const)('%s', async (_, way, environment) => {
  const began = performance.now();
  const server = await start(installed, ['--from', sim.name], {
    KUBECONFIG: path.join(folder, 'kubeconfig'),
    AWS_REGION: sim.region,
    AWS_ENDPOINT_URL_EC2: credentials.ec2Url,
    ...environment(),
  });
  onTestFinished(async () => {
    await server.stop();
  });
  const follower = await follow(server.url);
  await follower.until(
    'EC2 to be live',
    ({ records }) => records.sources.get('ec2/network-interfaces')?.state === 'live',
  );
  expect((await fetch(server.url)).status).toBe(200);
  const ms = installed.ms + performance.now() - began;
  console.log(
    `from the archive to the page of the cluster: ${Math.round(ms)} ms, of which ${installed.ms} ms to install`,
  );
  expect(ms).toBeLessThan(MINUTE_MS);
  follower.stop();
  expect(follower.replica.records.enis.size).toBeGreaterThan(8);
  expect(credentials.given[way]).toBeGreaterThan(0);
  expect(credentials.calls.refused).toEqual([]);
});
