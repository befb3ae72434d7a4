/** A NAD's config, read once per fact. */
import type { OwnName } from '../../cni/base/plugin';
import { readNetworkConfig, type NetworkConfig } from '../../cni/config';
import type { NadFact } from '../../model/facts';
import type { FactReader } from './reader';

const read = new WeakMap<NadFact, NetworkConfig>();

function wanted({ form }: OwnName, { namespace, name }: NadFact): string {
  switch (form) {
    case 'NAMESPACE/NAME':
      return `${namespace}/${name}`;
    case 'NAME.NAMESPACE':
      return `${name}.${namespace}`;
    case 'NAME.NAMESPACE.ovn':
      return `${name}.${namespace}.ovn`;
  }
}

/** The config with a fault for each key that names another NetworkAttachmentDefinition, as one that was copied does. */
function withNames(config: NetworkConfig, nad: NadFact): NetworkConfig {
  const wrong = config.ownNames.filter((one) => one.value !== wanted(one, nad));
  if (wrong.length === 0) return config;
  const texts = wrong.map(
    (one) =>
      `"${one.key}" is ${one.value.slice(0, 128)}, and must be ${wanted(one, nad)}: ${one.by} compares it with the name of the NetworkAttachmentDefinition`,
  );
  return {
    ...config,
    error: config.error ?? texts[0] ?? null,
    faults: [...texts.map((text) => ({ severity: 'error' as const, text })), ...config.faults],
    problems: [...texts, ...config.problems],
  };
}

/** The config of a NetworkAttachmentDefinition, read once per fact. */
export function configOf(nad: NadFact): NetworkConfig {
  let config = read.get(nad);
  if (config === undefined) {
    config = withNames(readNetworkConfig(nad.config, nad.resourceName), nad);
    read.set(nad, config);
  }
  return config;
}

/** Null if the NAD does not exist. */
export function configOfNad(facts: FactReader, key: string): NetworkConfig | null {
  const nad = facts.get('nad', key);
  return nad === undefined ? null : configOf(nad);
}
