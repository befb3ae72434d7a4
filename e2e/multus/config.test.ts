// `spec.config` of a NetworkAttachmentDefinition against Multus and the CNI library that receives the config from it:
// the same configs are rejected, with the same message.
import { describe, expect, it } from 'vitest';
import { readNetworkConfig } from '../../lib/cni/config';
import { ask, type Answer } from './ask';
import { configs } from './generate';

interface Loaded {
  readonly name: string;
  readonly cniVersion: string;
  readonly types: readonly string[];
}

const askAll = (texts: readonly string[]): readonly Answer<Loaded>[] =>
  ask<Loaded>(texts.map((text) => ({ ask: 'config', text, namespace: 'shop' })));

/**
 * Configs that only we reject: Multus panics, or accepts a chain without plugins, which has no effect on the pod.
 * Versions under `cniVersions` and `loadOnlyInlinedPlugins` are not compared.
 */
const OURS_ALONE = /on which Multus crashes$|libcni requires this spelling, in lower case$/;
const NOT_JUDGED = /loadOnlyInlinedPlugins/;

function compare(text: string, real: Answer<Loaded>): void {
  const network = readNetworkConfig(text, null);
  // If Multus accepts the config, `error` may come from a plugin.
  const error = network.state === 'invalid' ? network.error : null;
  if ('panic' in real) {
    expect(error).toMatch(/on which Multus crashes$/);
  } else if ('error' in real) {
    if (NOT_JUDGED.test(real.error)) return;
    expect(error).toBe(real.error);
  } else if (error === null) {
    expect({ types: network.plugins, name: network.name }).toEqual({
      types: real.value.types,
      name: real.value.name === 'n' || real.value.name === '' ? null : real.value.name,
    });
    expect(network.cniVersion ?? '').toBe(real.value.cniVersion);
  } else {
    expect(error).toMatch(OURS_ALONE);
    expect(real.value.types).toEqual([]);
  }
}

describe('random configs', () => {
  it.each([1, 2])('seed %i: 6,000 texts', (seed) => {
    const texts = Array.from({ length: 6000 }, configs(seed)).filter((text) => text !== '');
    const answers = askAll(texts);
    const count = { taken: 0, refused: 0, died: 0 };
    const wrong = texts.flatMap((text, i) => {
      const answer = answers[i];
      if (answer === undefined) throw new Error('no answer');
      count['value' in answer ? 'taken' : 'error' in answer ? 'refused' : 'died']++;
      try {
        compare(text, answer);
        return [];
      } catch (error) {
        const { plugins, name, cniVersion, error: said } = readNetworkConfig(text, null);
        return [
          { text, multus: answer, ours: { plugins, name, cniVersion, said }, error: String(error).slice(0, 200) },
        ];
      }
    });
    expect(wrong.slice(0, 4)).toEqual([]);
    expect(wrong).toHaveLength(0);
    expect(count.taken).toBeGreaterThan(300);
    expect(count.refused).toBeGreaterThan(1000);
    expect(count.died).toBeGreaterThan(20);
  });
});
