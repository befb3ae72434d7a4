import { readNetworkConfig } from './config';
import { stripJson, type Stripped } from './strip';

const comparable = (config: string, resourceName: string | null): string =>
  JSON.stringify(readNetworkConfig(config, resourceName), (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );

/** The config with the fewest values that still reads the same. */
export function stripConfig(config: string, resourceName: string | null): Stripped {
  if (config === '') return { text: '', dropped: [], isCut: false };
  const whole = comparable(config, resourceName);
  return stripJson(config, (candidate) => comparable(candidate, resourceName) === whole);
}
