/**
 * P7 (multus §2.1, §2.4, §6; P26): a network's config cannot work, or has another effect than it appears to. Checked
 * without any pod; problems that only the node can detect (a version, an MTU, a file) show when a pod fails.
 */
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import { CNI_FAILURE_KINDS, type CniFailureKind } from '../../cni/errors';
import { knownOf } from '../guards/known-texts';
import { refusalsFor } from '../guards/signals';
import { counted, nameOf, shell } from '../guards/words';
import type { NetworkRecord } from '../../model/records';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

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

/** The plugin whose network may be defined once in each namespace, in the same way everywhere. */
const OVN = 'ovn-k8s-cni-overlay';

const nameInside = ({ configName, name }: Steady<'networks'>): string => configName ?? name;

const age = ({ createdAt, id }: Steady<'networks'>): string => `${createdAt ?? ''} ${id}`;

/** The oldest definition of the network that differs; null if there is none. */
function rivalOf(network: NetworkRecord, { read }: RuleContext): Steady<'networks'> | null {
  if (network.mode === null || !network.plugins.includes(OVN)) return null;
  const rivals = [...read.every('networks')].filter(
    (other) =>
      other.plugins.includes(OVN) &&
      other.mode !== null &&
      nameInside(other) === nameInside(network) &&
      other.description !== network.description,
  );
  return rivals.sort((a, b) => (age(a) < age(b) ? -1 : 1))[0] ?? null;
}

/** Two definitions of one network of OVN-Kubernetes that differ: it keeps the first (ovn-kubernetes #3428). */
function definedTwice(network: NetworkRecord, context: RuleContext): Sighting | null {
  const rival = rivalOf(network, context);
  if (rival === null) return null;
  const due = refusalsFor(context, network, ALL_FAILURES);
  // The younger one is not in effect, unless its pods get on.
  if (age(network) < age(rival) && due.length === 0) return null;
  return {
    subjects: [network.id, rival.id, ...due.slice(0, 10).map(({ pod }) => pod.id)],
    title: `Its config differs from that of ${nameOf(rival.id)}`,
    detail: `${nameOf(network.id)} and ${nameOf(rival.id)} define one network of OVN-Kubernetes, ${nameInside(network)}, and not alike. OVN-Kubernetes keeps the definition that it saw first, and pods of the other one get no port.`,
    evidence: [
      `spec.config of ${nameOf(network.id)}: ${network.description}`,
      `spec.config of ${nameOf(rival.id)}: ${rival.description}`,
    ],
    advice: `Give one of them another "name", or make topology, subnets and VLAN the same; then create the pods of ${nameOf(network.id)} again.`,
    command: shell`kubectl -n ${network.namespace ?? ''} edit network-attachment-definitions ${network.name}`,
  };
}

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
    if (errors.length === 0) {
      const twice = definedTwice(network, context);
      if (twice !== null) return twice;
    }
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
