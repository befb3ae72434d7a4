/**
 * P7 (multus §2.1, §2.4, §6; P26): a network's config cannot work, or has another effect than it appears to. Checked
 * without any pod; problems that only the node can detect (a version, an MTU, a file) show when a pod fails.
 */
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import { CNI_FAILURE_KINDS, type CniFailureKind } from '../../cni/errors';
import { knownOf } from '../guards/known-texts';
import { refusalsFor } from '../guards/signals';
import { counted, nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

const CONFIG_FAILURES: ReadonlySet<CniFailureKind> = new Set([
  'config-invalid',
  'config-file-missing',
  'config-version',
  'result-version',
  'invalid-mtu',
  'no-address-from-ipam',
  'range-invalid',
]);

const ALL_FAILURES: ReadonlySet<CniFailureKind> = new Set(CNI_FAILURE_KINDS);
/** An SR-IOV network without a resource gives its plugin no device. */
const RESOURCE_FAILURES: ReadonlySet<CniFailureKind> = new Set(['no-device']);

/** Go quotes the first byte of the character: that of quotation marks (“ ”) and dashes. */
const NOT_ASCII = /invalid character 'â'/;
const CURLY =
  ' The character is most often a quotation mark of a word processor or a web page (“ or ”): write all of them as ".';

export default defineRule({
  id: 'network-config-invalid',
  severity: 'error',
  scope: 'networks',
  needs: [NADS],
  uses: [PODS, EVENTS],
  check(network, context) {
    if (network.missing) return null;
    const refusals = refusalsFor(context, network, CONFIG_FAILURES);
    const [refusal] = refusals;
    const errors = network.faults.filter(({ severity }) => severity === 'error');
    const worst = errors.length > 0 ? errors : network.faults.filter(({ severity }) => severity === 'warning');
    const [first] = worst;
    // `vpc-cni-as-secondary` reports aws-cni as an extra network.
    if (refusal !== undefined && errors.length === 0)
      return {
        subjects: [network.id, ...refusals.slice(0, 10).map(({ pod }) => pod.id)],
        title: 'Its config cannot work',
        detail: `${nameOf(network.id)} keeps ${counted(refusals.length, 'pod')} from starting: ${refusal.failure.detail}`,
        evidence: [
          `event FailedCreatePodSandBox: ${refusal.failure.detail}`,
          ...worst.slice(0, 9).map(({ text }) => `spec.config: ${text}`),
        ],
        advice:
          knownOf(refusal.failure)?.advice ??
          'Correct the config, or what it needs on the node: the message says which.',
        command: shell`kubectl -n ${network.namespace ?? ''} edit network-attachment-definitions ${network.name}`,
        since: refusal.signal.firstAt,
      };
    if (first === undefined || worst.every(({ text }) => text.startsWith('aws-cni: '))) return null;
    // A config that cannot work explains any failure; one that may work explains only the failures that its fault leads to.
    const due = refusalsFor(context, network, errors.length > 0 ? ALL_FAILURES : RESOURCE_FAILURES);
    return {
      subjects: [network.id, ...due.slice(0, 10).map(({ pod }) => pod.id)],
      severity: errors.length > 0 || due.length > 0 ? 'error' : 'warning',
      title: errors.length > 0 ? 'Its config cannot work' : 'Its config does not do what it says',
      detail: `${nameOf(network.id)}: ${first.text}.${worst.length > 1 ? ` And ${counted(worst.length - 1, 'more fault')}.` : ''} The API server accepts any text; the fault shows when a pod starts.`,
      evidence: [
        ...worst.slice(0, 10).map(({ text }) => `spec.config: ${text}`),
        ...due
          .slice(0, 1)
          .map(({ pod, failure }) => `event FailedCreatePodSandBox of ${nameOf(pod.id)}: ${failure.detail}`),
      ],
      advice: `${/failed to unmarshal Spec\.Config/.test(first.text) ? 'Correct the config, which is not valid JSON' : 'Correct the config'}; running pods keep what they have.${NOT_ASCII.test(first.text) ? CURLY : ''}`,
      command: shell`kubectl -n ${network.namespace ?? ''} edit network-attachment-definitions ${network.name}`,
    };
  },
});
