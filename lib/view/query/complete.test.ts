import { expect, test } from 'vitest';
import { GOLDEN_CLUSTERS } from '../../../e2e/testing/golden-clusters';
import { complete } from './complete';
import { parseQuery } from './parse';

const source = GOLDEN_CLUSTERS.telco().build();
const KNOWN = {
  namespaces: new Map([
    ['core', 2],
    ['kube-system', 1],
  ]),
  labels: new Set(['app=web', 'app.kubernetes.io/name=web', 'team=core']),
};
const labels = (text: string, caret = text.length): readonly string[] =>
  complete(text, caret, source, KNOWN).map(({ label }) => label);

test.each<[text: string, found: readonly string[]]>([
  ['no', ['node', 'node:']],
  ['eni ma', ['mac:', 'managed:'].slice(0, 2)],
  ['subnet ma', []],
  ['-ma', ['-mac:', '-managed:']],
  ['managed:', ['yes', 'no', 'unknown']],
  ['-managed:n', ['-no', '-unknown']],
  ['state:warm,co', ['cooling']],
  ['ns:k', ['kube-system']],
  ['label:we', ['app.kubernetes.io/name=web', 'app=web']],
  ['pod -label:team', ['-team=core']],
  ['upf net:n', ['core/n6']],
  ['finding:err', ['error']],
  ['room:', []],
  ['"a b', []],
  ['10.0', []],
])('%s', (text, found) => expect(labels(text)).toEqual(found));

test('an accepted completion replaces the typed part and keeps the rest', () => {
  const [taken] = complete('ns:core managed:n upf', 'ns:core managed:n'.length, source);
  expect(taken).toMatchObject({ text: 'ns:core managed:no  upf', caret: 'ns:core managed:no '.length });
});

test('an example is a valid query', () => {
  const aboutOf = (text: string) => complete(text, text.length, source)[0]?.about;
  expect(aboutOf('node roo')).toBe('how many more pods can get an address, as in room:0');
  expect(aboutOf('node fre')).toMatch(/, as in free<\d/);
});

test('every key offered for a kind is valid for it', () => {
  for (const kind of ['eni', 'node', 'pod', 'subnet', 'network', 'finding', 'interface'])
    for (const { text, about } of complete(`${kind} `, kind.length + 1, source)) {
      const example = /as in (\S+)$/.exec(about)?.[1] ?? '';
      expect([text, parseQuery(`${kind} ${example}`).problem]).toEqual([text, null]);
    }
});
