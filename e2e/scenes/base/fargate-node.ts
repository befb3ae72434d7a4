/** Nodes of Fargate, which are no EC2 instances of the account. */
import { createEni } from '../../../lib/sim/model/enis';
import { awsId, privateDnsName } from '../../../lib/sim/model/identity';
import { must } from '../../../lib/sim/model/must';
import type { SimNode } from '../../../lib/sim/model/node';
import { factsOf } from '../../../lib/sim/model/node-facts';
import { createNode } from '../../../lib/sim/model/nodes';
import type { ClusterState } from '../../../lib/sim/model/state';
import type { SimSubnet } from '../../../lib/sim/model/subnet';

/** A Fargate pod's own node. Its ENI is in the VPC but attached to no instance of ours (vpc-cni §5.2). */
export function addFargateNode(state: ClusterState, subnet: SimSubnet): SimNode {
  const eni = must(
    createEni(state, {
      subnetId: subnet.id,
      status: 'in-use',
      description: `aws-eks-fargate-${state.name}`,
      requesterManaged: true,
    }),
    'address',
  );
  const ip = must(eni.primaryIp, 'address');
  const createdAt = state.now() - 3 * 86_400_000;
  state.ec2.enis.patch(eni.id, {
    attachment: {
      id: awsId(state.random, 'eni-attach'),
      card: 0,
      device: 1,
      status: 'attached',
      at: createdAt,
      deleteOnTermination: true,
      instanceOwnerId: '444455556666',
    },
  });
  const name = `fargate-${privateDnsName(ip, state.region)}`;
  const facts = factsOf(state, {
    name,
    os: 'al2',
    createdAt,
    type: null,
    zone: subnet.zone,
    providerId: `aws:///${subnet.zone}/${state.random.hex(10)}-${state.random.hex(32)}/${name}`,
    computeType: 'fargate',
    internalIp: ip,
    maxPods: 1,
    nodeGroup: null,
    labels: {},
    cordoned: false,
    ready: true,
    extended: {},
  });
  return createNode(state, facts, { primaryEni: eni.id, subnetId: subnet.id });
}
