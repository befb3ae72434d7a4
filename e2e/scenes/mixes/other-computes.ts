/** Nodes whose addresses ipamd does not assign: Windows, Auto Mode, Fargate, on-premises machines. */
import { addNode } from '../../../lib/sim/model/ec2-nodes';
import { addHybridNode } from '../../../lib/sim/scenes/base/hybrid-node';
import { addFargateNode } from '../base/fargate-node';
import type { ClusterState } from '../../../lib/sim/model/state';
import { startOn, type Mix } from './mix';

export function windows(state: ClusterState, { subnet, pods }: Mix): void {
  const node = addNode(state, { subnet, type: 'm5.xlarge', os: 'windows' });
  startOn(state, node, Math.min(pods, 8), { app: 'iis', resources: { 'vpc.amazonaws.com/PrivateIPv4Address': 1 } });
}

export function auto(state: ClusterState, { subnet, pods }: Mix): void {
  startOn(state, addNode(state, { subnet, type: 'm6i.2xlarge', computeType: 'auto', os: 'bottlerocket' }), pods, {
    app: 'auto',
  });
}

export function fargate(state: ClusterState, { subnet }: Mix): void {
  startOn(state, addFargateNode(state, subnet), 1, { app: 'serverless' });
}

export function hybrid(state: ClusterState, { pods, index }: Mix): void {
  startOn(state, addHybridNode(state, { name: `mi-0${state.random.hex(16)}`, ip: `192.0.2.${10 + index}` }), pods, {
    app: 'on-prem',
  });
}
