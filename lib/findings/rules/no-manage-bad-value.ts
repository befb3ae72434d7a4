/** NO_MANAGE_BAD_VALUE (vpc-cni.md §1.2): only the exact text `true` counts; any other value, or a key in other case, has no effect. */
import { defineRule } from '../rule';
import { eniPlace, nodeOf } from '../guards';

const KEY = 'node.k8s.amazonaws.com/no_manage';

export default defineRule({
  id: 'no-manage-bad-value',
  severity: 'warning',
  scope: 'enis',
  needs: ['ec2/network-interfaces'],
  check(eni, context) {
    if (eni.node === null) return [];
    const value = eni.tags[KEY];
    const nearMiss =
      value === undefined ? Object.keys(eni.tags).find((key) => key.trim().toLowerCase() === KEY) : undefined;
    if (nearMiss === undefined && (value === undefined || value === 'true' || value === 'false')) return [];
    const node = nodeOf(context, eni.node);
    const seen = nearMiss === undefined ? `${KEY}=“${value ?? ''}”` : `“${nearMiss}”=“${eni.tags[nearMiss] ?? ''}”`;
    return [
      {
        subjects: [eni.id, ...(node ? [node.id] : [])],
        title: 'The no_manage tag has no effect',
        detail: `${eniPlace(eni)} carries ${seen}. ipamd compares with the four letters true and with this key only, so it manages the ENI all the same.`,
        evidence: [`EC2 tag ${seen}`, `management: ${eni.management.state} (${eni.management.rule})`],
        advice: 'Set the value to exactly true.',
        command: `aws ec2 create-tags --resources ${eni.id} --tags Key=${KEY},Value=true`,
      },
    ];
  },
});
