/** NetworkPolicy and MultiNetworkPolicy: which pods they select, not their rules. */
import type { LabelSelector } from '../../model/facts';
import { text } from '../read/guards';
import { labelSelector } from './label-selector';
import { normaliser } from './object';

const EVERYTHING: LabelSelector = Object.freeze({ matchLabels: {}, matchExpressions: [] });

/** A missing podSelector selects every pod of the namespace. */
export const normaliseNetworkPolicy = normaliser<'networkPolicy'>((object) => ({
  podSelector: labelSelector(object.spec['podSelector']) ?? EVERYTHING,
  policyFor: null,
}));

/**
 * The covered NADs are listed in an annotation, separated by commas, in the policy's namespace unless another is given
 * (multus §4.1).
 */
export const normaliseMultiNetworkPolicy = normaliser<'multiNetworkPolicy'>((object) => {
  const { meta, annotations, spec } = object;
  const policyFor = (text(annotations['k8s.v1.cni.cncf.io/policy-for']) ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => (one.includes('/') ? one : `${meta.namespace}/${one}`));
  return { podSelector: labelSelector(spec['podSelector']) ?? EVERYTHING, policyFor };
});
