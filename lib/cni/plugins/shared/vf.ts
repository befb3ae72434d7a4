import type { PluginReading } from '../../base/plugin';
import type { ConfigReader } from '../../base/reader';

/** The parent for both SR-IOV plugins: a virtual function from a device plugin (multus §2.2). */
export function readVf(
  config: ConfigReader,
  resourceName: string | null,
): Pick<PluginReading, 'parent' | 'certainty' | 'evidence'> {
  const written = config.text('deviceID') ?? config.text('pciBusID');
  if (resourceName !== null) {
    return {
      parent: { kind: 'resource', value: resourceName },
      certainty: 'observed',
      evidence: `the device plugin of ${resourceName} chooses the virtual function for each pod`,
    };
  }
  if (written !== null) {
    config.warn('"deviceID" in the config gives every pod the same virtual function');
    return { parent: { kind: 'pci', value: written }, certainty: 'observed', evidence: `the config names ${written}` };
  }
  config.warn(
    'no annotation k8s.v1.cni.cncf.io/resourceName on the network: unless a pod names a "deviceID" itself, the plugin fails with "VF pci addr is required"',
  );
  return { parent: { kind: 'unknown', value: null }, certainty: 'unknown', evidence: 'the network names no resource' };
}

/** Reports a value that is not one of `words`, which the plugin rejects. */
export function oneOf(config: ConfigReader, key: string, words: readonly string[]): void {
  const word = config.text(key);
  if (word !== null && !words.includes(word)) config.error(`"${key}" is "${word}", not one of ${words.join(', ')}`);
}
