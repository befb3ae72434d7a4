import { expect, it, onTestFinished } from 'vitest';
import { startApiServer } from '../../../e2e/testing/servers/api-server';
import { createRecorder } from '../../../e2e/testing/servers/recorder';
import { createReplica } from '../../records/replica';
import { createEc2Client } from '../sources/ec2/client';
import { createTokenTransport } from '../sources/kubernetes/transport';
import { createLiveSources } from './live-sources';

it.each([
  [{}, ['kubernetes', 'ec2', 'aws-node'], []],
  [{ IFSCOPE_EC2: 'off' }, ['kubernetes', 'aws-node'], ['ec2']],
  [{ IFSCOPE_AWS_NODE: 'off' }, ['kubernetes', 'ec2'], ['aws-node']],
  [{ IFSCOPE_EC2: 'off', IFSCOPE_AWS_NODE: 'off' }, ['kubernetes'], ['ec2', 'aws-node']],
])('with %j, the sources are %j, and %j are off', async (env, running, off) => {
  const api = await startApiServer();
  const transport = createTokenTransport(api.url, null);
  onTestFinished(() => api.stop());
  onTestFinished(() => transport.close());
  const client = createEc2Client({ region: 'eu-west-1' });
  const live = createLiveSources(
    createRecorder().context(() => 0),
    { transport, clusterName: null, ec2: { client, policy: {} }, env, replica: createReplica() },
  );
  const families = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => id.split('/')[0] ?? ''))];
  expect(families(live.sources.flatMap(({ ids }) => ids))).toEqual(running);
  expect(families(live.off.map(([id]) => id))).toEqual(off);
  for (const [id, reason] of live.off)
    expect(reason).toBe(`switched off by IFSCOPE_${id.startsWith('ec2/') ? 'EC2' : 'AWS_NODE'}=off`);
});
