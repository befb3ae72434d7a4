/** aws-node of a random node: its release, what of its environment is a reference, and addresses that it holds for pods that are gone. */
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import type { Random } from './kit/random';
import type { NodeSpec } from './kit/types';
import { roomOn } from './random-pods';

/** From v1.12 on, those around each change of a rule twice (vpc-cni §1.3, §2.1, §3, §4.2). */
const RELEASES = [
  'v1.12.1',
  'v1.12.6-eksbuild.2',
  'v1.13.4-eksbuild.1',
  'v1.14.1',
  'v1.15.1-eksbuild.1',
  'v1.16.4',
  'v1.18.0',
  'v1.19.6-eksbuild.7',
  'v1.20.0',
  'v1.20.3-eksbuild.1',
  'v1.20.4-eksbuild.1',
  'v1.22.4',
  'v1.23.1-eksbuild.1',
  'v1.23.1-eksbuild.1',
] as const;

/** `/v1/enis` is one object before v1.20.0. */
const isOld = (release: string): boolean => /^v1\.1\d\./.test(release);

/** `env`: as it comes to be on the node. */
export function randomAgent(random: Random, env: Readonly<Record<string, string>>): NodeSpec {
  const version = random.pick(RELEASES);
  const referred = Object.keys(env).filter(() => random.chance(0.12));
  return {
    version,
    ...(random.chance(0.4) ? { enisJson: isOld(version) ? ('old' as const) : ('per-card' as const) } : {}),
    // Known: the object itself has the value.
    envEntries: referred.map((name) => ({
      name,
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['cni/${name}']` } },
    })),
    agentAnnotations: Object.fromEntries(referred.map((name) => [`cni/${name}`, env[name] ?? ''])),
    // What a ConfigMap holds is not known, and no variable of ipamd begins so.
    ...(random.chance(0.2) ? { envFrom: [{ prefix: 'SITE_', configMapRef: { name: 'site', optional: true } }] } : {}),
  };
}

/** Addresses of the active mode that ipamd has given to sandboxes that are gone, where its list tells. */
export function ghosts(node: Node, gives: readonly Eni[], random: Random): void {
  const { enisJson = 'none' } = node.spec;
  if (enisJson === 'none' || node.settings === null) return;
  for (const eni of gives) {
    if ((enisJson === 'old' && eni.card > 0) || !random.chance(0.3)) continue;
    if (node.settings.mode === 'prefix') {
      if (node.prefixesRead(eni).some(({ held }) => held.length < 16)) eni.fromPrefix().hidden = true;
    } else if (roomOn(node, eni) > 0) eni.add().hidden = true;
  }
}
