/** A NAD's config, read once per fact. */
import { readNetworkConfig, type NetworkConfig } from '../../cni/config';
import type { NadFact } from '../../model/facts';
import type { FactReader } from './reader';

const read = new WeakMap<NadFact, NetworkConfig>();

/** The config of a NetworkAttachmentDefinition, read once per fact. */
export function configOf(nad: NadFact): NetworkConfig {
  let config = read.get(nad);
  if (config === undefined) {
    config = readNetworkConfig(nad.config, nad.resourceName);
    read.set(nad, config);
  }
  return config;
}

/** Null if the NAD does not exist. */
export function configOfNad(facts: FactReader, key: string): NetworkConfig | null {
  const nad = facts.get('nad', key);
  return nad === undefined ? null : configOf(nad);
}
