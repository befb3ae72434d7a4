/** aws-node variables set by reference: resolved from the same pod, or known to be set to an unknown value (vpc-cni §9). */
import { describe, expect, it } from 'vitest';
import { INIT_EARLY_DEMUX } from '../../model/cni-variables';
import { podObject } from '../../../e2e/testing/objects';
import { normaliseDaemonSet } from './daemon-set';
import { normalisePod } from './pod';

const ANNOTATIONS = { 'example.com/warm-ip': '4' };
const LABELS = { 'k8s-app': 'aws-node', 'example.com/minimum': '8' };
const from = (fieldPath: string) => ({ valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } });
const container = (env: readonly unknown[], envFrom?: readonly unknown[]) => ({
  name: 'aws-node',
  image: 'x/amazon-k8s-cni:v1.23.1',
  env,
  ...(envFrom === undefined ? {} : { envFrom }),
});

const ofPod = (env: readonly unknown[], envFrom?: readonly unknown[]) =>
  normalisePod(
    podObject({
      metadata: { name: 'aws-node-x', namespace: 'kube-system', labels: LABELS, annotations: ANNOTATIONS },
      spec: { nodeName: 'n1', containers: [container(env, envFrom)] },
    }),
  )?.fact.awsNode?.env;

const ofTemplate = (env: readonly unknown[]) =>
  normaliseDaemonSet({
    metadata: { name: 'aws-node', namespace: 'kube-system' },
    spec: {
      template: { metadata: { labels: LABELS, annotations: ANNOTATIONS }, spec: { containers: [container(env)] } },
    },
  })?.fact.awsNode?.env;

describe('a DaemonSet', () => {
  it.each([
    [undefined, false],
    [{}, false],
    [{ 'kubernetes.io/os': 'linux', 'beta.kubernetes.io/arch': 'amd64' }, false],
    [{ 'io.cilium/aws-node-enabled': 'true' }, true],
  ])('with the nodeSelector %j covers only some nodes: %s', (nodeSelector, selective) => {
    const fact = normaliseDaemonSet({
      metadata: { name: 'aws-node', namespace: 'kube-system' },
      spec: {
        template: { metadata: { labels: LABELS }, spec: { containers: [container([])], nodeSelector } },
      },
    })?.fact;
    expect(fact?.selective).toBe(selective);
  });
});

describe('a variable by reference', () => {
  it.each([
    ['an annotation', from("metadata.annotations['example.com/warm-ip']"), '4', '4'],
    ['a label', from("metadata.labels['example.com/minimum']"), '8', '8'],
    // The kubelet sets an empty text; a webhook may still add the annotation to a template's pods.
    ['a missing annotation', from("metadata.annotations['example.com/none']"), '', null],
    ['the namespace', from('metadata.namespace'), 'kube-system', 'kube-system'],
    ['the name', from('metadata.name'), 'aws-node-x', null],
    ['the node', from('spec.nodeName'), 'n1', null],
    ['an address that is not read', from('status.hostIP'), null, null],
    ['a ConfigMap', { valueFrom: { configMapKeyRef: { name: 'a', key: 'b' } } }, null, null],
    ['a Secret', { valueFrom: { secretKeyRef: { name: 'a', key: 'b', optional: true } } }, null, null],
    ['a resource', { valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }, null, null],
    ['a file', { valueFrom: { fileKeyRef: { key: 'b' } } }, null, null],
    ['an empty source', { valueFrom: {} }, null, null],
  ])('%s', (_, source, pod, template) => {
    const env = [{ name: 'WARM_IP_TARGET', ...source }];
    expect(ofPod(env)).toEqual({ WARM_IP_TARGET: pod });
    expect(ofTemplate(env)).toEqual({ WARM_IP_TARGET: template });
  });

  it('the last entry of a name takes precedence, known or not', () => {
    const unknown = { name: 'MAX_ENI', valueFrom: { secretKeyRef: {} } };
    expect(ofPod([unknown, { name: 'MAX_ENI', value: '2' }])).toEqual({ MAX_ENI: '2' });
    expect(ofPod([{ name: 'MAX_ENI', value: '2' }, unknown])).toEqual({ MAX_ENI: null });
  });

  it('envFrom may set every variable that env does not set', () => {
    const env = ofPod([{ name: 'MAX_ENI', value: '2' }], [{ configMapRef: { name: 'aws-node' } }]);
    expect(env).toMatchObject({ MAX_ENI: '2', WARM_IP_TARGET: null, ENABLE_PREFIX_DELEGATION: null });
  });

  it('envFrom with a prefix may set the variables that begin with it', () => {
    expect(ofPod([], [{ prefix: 'WARM_', secretRef: { name: 'x' } }])).toEqual({
      WARM_ENI_TARGET: null,
      WARM_IP_TARGET: null,
      WARM_PREFIX_TARGET: null,
    });
    expect(ofPod([], [{ prefix: 'MY_', secretRef: { name: 'x' } }])).toEqual({});
  });

  it.each([
    ['an earlier variable', '$(MAX_ENI)', '3'],
    ['a variable in the middle', 'x-$(MAX_ENI)', 'x-3'],
    ['an escaped dollar', '$$(MAX_ENI)', '$(MAX_ENI)'],
    ['an unset name is left unchanged', '$(CLUSTER_NAME)', '$(CLUSTER_NAME)'],
    ['a variable that is not kept', '$(DB_PASSWORD)', null],
    ['a variable with an unknown value', '$(POD_MTU)', null],
  ])('$(NAME): %s', (_, value, wanted) => {
    const env = [
      { name: 'MAX_ENI', value: '3' },
      { name: 'POD_MTU', valueFrom: { configMapKeyRef: {} } },
      { name: 'WARM_ENI_TARGET', value },
    ];
    expect(ofPod(env)).toMatchObject({ WARM_ENI_TARGET: wanted });
  });
});

describe('the init container', () => {
  const withInit = (initContainers: readonly unknown[] | undefined) =>
    normalisePod(
      podObject({
        metadata: { name: 'aws-node-x', namespace: 'kube-system', labels: LABELS },
        spec: { nodeName: 'n1', containers: [container([])], initContainers },
      }),
    )?.fact.awsNode?.env;
  const init = (env: readonly unknown[]) => [{ name: 'aws-vpc-cni-init', image: 'x', env }];
  it.each([
    ['is not shown', undefined, {}],
    ['another one', [{ name: 'other', image: 'x', env: [{ name: 'DISABLE_TCP_EARLY_DEMUX', value: 'true' }] }], {}],
    ['without the variable has its default', init([{ name: 'MAX_ENI', value: '1' }]), { [INIT_EARLY_DEMUX]: 'false' }],
    ['with it', init([{ name: 'DISABLE_TCP_EARLY_DEMUX', value: 'true' }]), { [INIT_EARLY_DEMUX]: 'true' }],
    [
      'with it by reference',
      init([{ name: 'DISABLE_TCP_EARLY_DEMUX', valueFrom: { configMapKeyRef: {} } }]),
      { [INIT_EARLY_DEMUX]: null },
    ],
  ])('%s', (_, containers, env) => expect(withInit(containers)).toEqual(env));
});
