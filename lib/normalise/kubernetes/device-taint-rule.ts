/**
 * DeviceTaintRule (resource.k8s.io v1 since Kubernetes 1.37, v1beta2 since 1.36, v1alpha3 since 1.33): an administrator's taint
 * for every device that the rule selects. Without a selector it selects none, with an empty one all.
 */
import { fields, items, text } from '../read/guards';
import { internOrNull } from '../read/intern';
import { taintText } from './device-taint';
import { normaliser } from './object';

/** Null also for a rule that selects by class or CEL expression, as only v1alpha3 did: its devices are not known here. */
export const normaliseDeviceTaintRule = normaliser<'deviceTaintRule'>(({ spec }) => {
  const taint = taintText(spec['taint']);
  const selector = spec['deviceSelector'];
  if (taint === null || typeof selector !== 'object' || selector === null) return null;
  const of = fields(selector);
  if (text(of['deviceClassName']) !== null || items(of['selectors']).length > 0) return null;
  return {
    driver: internOrNull(text(of['driver'])),
    pool: internOrNull(text(of['pool'])),
    device: internOrNull(text(of['device'])),
    taint,
  };
});
