/** Lists of pods that `kubectl get pods -n NAMESPACE` printed: they do not say that they are of one namespace. */
import { describe, expect, it } from 'vitest';
import { podObject } from '../../../e2e/testing/objects';
import type { SourceStatus } from '../../model/observation';
import { readCapture } from './read';

const pod = (namespace: string, name: string): unknown => podObject({ metadata: { name, namespace, uid: name } });
const list = (...items: readonly unknown[]): unknown => ({ apiVersion: 'v1', kind: 'List', items });

function podsIn(...documents: readonly unknown[]): SourceStatus | undefined {
  const files = documents.map((one, at) => ({ path: `${at}.json`, text: JSON.stringify(one) }));
  for (const { observations } of readCapture(files).batches)
    for (const one of observations) if (one.op === 'status' && one.source.id === 'kubernetes/pods') return one.source;
  return undefined;
}

const event = (kind: string, namespace: string): unknown => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { namespace, name: `web.${namespace}`, uid: 'e' },
  involvedObject: { kind, namespace, name: 'web' },
  reason: 'FailedCreatePodSandBox',
  message: 'plugin type="aws-cni" failed (add)',
});

describe('the pods of a capture', () => {
  it.each([
    ['a list of two namespaces', [list(pod('shop', 'a'), pod('kube-system', 'dns'))]],
    [
      'a list of two namespaces next to a list of one',
      [list(pod('shop', 'a'), pod('other', 'b')), list(pod('shop', 'a'))],
    ],
    [
      'lists of every namespace, including empty ones',
      [
        list(pod('shop', 'a')),
        list(pod('kube-system', 'dns')),
        { apiVersion: 'v1', kind: 'PodList', metadata: {}, items: [] },
      ],
    ],
    ['a list of kube-system in a new cluster', [list(pod('kube-system', 'dns'))]],
    ['the same list and an Event about a node', [list(pod('kube-system', 'dns'), event('Node', 'default'))]],
  ])('are complete with %s', (_, documents) => {
    const pods = podsIn(...documents);
    expect(pods).toMatchObject({ state: 'live', reason: null });
    expect(pods).not.toHaveProperty('partial');
  });

  it.each([
    ['a list of one namespace', 'namespace shop', [list(pod('shop', 'a'), pod('shop', 'b'))]],
    [
      'lists of one namespace each',
      'the namespaces kube-system, shop',
      [list(pod('shop', 'a')), list(pod('kube-system', 'dns'))],
    ],
    [
      'a list of kube-system and a pod elsewhere',
      'namespace kube-system',
      [list(pod('kube-system', 'dns')), event('Pod', 'shop')],
    ],
  ])('are partial with %s', (_, names, documents) => {
    expect(podsIn(...documents)).toMatchObject({
      state: 'live',
      partial: true,
      reason: `The capture lists the pods of ${names} only; others may exist. Take it with kubectl get pods -A.`,
    });
  });
});
