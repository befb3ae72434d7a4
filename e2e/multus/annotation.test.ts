// Compares our reading of `k8s.v1.cni.cncf.io/networks` with Multus itself: we accept what it accepts, field by field,
// and reject what it rejects, with its message; where it panics we reject.
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

/** Our result in the form of Multus' answer; a panic counts as a rejection. */
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

describe('random annotations', () => {
  it.each([1, 2, 3, 4])('seed %i: 10,000 texts', (seed) => {
    const make = annotations(seed);
    const count = compareAll(Array.from({ length: 10_000 }, make).filter((text) => text !== ''));
    // The generator must produce all three outcomes.
    expect(count.taken).toBeGreaterThan(1500);
    expect(count.refused).toBeGreaterThan(1500);
    expect(count.died).toBeGreaterThan(5);
  });
});

/** Cases that the generator may miss: every line of multus §1.2–1.3, and long or deeply nested texts. */
const BY_HAND: readonly string[] = [
  // 1, 4: nothing, blanks, empty items
  ...['[]', ' ', '\n', ',', ',,', 'a,', 'a,,b', 'ns/', '/', '@', '/@', 'ns/@if', 'a@', ' , '],
  // 2: texts that count as JSON, and invalid JSON
  ...['a[', 'a{', 'a"b"', '{"name":"a"}', '"a"', '[', '{', '"', '[1]', '["a"]', '[[]]', '[true]', ' [] ', '\n[{}]\n'],
  ...['[{"name":"a"},]', '[{"name":“a”}]', '[{"name":"a"} // x\n]', '[{name: a}]', "[{'name':'a'}]", '- name: "a"'],
  ...[
    '\ufeff[]',
    '[]\ufeff',
    '\u00a0[]',
    '[]\u0000',
    '\u0000[]',
    '[]x',
    '[] []',
    '[}',
    '[{]}',
    '{"a":1]',
    'null"',
    '[nul]',
  ],
  // 3: separators and blanks
  ...[
    'ns / name @ if',
    'a/b/c',
    'a/b/c/d',
    'a@b@c',
    'a@b/c',
    'a/b@c',
    ' ns/a ,\n b@x ',
    'a\n,\nb',
    'a;b',
    'a b',
    '\ta\t',
  ],
  ...['\u2003a\u3000', '\u0085a', '\u200ba', '\ufeffa', '\u180ea', 'a\u00a0/\u00a0b', '\u2028a\u2029'],
  // 5, 6: labels and interface names
  ...['A', 'a.b', 'a_b', '-a', 'a-', 'a--b', '0', 'ä', 'a'.repeat(300), 'ns./a', 'Ns/a', 'a%sb', "a'b", 'null', 'true'],
  ...[
    'a@Net_1.5',
    'a@abcdefghijklmno',
    'a@abcdefghijklmnop',
    'a@äääääää',
    'a@ääääääää',
    'a@a b',
    'a@a\tb',
    'a@a\u00a0b',
    'a@..',
  ],
  // 7, 8: names in JSON
  ...[
    '[{"name":"ns/a"}]',
    '[{"name":"A_b.c"}]',
    '[{"name":""}]',
    '[{}]',
    '[{"namespace":"x"}]',
    '[{"interface":"much-too-long-for-it"}]',
  ],
  '[{"interface":"a","interfaceRequest":"b"}]',
  '[{"interface":"","interfaceRequest":"b"}]',
  // 9: addresses and MACs
  ...[
    'aa-bb-cc-dd-ee-ff',
    'aabb.ccdd.eeff',
    'AA:BB:CC:DD:EE:FF',
    '02:00:00:00:00',
    'x',
    '0',
    '254',
    ' 02:00:00:00:00:01',
  ].flatMap((mac) => [JSON.stringify([{ mac }]), JSON.stringify([{ 'infiniband-guid': mac }])]),
  ...[
    '10.0.0.1',
    '10.0.0.1/24',
    '10.0.0.1/33',
    '010.0.0.1',
    '::',
    '::1/64',
    '::1.2.3.4',
    '1.2.3.4%eth0',
    'fe80::1%eth0',
    '',
    '/',
  ].flatMap((ip) => [JSON.stringify([{ ips: [ip] }]), JSON.stringify([{ 'default-route': [ip] }])]),
  '[{"ips":["x\\ny\\"\\u0001\\u00e9\\u200b\\ud83d\\ude00"]}]',
  // 10, and checks before and after it
  ...['[null]', '[{"mac":"x"},null]', '[null,{"mac":"x"}]', '[null,1]', '[{"name":1},null]'],
  // keys that Multus does not define (§1.3)
  '[{"name":"a","device-id":1,"ipam-claim-reference":[],"deviceid":"x","DEVICEID":"y","comment":{}}]',
  '[{"name":"a","cni-args":{"master":["ens6"]},"cni-args":null}]',
  '[{"bandwidth":null,"portMappings":null,"ips":null,"default-route":null,"cni-args":null,"mac":null}]',
  '[{"portMappings":[null]},{"default-route":[]},{"default-route":[""]},{"default-route":{}}]',
  // long and deeply nested
  `[${'['.repeat(9_998)}${']'.repeat(9_998)}]`,
  `[${'['.repeat(9_999)}${']'.repeat(9_999)}]`,
  `[${'['.repeat(10_000)}${']'.repeat(10_000)}]`,
  `[{"unknown":${'[{"a":'.repeat(4_000)}1${'}]'.repeat(4_000)}}]`,
  `[{"cni-args":{"x":${'['.repeat(500)}${']'.repeat(500)}}}]`,
  '['.repeat(200_000),
  `[{"name":"${'a'.repeat(300_000)}"}]`,
  Array.from({ length: 9_999 }, (_, i) => `n${i}`).join(','),
  JSON.stringify(Array.from({ length: 5_000 }, (_, i) => ({ name: `n${i}`, ips: [`10.0.${i >> 8}.${i & 255}/16`] }))),
];

it.each(BY_HAND.map((text) => [text.slice(0, 80), text] as const))('%j', (_, text) => {
  const [answer] = askAll([text]);
  if (answer === undefined) throw new Error('no answer');
  compare(text, answer);
});

it('deliberately rejects more networks than any pod can have', () => {
  const text = Array.from({ length: 10_001 }, () => 'a').join(',');
  expect(askAll([text])[0]).toHaveProperty('value.length', 10_001);
  expect(parsePodNetworkAnnotation(text, NAMESPACE)).toEqual({
    error: 'parsePodNetworkAnnotation: more than 10000 networks are asked for, which no pod can have',
  });
});
