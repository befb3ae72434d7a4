/**
 * ENI_STOLEN_OR_STALE (vpc-cni §5.3 step 5, §10): a live pod's address is on no ENI of its node. Also on Auto Mode and
 * Windows nodes, where only EC2 is read. A NotReady or terminating node loses its ENIs together with its pods, so its pods
 * are not reported. For a node: ipamd reports that it dropped addresses still in use by pods; the counter alone does not
 * show when.
 */
import { isOfCilium } from '../../cni/cilium';
import { ENIS, METRICS, NODES, PODS } from '../../model/source-ids';
import { ofOthers } from '../guards/eni';
import { enisOf } from '../guards/eni';
import { hasIpamd, isSettled, nodeOf } from '../guards/node';
import { isLive, podOf } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { heldAtLeast, isRecent, MINUTE } from '../guards/time';
import { awsNodeLog, counted, nameOf, remake } from '../guards/words';
import { defineRule, type RuleContext, type RuleFile } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Whether pods of the node get their addresses from ENIs. */
const usesEnis = (node: Steady<'nodes'>, context: RuleContext): boolean =>
  node.computeType === 'auto' ||
  (node.computeType === 'ec2' &&
    (node.ipamd !== null || node.os === 'windows' || enisOf(context, node).some(isOfCilium)));

const ofPod = defineRule({
  id: 'pod-address-not-on-node',
  severity: 'error',
  scope: 'interfaces',
  needs: [NODES, PODS, ENIS],
  uses: [METRICS],
  check(iface, context) {
    if (iface.network !== 'cluster') return [];
    const lost = iface.addresses.filter(({ backed }) => backed === 'none' || backed === 'other-node');
    if (lost.length === 0) return [];
    const node = nodeOf(context, iface.node);
    const pod = podOf(context, iface);
    if (node === null || pod === null || !isLive(pod) || !usesEnis(node, context)) return [];
    if (node.ready === false || !isSettled(node, context)) return [];
    const removed = signalsOf(context, node.id, 'metric:awscni_force_removed_ips');
    return lost.map((address) => {
      const elsewhere =
        address.backed === 'other-node' ? iface.link.candidates.find((id) => id.startsWith('eni-')) : undefined;
      const others = elsewhere === undefined ? null : ofOthers(elsewhere, context);
      return {
        subjects: [iface.id, pod.id, node.id, elsewhere ?? null],
        title: `${address.ip} is on no ENI of its node`,
        detail: elsewhere
          ? `${nameOf(pod.id)} has ${address.ip}, which EC2 has assigned to ${elsewhere}${others === null ? ' on another node' : `, ${others}`}: traffic for the pod goes there.`
          : `${nameOf(pod.id)} has ${address.ip}, and no ENI of ${node.name} owns it any more: nothing outside the node can reach the pod.`,
        evidence: [
          `Kubernetes: status.podIPs of ${nameOf(pod.id)} has ${address.ip}`,
          iface.link.evidence,
          ...removed.map(({ text }) => `aws-node metrics: ${text}`),
        ],
        ...remake(pod, 'so that it gets an address that its node owns; and find out what detached or reused the ENI'),
      };
    });
  },
});

/** How long a counter whose increase was not seen is reported: it may be as old as aws-node. Milliseconds. */
const MAX_AGE = 10 * MINUTE;

const ofNode = defineRule({
  id: 'pod-address-not-on-node',
  severity: 'error',
  scope: 'nodes',
  needs: [NODES, METRICS],
  check(node, context) {
    const removed = node.metrics?.forceRemovedAddresses ?? 0;
    if (removed <= 0 || !hasIpamd(node) || !isSettled(node, context)) return null;
    const rises = signalsOf(context, node.id, 'metric:awscni_force_removed_ips').filter(({ lastAt }) =>
      isRecent(lastAt, MAX_AGE, context),
    );
    const old = heldAtLeast(`removed ${removed}`, true, MAX_AGE, context) !== null;
    if (rises.length === 0 && old) return null;
    return {
      subjects: [node.id],
      severity: rises.length > 0 ? 'error' : 'warning',
      title: `ipamd dropped ${counted(removed, 'address', 'addresses')} that pods held`,
      detail: `ipamd on ${node.name} found that ENIs or addresses were gone, and dropped them although pods still held them: those pods have lost their connection, if they still run.`,
      evidence: [
        `aws-node metrics: awscni_force_removed_ips ${removed}`,
        ...(rises.length > 0
          ? rises.map(({ text }) => `aws-node metrics: ${text}`)
          : ['when it rose is not known: the counter starts with aws-node']),
      ],
      advice: 'Find out what detached the ENI or tagged it no_manage; delete the pods that cannot be reached.',
      command: awsNodeLog(node.name),
    };
  },
});

export default [ofPod, ofNode] satisfies RuleFile;
