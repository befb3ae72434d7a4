/** P7 (multus.md §2.1, §6): a network's config cannot work, or does not do what it says. Linted without any pod. */
import { count, nameOf, shell } from '../guards/words';
import { defineRule } from '../rule';

export default defineRule({
  id: 'network-config-invalid',
  severity: 'error',
  scope: 'networks',
  needs: ['kubernetes/network-attachment-definitions'],
  check(network) {
    if (network.missing) return [];
    const errors = network.faults.filter(({ severity }) => severity === 'error');
    const worst = errors.length > 0 ? errors : network.faults.filter(({ severity }) => severity === 'warning');
    const [first] = worst;
    // That aws-cni is no extra network is `vpc-cni-as-secondary`.
    if (first === undefined || worst.every(({ text }) => text.startsWith('aws-cni: '))) return [];
    return [
      {
        subjects: [network.id],
        severity: errors.length > 0 ? 'error' : 'warning',
        title: errors.length > 0 ? 'Its config cannot work' : 'Its config does not do what it says',
        detail: `${nameOf(network.id)}: ${first.text}.${worst.length > 1 ? ` And ${count(worst.length - 1, 'more fault')}.` : ''} The API server accepts any text; the fault shows when a pod starts.`,
        evidence: worst.slice(0, 10).map(({ text }) => `spec.config: ${text}`),
        advice: 'Correct the config; running pods keep what they have.',
        command: shell`kubectl -n ${network.namespace ?? ''} edit network-attachment-definitions ${network.name}`,
      },
    ];
  },
});
