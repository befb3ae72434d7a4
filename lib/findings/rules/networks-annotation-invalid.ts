/** P2 (multus.md §1.2, §6): Multus cannot read the pod's annotation, or reads an empty name or one with a slash in it. */
import { idParts } from '../../model/ids';
import { signalsOf } from '../guards';
import { defineRule } from '../rule';

export default defineRule({
  id: 'networks-annotation-invalid',
  severity: 'error',
  scope: 'pods',
  needs: ['kubernetes/pods'],
  check(pod, context) {
    if (pod.deleting || pod.hostNetwork || pod.phase === 'Succeeded' || pod.phase === 'Failed') return [];
    const odd = pod.requested
      .map(({ network }) => idParts(network)[1] ?? '')
      .find((name) => name === '' || name.includes('/'));
    const error =
      pod.networksAnnotation.error ??
      (odd === undefined
        ? null
        : odd === ''
          ? 'an item names no network'
          : `the name “${odd}” holds a slash: JSON names are not split, use "namespace"`);
    if (error === null) return [];
    return [
      {
        subjects: [pod.id],
        title: 'Multus cannot read the networks annotation',
        detail: `The annotation k8s.v1.cni.cncf.io/networks of ${pod.namespace}/${pod.name} is refused: ${error}. ${
          pod.phase === 'Running'
            ? 'The pod runs without what it asks for, or the annotation was added later; a restart would fail.'
            : 'The pod cannot start.'
        }`,
        evidence: [
          `annotation: ${error}`,
          ...signalsOf(context, pod.id, 'FailedCreatePodSandBox').map(
            ({ text }) => `event FailedCreatePodSandBox: ${text}`,
          ),
        ],
        advice: 'Correct the annotation on the pod template.',
        command: `kubectl -n ${pod.namespace} get pod ${pod.name} -o jsonpath='{.metadata.annotations}'`,
      },
    ];
  },
});
