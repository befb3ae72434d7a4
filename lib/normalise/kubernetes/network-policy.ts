/** NetworkPolicy and MultiNetworkPolicy: their existence and the pods they select, not their rules. */
import type { LabelSelector } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { text } from '../read/guards';
import type { Keyed } from '../read/keyed';
import { labelSelector } from './label-selector';
import { openObject } from './object';

const EVERYTHING: LabelSelector = Object.freeze({ matchLabels: {}, matchExpressions: [] });

export function normaliseNetworkPolicy(value: unknown): Keyed<'networkPolicy'> | null {
  const object = openObject(value);
  if (object === null) return null;
  return {
    key: objectKey(object.meta),
    fact: { ...object.meta, podSelector: labelSelector(object.spec['podSelector']) ?? EVERYTHING, policyFor: null },
  };
}

/**
 * The covered NADs are listed in an annotation, separated by commas, in the policy's namespace unless another is named
 * (multus §4.1).
 */
export function normaliseMultiNetworkPolicy(value: unknown): Keyed<'multiNetworkPolicy'> | null {
  const object = openObject(value);
  if (object === null) return null;
  const { meta, annotations, spec } = object;
  const policyFor = (text(annotations['k8s.v1.cni.cncf.io/policy-for']) ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => (one.includes('/') ? one : `${meta.namespace}/${one}`));
  return {
    key: objectKey(meta),
    fact: { ...meta, podSelector: labelSelector(spec['podSelector']) ?? EVERYTHING, policyFor },
  };
}
