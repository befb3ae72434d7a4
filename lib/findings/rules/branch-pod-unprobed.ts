/**
 * The kubelet's probes of a pod on a branch ENI get no answer (vpc-cni §6). In strict mode, the node reaches such a pod through the trunk:
 * its packets leave through the primary ENI and arrive on the branch ENI, whose security groups filter them, and the kernel drops the pod's
 * answer unless TCP early demux is off (amazon-vpc-cni-k8s #1212). Without an Event about a failed probe, nothing is reported.
 */
import { EVENTS, ENIS, NODES, PODS } from '../../model/source-ids';
import { PROBE_FAILED } from '../../topology/shared/signals';
import { nodeOf } from '../guards/node';
import { hasNetworks } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { isAged, isRecent, MINUTE } from '../guards/time';
import { counted, listed, nameOf } from '../guards/words';
import { timeOf } from '../rule/time';
import { defineRule } from '../rule/rule';

/** The kubelet repeats the Event at least every five minutes. Milliseconds. */
const MAX_AGE = 15 * MINUTE;
/** A program that starts slowly fails its first probes. */
const MIN_COUNT = 3;

const VARIABLE = 'DISABLE_TCP_EARLY_DEMUX';
/** From the EKS user guide. */
const PATCH = `kubectl -n kube-system patch daemonset aws-node -p '{"spec": {"template": {"spec": {"initContainers": [{"env":[{"name":"${VARIABLE}","value":"true"}],"name":"aws-vpc-cni-init"}]}}}}'`;
const SET = `Set ${VARIABLE}=true on the init container aws-vpc-cni-init of aws-node (for the EKS add-on: configuration value init.env). The DaemonSet then recreates aws-node’s pods; the application pods need no restart.`;

export default defineRule({
  id: 'branch-pod-unprobed',
  severity: 'error',
  scope: 'pods',
  needs: [EVENTS, NODES, PODS],
  uses: [ENIS],
  check(pod, context) {
    const { podEni } = pod;
    if (podEni === null || !hasNetworks(pod)) return null;
    const [signal] = signalsOf(context, pod.id, PROBE_FAILED);
    if (signal === undefined || signal.count < MIN_COUNT || !isAged(signal.firstAt, 2 * MINUTE, context)) return null;
    if (signal.lastAt !== null && !isRecent(signal.lastAt, MAX_AGE, context)) return null;
    const cni = nodeOf(context, pod.node)?.cni ?? null;
    // In standard mode the node reaches the pod directly: the application does not answer, or a NetworkPolicy blocks the probe.
    if (cni === null || cni.strictPodEni === false) return null;
    const isOff = cni.earlyDemuxOff;
    const isMisplaced = cni.ignored.some(({ name }) => name === VARIABLE);
    const eni = podEni.map((id) => context.read.one('enis', id)).find((one) => one !== null);
    const groups = eni === undefined ? '' : ` (${eni.id}: ${listed(eni.securityGroups)})`;
    const rules = `Allow the probe’s port from the node’s security group in the security groups of the pod${groups}.`;
    return {
      subjects: [pod.id, pod.node],
      severity: isOff === false ? 'error' : 'warning',
      title: 'The kubelet’s probes do not reach it',
      detail: `${nameOf(pod.id)} has a branch ENI, and the kubelet’s probes get no answer. In strict mode they go through the trunk ENI: the security groups of the pod filter them, and the node’s kernel drops TCP answers unless TCP early demux is off. ${
        isOff === false
          ? `It is on here: the init container of aws-node has no ${VARIABLE}=true${isMisplaced ? '; it is set on the container aws-node, which does not read it' : ''}.`
          : isOff === true
            ? 'It is off here, so the security groups of the pod most likely block the probes.'
            : `Whether it is off here is not known, because the init container of aws-node was not read.${isMisplaced ? ` ${VARIABLE} is set on the container aws-node, where it has no effect.` : ''}`
      }`,
      evidence: [
        `event ${PROBE_FAILED}: ${signal.text}`,
        `Kubernetes: seen ${counted(signal.count, 'time')}; the annotation vpc.amazonaws.com/pod-eni names ${listed(podEni)}`,
        isOff === null ? null : `aws-node: ${VARIABLE}=${String(isOff)} on aws-vpc-cni-init`,
      ],
      advice:
        isOff === true
          ? `${rules} If they already allow it, the application does not answer in time.`
          : `${isOff === null ? `Unless it is already set: ${SET.charAt(0).toLowerCase()}${SET.slice(1)}` : SET} ${rules}`,
      command: isOff === true ? null : PATCH,
      since: timeOf(signal.firstAt) === null ? null : signal.firstAt,
    };
  },
});
