/**
 * What ipamd holds and no pod does (vpc-cni §4.2): any key that is not zero is assigned, in every mode and by every source, and pods wait
 * beside addresses that look free.
 */
import { Cluster } from './kit/cluster';
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import type { NodeSpec } from './kit/types';

/** So many addresses that ipamd has given to sandboxes that are gone. */
function lost(eni: Eni, count: number, from: 'singles' | 'prefix' = 'singles'): void {
  for (let at = 0; at < count; at += 1) (from === 'prefix' ? eni.fromPrefix() : eni.add()).hidden = true;
}

export function ghosts(): Cluster {
  const c = new Cluster();
  c.undecided.push('pool-low', 'warm-pool-waste', 'max-pods-too-high');
  const s = c.subnet('10.21.0.0/18');
  const node = (name: string, spec: NodeSpec = {}): Node => c.node(name, s, spec);
  const leaks = (eni: Eni): void => c.finding('ipamd-view-differs', eni.id);

  // By its list, since v1.20 and before, and with metrics alone.
  for (const [name, enisJson] of [
    ['by-list', 'per-card'],
    ['by-old-list', 'old'],
    ['by-metrics', 'none'],
  ] as const) {
    const one = node(name, { enisJson, ...(enisJson === 'old' ? { version: 'v1.19.2' } : {}) });
    c.pod(`shop/${name}`, one, one.primary);
    lost(one.primary, 3);
    one.primary.free(5);
    leaks(one.primary);
  }

  // Every address is given out, two to pods: nobody else gets one.
  const full = node('full', { type: 't3.medium', enisJson: 'per-card' });
  for (const dev of [0, 1, 2]) {
    const eni = dev === 0 ? full.primary : full.eni({ dev, by: 'ipamd' });
    if (dev < 2) c.pod(`shop/full-${String(dev)}`, full, eni);
    lost(eni, dev < 2 ? 4 : 5);
    leaks(eni);
  }
  c.finding('node-addresses-full', full.id);
  c.expect('nodes', full.id, { headroom: { pods: 0, limitedBy: 'slots' } });

  // Prefixes: a /28 with one of them is not free, and is not given back.
  const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };
  for (const [name, enisJson] of [
    ['prefix-list', 'per-card'],
    ['prefix-metrics', 'none'],
  ] as const) {
    const one = node(name, { enisJson, env: PREFIX });
    one.primary.prefix();
    one.primary.prefix();
    c.pod(`shop/${name}`, one, one.primary, { via: 'prefix' });
    if (enisJson === 'per-card') {
      lost(one.primary, 2, 'prefix');
      leaks(one.primary);
    }
  }

  // A waiting pod has got its address, and not reported it: no ghost, by its list or by its metrics.
  const early = node('early', { enisJson: 'per-card' });
  early.primary.free(8);
  c.pod('shop/early', early, early.primary);
  const soon = node('soon');
  soon.primary.free(8);
  lost(soon.primary, 1);
  c.waiting('shop/soon', soon);
  // It has waited for hours, for whatever reason.
  c.finding('pod-start-failed', 'pod:shop/soon');

  // On an ENI of its own, idle but for them: not given back.
  const idle = node('idle', { enisJson: 'per-card' });
  c.pod('shop/idle', idle, idle.primary);
  idle.primary.free(8);
  const second = idle.eni({ dev: 1, by: 'ipamd' }).free(8);
  lost(second, 1);
  leaks(second);

  // A pod that has ended, and whose sandbox ipamd still counts.
  const ended = node('ended', { enisJson: 'per-card' });
  ended.primary.free(8);
  c.pod('shop/ended', ended, ended.primary, { phase: 'Succeeded' }).hidden = true;
  leaks(ended.primary);
  return c;
}
