/** ENIs leaked when their node was terminated: available, with ipamd's tags (vpc-cni §10). */
import { INSTANCE_ID_KEY } from '../../model/eni-tags';
import { rfc3339 } from '../../model/clock';
import { createEni } from '../../model/enis';
import { awsId } from '../../model/identity';
import { must } from '../../model/must';
import type { ClusterState } from '../../model/state';
import type { SimSubnet } from '../../model/subnet';

/** Adds an ENI of a terminated instance, leaked for `ageMs`; returns its id. */
export function addLeakedEni(state: ClusterState, subnet: SimSubnet, ageMs: number): string {
  const instanceId = awsId(state.random, 'i');
  const eni = createEni(state, {
    subnetId: subnet.id,
    description: `aws-K8S-${instanceId}`,
    tags: {
      [INSTANCE_ID_KEY]: instanceId,
      'node.k8s.amazonaws.com/createdAt': rfc3339(state.now() - ageMs),
      'cluster.k8s.amazonaws.com/name': state.name,
      'eks:eni:owner': 'amazon-vpc-cni',
    },
  });
  return must(eni, 'address').id;
}
