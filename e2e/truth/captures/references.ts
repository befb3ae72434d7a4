/** Variables of aws-node by reference, in each mode (vpc-cni §2.1, §9): of the same pod they are known; all others are not, and no default stands in. */
import { Cluster } from './kit/cluster';
import type { Node } from './kit/node';
import type { Fields, NodeSpec } from './kit/types';

const UNKNOWN: Fields = { pods: null, limitedBy: 'unknown' };
const annotation = (name: string, key: string) => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['${key}']` } },
});
const configMap = (name: string) => ({ name, valueFrom: { configMapKeyRef: { name: 'cni', key: name } } });
const secret = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: 'cni', key: name } } });

export function references(): Cluster {
  const c = new Cluster();
  c.undecided.push('pool-low', 'warm-pool-waste', 'max-pods-too-high', 'metrics-untrusted');
  const s = c.subnet('10.22.0.0/18');
  /** Two pods and seven free addresses, or a prefix. */
  const node = (name: string, spec: NodeSpec): Node => {
    const one = c.node(name, s, spec);
    const isPrefix = spec.env?.['ENABLE_PREFIX_DELEGATION'] === 'true';
    if (isPrefix) one.primary.prefix();
    for (const at of [1, 2]) c.pod(`shop/${name}-${String(at)}`, one, one.primary, isPrefix ? { via: 'prefix' } : {});
    if (!isPrefix) one.primary.free(7);
    return one;
  };
  const counted = { card: 0, total: 9, assigned: 2, available: 7 };
  const open = (one: Node, unresolved: readonly string[], pool: Fields, more: Fields = {}): void =>
    c.expect('nodes', one.id, { cni: { unresolved }, pools: [{ ...counted, ...pool }], ...more });
  const blind = { target: null, short: null, over: null, low: null, high: null, next: null };

  // Known: of the pod itself.
  const known = node('annotation', {
    env: { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '6' },
    envEntries: [annotation('WARM_IP_TARGET', 'warm'), annotation('MINIMUM_IP_TARGET', 'least')],
    agentAnnotations: { warm: '2', least: '6' },
  });
  c.expect('nodes', known.id, { cni: { warmIpTarget: 2, minimumIpTarget: 6, unresolved: [] } });
  // The kubelet gives an empty text, which is no number: no target.
  node('no-annotation', { env: { WARM_IP_TARGET: '' }, envEntries: [annotation('WARM_IP_TARGET', 'warm')] });
  node('label', {
    env: { WARM_ENI_TARGET: '' },
    envEntries: [{ name: 'WARM_ENI_TARGET', valueFrom: { fieldRef: { fieldPath: "metadata.labels['pool/enis']" } } }],
  });
  node('expanded', {
    env: { WARM_IP_TARGET: '3', MAX_ENI: '3' },
    envEntries: [
      { name: 'MAX_ENI', value: '3' },
      { name: 'WARM_IP_TARGET', value: '$(MAX_ENI)' },
    ],
  });
  node('last-wins', {
    env: { WARM_IP_TARGET: '1' },
    envEntries: [configMap('WARM_IP_TARGET'), { name: 'WARM_IP_TARGET', value: '1' }],
  });

  // Not known, and it decides.
  for (const name of ['WARM_IP_TARGET', 'MINIMUM_IP_TARGET']) {
    const one = node(`map-${name.slice(0, 4).toLowerCase()}`, { envEntries: [configMap(name)] });
    open(one, [name], blind, name === 'MINIMUM_IP_TARGET' ? { headroom: UNKNOWN } : {});
  }
  const minimum = node('both', { env: { MINIMUM_IP_TARGET: '4' }, envEntries: [secret('WARM_IP_TARGET')] });
  open(minimum, ['WARM_IP_TARGET'], blind, { headroom: UNKNOWN });
  const whole = node('whole-enis', { envEntries: [secret('WARM_ENI_TARGET')] });
  open(whole, ['WARM_ENI_TARGET'], blind);
  // Not known, and it does not decide.
  const beside = node('beside', { env: { WARM_IP_TARGET: '2' }, envEntries: [secret('WARM_ENI_TARGET')] });
  open(beside, ['WARM_ENI_TARGET'], { target: 2, low: false });

  // What single addresses are to ipamd is not known.
  const mode = node('mode', { envEntries: [configMap('ENABLE_PREFIX_DELEGATION')] });
  c.expect('nodes', mode.id, {
    cni: { mode: null, unresolved: ['ENABLE_PREFIX_DELEGATION'] },
    pools: [{ card: 0, total: null, assigned: null, low: null }],
    headroom: UNKNOWN,
  });
  c.expect('enis', mode.primary.id, { addresses: () => null, addressCapacity: () => null });
  const limit = node('most', { envEntries: [configMap('MAX_ENI')] });
  c.expect('nodes', limit.id, { eniSlots: { limit: null, free: null }, headroom: UNKNOWN });
  c.expect('networkCards', `card:${limit.name}/0`, { eniSlots: { limit: null, used: 1, free: null } });
  const prefix = node('prefix-target', {
    env: { ENABLE_PREFIX_DELEGATION: 'true' },
    envEntries: [secret('WARM_PREFIX_TARGET')],
  });
  open(prefix, ['WARM_PREFIX_TARGET'], { ...blind, total: 16, available: 14 });
  return c;
}
