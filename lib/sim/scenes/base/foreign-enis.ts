/** ENIs of other owners in the VPC: load balancers, NAT gateways, another cluster's nodes. The map must not show them. */
import { INSTANCE_ID_KEY } from '../../model/eni-tags';
import { attachEni, createEni } from '../../model/enis';
import { awsId } from '../../model/identity';
import { must } from '../../model/must';
import type { ClusterState } from '../../model/state';
import type { SimSubnet } from '../../model/subnet';

/** Adds ENIs of other services in the VPC to a subnet. */
export function addForeignEnis(state: ClusterState, subnet: SimSubnet, count = 2): void {
  createEni(state, {
    subnetId: subnet.id,
    type: 'natGateway',
    status: 'in-use',
    description: `Interface for NAT Gateway ${awsId(state.random, 'nat')}`,
    requesterManaged: true,
  });
  createEni(state, {
    subnetId: subnet.id,
    type: 'network_load_balancer',
    status: 'in-use',
    description: 'ELB net/ingress/0123456789abcdef',
    requesterManaged: true,
  });
  for (let index = 0; index < count; index += 1) {
    const instanceId = awsId(state.random, 'i');
    const tags = {
      [INSTANCE_ID_KEY]: instanceId,
      'cluster.k8s.amazonaws.com/name': 'somebody-elses',
      'eks:eni:owner': 'amazon-vpc-cni',
    };
    const primary = must(createEni(state, { subnetId: subnet.id, tags }), 'address');
    attachEni(state, primary.id, instanceId, { card: 0, device: 0 });
    const held = Array.from({ length: 6 }, () => subnet.take()).filter((ip) => ip !== null);
    state.ec2.enis.patch(primary.id, { secondaryIps: held });
    state.ec2.instances.put({
      id: instanceId,
      type: 'm5.large',
      state: 'running',
      zone: subnet.zone,
      vpcId: state.vpcId,
      subnetId: subnet.id,
      privateIp: must(primary.primaryIp, 'address'),
      launchedAt: state.now() - 86_400_000,
      tags: { Name: 'somebody-elses-node' },
    });
  }
}
