/**
 * NO_MANAGE_LATE (vpc-cni.md §1.2, "When the tags are read"): tagged after adoption. At the next re-read ipamd drops the ENI, even
 * if pods use its addresses. Pods of Multus networks on it are no sign of adoption: only the cluster network's are.
 */
import { defineRule } from '../rule';
import { count, eniPlace, isPrimary } from '../guards';

export default defineRule({
  id: 'no-manage-late',
  severity: 'warning',
  scope: 'enis',
  needs: ['kubernetes/pods', 'ec2/network-interfaces'],
  check(eni, context) {
    if (eni.node === null || isPrimary(eni) || eni.tags['node.k8s.amazonaws.com/no_manage'] !== 'true') return [];
    const adopted = eni.instanceId !== null && eni.tags['node.k8s.amazonaws.com/instance_id'] === eni.instanceId;
    const pods = new Set<string>();
    for (const id of context.replica.indexes.interfacesByEni.get(eni.id) ?? []) {
      const face = context.replica.records.interfaces.get(id);
      if (face?.network === 'cluster' && face.link.certainty === 'observed') pods.add(face.pod);
    }
    if (!adopted && pods.size === 0) return [];
    return [
      {
        subjects: [eni.id, eni.node, ...[...pods].sort().slice(0, 10)],
        title: 'Tagged no_manage after the CNI had taken it over',
        detail: `${eniPlace(eni)} carries no_manage=true, but ipamd had it before. When ipamd next reads the tags (restart, or a new ENI on the node) it drops this ENI${
          pods.size > 0 ? `, and ${count(pods.size, 'pod loses its address', 'pods lose their address')}` : ''
        }.`,
        evidence: [
          'EC2 tag node.k8s.amazonaws.com/no_manage=true',
          ...(adopted
            ? [`EC2 tag node.k8s.amazonaws.com/instance_id=${eni.instanceId}: ipamd wrote it when it took the ENI over`]
            : []),
          ...(pods.size > 0 ? [`${count(pods.size, 'live pod holds', 'live pods hold')} an eth0 address on it`] : []),
        ],
        advice: 'Drain the node, then restart aws-node on it.',
      },
    ];
  },
});
