/** Taints of devices, in ResourceSlices and in DeviceTaintRules (KEP-5055). */
import { fields, text } from '../read/guards';
import { intern } from '../read/intern';

/** As kubectl writes it: `KEY=VALUE:EFFECT`, `KEY:EFFECT`. Null for the effect None, which only informs. */
export function taintText(value: unknown): string | null {
  const of = fields(value);
  const [key, given, effect] = [text(of['key']), text(of['value']), text(of['effect'])];
  if (key === null || effect === null || effect === 'None') return null;
  return intern(`${key}${given === null ? '' : `=${given}`}:${effect}`);
}
