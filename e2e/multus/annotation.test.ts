// The annotation `k8s.v1.cni.cncf.io/networks` against Multus itself: what it takes we take, field by field; what it
// refuses we refuse, with its message; where it dies we refuse.
import { describe, expect, it } from 'vitest';
import {
  parseNetworksAnnotation,
  parsePodNetworkAnnotation,
  type SelectionElement,
} from '../../lib/cni/multus/networks';
import { ask, type Answer } from './ask';
import { annotations } from './generate';

const NAMESPACE = 'shop';

type Real = Omit<SelectionElement, 'interfaceRequest'> & {
  readonly addresses: readonly string[];
  readonly hardware: string;
};

const askAll = (texts: readonly string[]): readonly Answer<readonly Real[]>[] =>
  ask<readonly Real[]>(texts.map((text) => ({ ask: 'networks', text, namespace: NAMESPACE })));

const without = (object: object, keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** What we say, in the words of the real one; its death is ours to refuse. */
function compare(text: string, real: Answer<readonly Real[]>): void {
  const ours = parsePodNetworkAnnotation(text, NAMESPACE);
  if ('panic' in real) {
    expect(real.panic).toBe('runtime error: invalid memory address or nil pointer dereference');
    expect(ours).toEqual({ error: expect.stringMatching(/element \d+ is null, on which Multus crashes$/) as unknown });
    return;
  }
  if ('error' in real) {
    expect(ours).toEqual({ error: real.error });
    return;
  }
  if ('error' in ours) throw new Error(`Multus takes it; we say: ${ours.error}`);
  expect(ours.elements.map((element) => without(element, ['interfaceRequest']))).toEqual(
    real.value.map((element) => ({
      ...without(element, ['addresses', 'hardware']),
      'default-route': element['default-route']?.map((gateway) => (gateway === '' ? null : gateway)) ?? null,
    })),
  );
  const { annotation, selections } = parseNetworksAnnotation(text, NAMESPACE);
  expect(annotation).toEqual({ state: 'valid', error: null });
  expect(selections.map(({ ips, mac }) => ({ ips, mac }))).toEqual(
    real.value.map(({ addresses, hardware }) => ({ ips: addresses, mac: hardware === '' ? null : hardware })),
  );
}

function compareAll(texts: readonly string[]): { taken: number; refused: number; died: number } {
  const answers = askAll(texts);
  const count = { taken: 0, refused: 0, died: 0 };
  const wrong: unknown[] = [];
  for (const [i, text] of texts.entries()) {
    const answer = answers[i];
    if (answer === undefined) throw new Error('no answer');
    count['value' in answer ? 'taken' : 'error' in answer ? 'refused' : 'died']++;
    try {
      compare(text, answer);
    } catch (error) {
      wrong.push({
        text,
        multus: answer,
        ours: parsePodNetworkAnnotation(text, NAMESPACE),
        error: String(error).slice(0, 300),
      });
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(wrong).toHaveLength(0);
  return count;
}

describe('annotations made by chance', () => {
  it.each([1, 2, 3, 4])('seed %i: 10,000 texts', (seed) => {
    const make = annotations(seed);
    const count = compareAll(Array.from({ length: 10_000 }, make).filter((text) => text !== ''));
    // The generator reaches all three ends, not just one of them.
    expect(count.taken).toBeGreaterThan(1500);
    expect(count.refused).toBeGreaterThan(1500);
    expect(count.died).toBeGreaterThan(5);
  });
});
